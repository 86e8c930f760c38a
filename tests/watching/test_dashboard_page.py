"""The dashboard's page over a real store."""

from dataclasses import replace
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from analysis.reporting.field_comparability import FieldComparability
from questionnaire import journey
from questionnaire.access.roles import Permission
from questionnaire.admission.quota import claim
from questionnaire.journey import Status
from questionnaire.loading import load_study
from questionnaire.pages import dashboard
from questionnaire.pages.dashboard_words import WORDS
from questionnaire.recruitment import Cell
from questionnaire.storage import Stored, StoredStudy, Submission, connect

PATH = Path(__file__).parents[2] / "data" / "studies" / "social_capital.yaml"
STUDY = load_study(PATH)
NOW = "2026-01-01T00:00:00.000Z"
FINISHED, UNDER_WAY = 30, 3
CELL = Cell("douyin", 40, {"platform": ("douyin",)})
LOOK_SECONDS = 60
"""A look takes a second; a machine that runs other tests beside it may take many times that."""


@pytest.fixture(scope="module")
def database(tmp_path_factory):
    url = f"sqlite:///{tmp_path_factory.mktemp('field')}/field.sqlite"
    storage = connect(url)
    text = PATH.read_text(encoding="utf-8")
    storage.add_study(StoredStudy(STUDY.content_hash, STUDY.code, STUDY.version, STUDY.plan_hash, text, NOW))
    storage.field.put_cell(STUDY.code, CELL)
    for number in range(FINISHED + UNDER_WAY):
        begun = journey.begin(STUDY, form="long", language="en", seed=number)
        asked = journey.consent(STUDY, begun, 0)
        token = f"t{number}"
        start = Submission(f"s{number}", 0, "consent", received_at=NOW)
        storage.start(Stored(token, f"r{number}", asked, NOW, NOW), start)
        if number < FINISHED:
            answers = {code: 1 + (place + number) % 7 for place, code in enumerate(STUDY.items)}
            done = replace(asked, status=Status.FINISHED, answers=answers | {"platform": "douyin"}, version=2)
            step = Submission(f"e{number}", 1, "all", answers, {}, NOW)
            storage.submit(token, step, done, claim=claim(STUDY.code, (CELL,), done, NOW))
    storage.close()
    return url


@pytest.fixture(autouse=True)
def here(monkeypatch):
    """The page's test is its own main module, which a fresh process would run again: no process here."""
    monkeypatch.setattr(dashboard, "in_own_process", lambda function, *args: function(*args))
    noted = []
    monkeypatch.setattr(dashboard, "may", lambda site, permission: True)
    monkeypatch.setattr(dashboard, "note", lambda *entry: noted.append(entry))
    return noted


def page(url):
    from analysis.pipeline.field_flags import field_flags
    from analysis.reporting.field_comparability import field_comparability
    from questionnaire.pages import dashboard
    from questionnaire.web.site import open_site, publish

    site = open_site(url, (), "127.0.0.1")
    publish(site)  # What is asked for is written in the audit log of the site that is served.
    dashboard.render(site, field_flags, field_comparability)


def test_counts_means_and_flags(database, here):
    shown = AppTest.from_function(page, args=(database,), default_timeout=LOOK_SECONDS).run()
    assert not shown.exception
    assert [metric.value for metric in shown.metric] == ["33", "30", "3", "0", "0", "0"]
    assert WORDS["en"]["not_comparable"] in [warning.value for warning in shown.warning]
    pressed(shown, "flags_ask").click().run()
    levels, indices = (table.value for table in shown.table)
    assert levels.iloc[0]["Kept"] == FINISHED
    assert set(indices.columns) >= {"Index", "Flagged", "Judged"}
    assert here == [("analysis", STUDY.code, "field dashboard: flags")]


def test_who_may_not_read_answers_sees_counts_and_no_means(database, here, monkeypatch):
    """Two looks, with a respondent between them, would give that one's answers away."""
    monkeypatch.setattr(dashboard, "may", lambda site, permission: permission is not Permission.READ_ANSWERS)
    drawn = []
    for name in ("means", "drift", "balance"):
        if hasattr(dashboard.charts, name):
            monkeypatch.setattr(dashboard.charts, name, lambda *_, name=name: drawn.append(name))
    shown = AppTest.from_function(page, args=(database,), default_timeout=LOOK_SECONDS).run()
    assert not shown.exception
    assert [metric.value for metric in shown.metric] == ["33", "30", "3", "0", "0", "0"]
    assert WORDS["en"]["means_withheld"] in [caption.value for caption in shown.caption]
    headings = [header.value for header in shown.header]
    assert not {WORDS["en"][key] for key in ("means", "charts", "flags")} & set(headings)
    assert not shown.button
    assert drawn == []
    assert here == []


def pressed(shown, key):
    return next(button for button in shown.button if button.label == WORDS["en"][key])


def test_quotas_are_shown_as_they_fill(database):
    shown = AppTest.from_function(page, args=(database,), default_timeout=LOOK_SECONDS).run()
    (row,) = shown.dataframe[0].value.to_dict("records")
    assert (row["Cell"], row["Target"], row["Finished"], row["Left"]) == ("douyin", 40, 30, 10)


def test_the_label_of_the_means_follows_from_invariance(database):
    """Thirty finished answers of one group compare nothing, and the label says why."""
    shown = AppTest.from_function(page, args=(database,), default_timeout=LOOK_SECONDS).run()
    pressed(shown, "compare_ask").click().run()
    assert not shown.exception
    warned = [warning.value for warning in shown.warning]
    assert WORDS["en"]["not_comparable"] not in warned
    assert any("may not be compared: fewer than two groups have 200" in text for text in warned)


@pytest.mark.parametrize(
    ("found", "says"),
    [
        (FieldComparability(500, True, (), ""), "The means may be compared: answers mean the same"),
        (FieldComparability(500, True, ("CSV~1",), ""), "but for what differs between groups: CSV~1"),
    ],
)
def test_comparable_means_are_called_so(database, monkeypatch, found, says):
    monkeypatch.setattr("analysis.reporting.field_comparability.field_comparability", lambda *_: found)
    shown = AppTest.from_function(page, args=(database,), default_timeout=LOOK_SECONDS).run()
    pressed(shown, "compare_ask").click().run()
    assert any(says in success.value for success in shown.success)


def test_a_lost_database_is_said_plainly():
    def lost():
        from types import SimpleNamespace

        from questionnaire.loading import load_study
        from questionnaire.pages import dashboard
        from questionnaire.web.site import STUDIES

        study = load_study(STUDIES / "tea_breaks.yaml")
        fieldings = {study.code: SimpleNamespace(study=study)}
        site = SimpleNamespace(database="postgresql://nobody@127.0.0.1:1/nothing", fieldings=fieldings)
        dashboard.render(site, None, None)

    shown = AppTest.from_function(lost, default_timeout=LOOK_SECONDS).run()
    assert not shown.exception
    assert "out of reach" in shown.error[0].value
