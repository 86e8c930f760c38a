"""What a viewer sees of live answers: results about groups, nothing that leads to one person, no files."""

import json
import re
from dataclasses import replace
from pathlib import Path

import pandas as pd
import pytest
from people import session
from simulated_store import store_simulated
from streamlit.testing.v1 import AppTest

from analysis.pages import bench, work
from analysis.pages.sources import STEP, LiveGroups, in_steps
from analysis.pages.words import words
from analysis.pipeline import analyse
from analysis.pipeline.result import GroupComparison, VerdictRow
from analysis.reporting import for_viewers as viewers
from analysis.reporting.compose import compose
from analysis.reporting.document import Section, Table
from analysis.reporting.for_viewers import SMALLEST_CELL, WITHHELD, TooFewError, for_viewers
from analysis.synergy.group_paths import GroupPaths
from analysis.unavailable import Unavailable
from questionnaire.access.roles import Role
from questionnaire.loading import load_study
from questionnaire.storage import connect
from questionnaire.web import site as site_module
from questionnaire.web.site import open_site, publish

PATH = Path(__file__).parents[2] / "data" / "studies" / "tea_breaks.yaml"
STUDY = load_study(PATH)
FINISHED = 157
SECONDS = 120


@pytest.fixture(scope="module")
def database(tmp_path_factory):
    url = f"sqlite:///{tmp_path_factory.mktemp('viewers')}/answers.sqlite"
    store_simulated(url, PATH, FINISHED)
    return url


@pytest.fixture(scope="module")
def result(database):
    return analyse(STUDY, LiveGroups(database).table(STUDY), seed=1)


def everything(document):
    return json.dumps(
        [
            [s.paragraphs, [c.detail for c in s.cards], [[*t.rows, t.note] for t in s.tables]]
            for s in document
        ],
        ensure_ascii=False,
    )


@pytest.mark.parametrize(("finished", "counted"), [(0, 0), (9, 0), (10, 10), (19, 10), (20, 20), (157, 150)])
def test_results_move_on_in_steps(finished, counted):
    assert in_steps(finished) == counted
    assert STEP == 10


def test_the_first_to_finish_are_counted_and_a_further_one_changes_nothing(database, tmp_path):
    table = LiveGroups(database).table(STUDY)
    assert len(table) == 150
    more = f"sqlite:///{tmp_path}/more.sqlite"
    store_simulated(more, PATH, FINISHED)
    storage = connect(more)
    last = sorted(storage.respondents(), key=lambda one: (one.finished_at, one.respondent))[150:]
    storage.close()
    assert not {one.respondent for one in last} & set(LiveGroups(more).table(STUDY)["respondent"])


def test_only_what_is_listed_is_shown(result):
    document = for_viewers(result, "en")
    whole = {section.key: section for section in compose(result, "en").sections}
    for section in document.sections:
        assert section.key in viewers.SHOWN
        for table in section.tables:
            assert viewers._listed(table.key, viewers.SHOWN[section.key])
            assert len(table.columns) == len(table.numeric) == len(table.rows[0])
    assert {"verdicts", "results", "structure", "measurement"} <= {s.key for s in document.sections}
    # What leads to single respondents is in the whole report and not here.
    hidden = {"data", "findings", "checklist", "necessity", "invariance"}
    assert hidden & set(whole)
    assert not hidden & {section.key for section in document.sections}
    keys = {table.key for section in document.sections for table in section.tables}
    assert not keys & {"items", "johnson_neyman", "flow", "levels", "indices", "sensitivity", "failed_models"}
    figures = {figure.key for section in document.sections for figure in section.figures}
    assert "likert" not in figures


@pytest.mark.parametrize("language", ["en", "zh-CN"])
def test_a_small_group_is_named_nowhere(result, language):
    reason = "fewer than two groups have 200 respondents (large 550, very_rare_group 8)"

    def told(row: VerdictRow):
        return replace(row, reason=reason, estimate=None)

    small = replace(
        result,
        verdicts=tuple(told(row) for row in result.verdicts),
        group_comparisons=(GroupComparison("H1", "size", "M1", Unavailable(reason)),),
    )
    assert "very_rare_group" in everything(compose(small, language).sections)
    shown = everything(for_viewers(small, language).sections)
    assert "very_rare_group" not in shown
    assert "550" not in shown
    assert (WITHHELD in shown) == (language == "en")


@pytest.mark.parametrize(("smallest", "shown"), [(SMALLEST_CELL - 1, False), (SMALLEST_CELL, True)])
def test_groups_of_a_few_are_not_compared(smallest, shown):
    paths = pd.DataFrame({"group": ["a", "b"], "n": [300, smallest]})
    found = GroupPaths.__new__(GroupPaths)
    object.__setattr__(found, "paths", paths)
    kept = viewers._comparison(GroupComparison("H1", "size", "M1", found)).found
    assert isinstance(kept, GroupPaths) == shown


def test_rows_about_too_few_and_columns_of_remarks_go():
    rows = (("a", "9", "x"), ("b", "10", "y"), ("c", "1,200", "z"), ("d", "–", ""))
    table = Table("fit", "", ("Model", "n", "Remark"), rows, (False, True, False))
    section = viewers._shown(
        Section("structure", "", tables=(table,)), frozenset({"Remark"}), frozenset({"n"})
    )
    assert section.tables[0].columns == ("Model", "n")
    assert [row[0] for row in section.tables[0].rows] == ["b", "c", "d"]


def test_fewer_than_thirty_have_no_results(result):
    few = replace(result, flow=(replace(result.flow[-1], n=viewers.FEWEST - 1),))
    with pytest.raises(TooFewError):
        for_viewers(few, "en")


def test_how_many_were_set_aside_is_not_said(result):
    document = for_viewers(result, "en")
    assert str(result.flow[-1].n) in document.subtitle
    assert "read" not in document.subtitle


def test_no_pseudonym_leaves_the_worker(database):
    storage = connect(database)
    everyone = {one.respondent for one in storage.respondents()}
    storage.close()
    text = PATH.read_text("utf-8")
    documents = work.group_results(text, LiveGroups(database), 1, lambda share, doing: None)
    assert set(documents) == {"en", "zh-CN"}
    for document in documents.values():
        assert not everyone & set(re.findall(r"[\w-]+", everything(document.sections)))


class AtOnce:
    """Does the work in this process, and remembers for what it was asked."""

    def __init__(self):
        self.work, self.done = [], {}

    def ask(self, key, work, *args):
        from analysis.jobs import Job, State

        self.work.append(work.__name__)
        if key not in self.done:
            self.done[key] = Job(None, State.DONE, 1.0, "", work(*args, lambda share, doing: None))
        return self.done[key]

    def forget_failure(self, key):
        """Nothing fails here."""


@pytest.fixture
def page(database, monkeypatch):
    site = open_site(database, (PATH,), "127.0.0.1")
    publish(site)
    desk = AtOnce()
    monkeypatch.setattr(bench, "desk", lambda: desk)
    downloads = []
    monkeypatch.setattr("streamlit.download_button", lambda *given, **_: downloads.append(given))

    def look(role):
        context, cookies = "streamlit.runtime.context.ContextProxy", {"synergy_session": cookie(role)}
        monkeypatch.setattr(f"{context}.cookies", property(lambda _: cookies))
        monkeypatch.setattr(f"{context}.headers", property(lambda _: {"Host": "survey.example"}))
        return shown.run()

    def cookie(role):
        return session(site.access, role)

    def script():
        from analysis.pages import workbench

        workbench.render()

    shown = AppTest.from_function(script, default_timeout=SECONDS)
    look.site, look.desk, look.downloads, look.page = site, desk, downloads, shown
    yield look
    site_module._current.clear()


SAY = words("en")


def view(page, name):
    page.session_state["page"] = name
    page.session_state["page in en"] = name
    page.run()
    assert not page.exception
    return page


def test_a_viewer_reads_the_report_and_nothing_else(page):
    shown = page(Role.VIEWER)
    assert not shown.exception
    (source,) = shown.radio
    assert source.options == [SAY("live_groups", n=150)]
    source.set_value("groups").run()
    next(one for one in shown.button if one.label == SAY("analyse")).click().run()
    assert not shown.exception
    assert [one.value for one in shown.success] == [SAY("groups_ready")]
    last = page.site.access.store.entries(1)[0]
    assert (last.action, last.study, last.detail) == ("analysis", STUDY.code, "results about groups")
    for name in ("screening", "measurement", "structure", "synergy", "lab"):
        view(shown, name)
        assert SAY("groups_elsewhere") in [one.value for one in shown.info]
        assert not shown.dataframe
        assert not shown.table
    view(shown, "report")
    assert "Verdicts" in [one.value for one in shown.subheader]
    assert set(page.desk.work) == {"group_results"}
    assert page.downloads == []


def test_what_an_analyst_chose_is_not_the_viewers(page):
    """The same browser session, after the account has become a viewer's."""
    shown = page(Role.ANALYST)
    shown.radio[0].set_value("live").run()
    assert shown.session_state[f"chosen {STUDY.content_hash}"] is not None
    view(shown, "screening")
    page(Role.VIEWER)
    assert shown.session_state[f"chosen {STUDY.content_hash}"] is None


def test_nobody_without_an_account_is_offered_them(page, monkeypatch):
    monkeypatch.setenv("SYNERGY_DEMO", "1")
    cookies = property(lambda _: {})
    shown = page.page
    monkeypatch.setattr("streamlit.runtime.context.ContextProxy.cookies", cookies)
    monkeypatch.setattr("streamlit.runtime.context.ContextProxy.headers", property(lambda _: {}))
    shown.run()
    assert all(SAY("live_groups", n=150) not in one.options for one in shown.radio)
