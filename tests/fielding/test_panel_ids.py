"""A panel's ids: kept as configured, told to the panel, and beside answers only of those who allowed it."""

import csv
import io
from pathlib import Path

import pytest

from analysis import cli
from questionnaire.exchange.panel_ids import panel_csv
from questionnaire.exchange.table import answers_table
from questionnaire.loading import parse_study
from questionnaire.request import Request
from questionnaire.service import Fielding
from questionnaire.storage import connect

SOCIAL = Path(__file__).parents[2] / "data/studies/social_capital.yaml"
SENT_ON = """
panel: [PROLIFIC_PID, STUDY_ID]
redirect: "https://panel.example/done?cc=ABC"
screened_out_redirect: "https://panel.example/out?id={PROLIFIC_PID}"
quota_full_redirect: "https://panel.example/full?s={SESSION}"
quotas: [{name: nobody, target: 1, where: {adult: [yes]}}]
"""


@pytest.fixture
def text():
    return SOCIAL.read_text(encoding="utf-8") + SENT_ON


@pytest.fixture
def fielding(text, url):
    opened = Fielding(parse_study(text, "study"), text, connect(url))
    opened.open()
    yield opened
    opened.storage.close()


def come(fielding, number, level, **panel):
    request = Request(f"submit-{number:04d}", "consent", level=level, language="en", panel=panel)
    return fielding.consent(request).token


def first_page(fielding, number, token, **chosen):
    shown = fielding.see(token)
    given = {e["code"]: chosen.get(e["code"], e["options"][0]["value"]) for e in shown["entries"]}
    step = Request(f"answer-{number:04d}", "answers", base_version=1, page=0, answers=given)
    fielding.step(token, step)
    return fielding.see(token)


def rows(text):
    return list(csv.DictReader(io.StringIO(text.removeprefix("\ufeff"))))


def test_everyone_is_sent_on_where_they_belong(fielding):
    sent = {"PROLIFIC_PID": "p1", "SESSION": "a b", "OTHER": "secret"}
    tokens = [come(fielding, n, 0, **sent) for n in range(3)]
    assert dict(fielding.storage.load(tokens[0]).progress.panel) == {"PROLIFIC_PID": "p1", "SESSION": "a b"}
    first_page(fielding, 0, tokens[0])
    full = first_page(fielding, 1, tokens[1])
    assert (full["kind"], full["redirect"]) == ("screened_out", "https://panel.example/full?s=a%20b")
    out = first_page(fielding, 2, tokens[2], adult="no")
    assert (out["kind"], out["redirect"]) == ("screened_out", "https://panel.example/out?id=p1")


def test_ids_stand_beside_answers_only_where_re_contact_was_allowed(fielding):
    for level in range(4):
        come(fielding, level, level, PROLIFIC_PID=f"=p{3 - level}")
    come(fielding, 9, 3)
    stored = fielding.storage.respondents()
    plain = answers_table(fielding.study, stored)
    assert not [name for name in plain.columns if name.startswith("panel_")]
    table = answers_table(fielding.study, stored, with_panel_ids=True)
    assert table["panel_PROLIFIC_PID"].fillna("").tolist() == ["", "", "=p1", "=p0", ""]


def test_the_panel_hears_of_everyone_and_nothing_that_leads_to_their_answers(fielding):
    tokens = [come(fielding, n, n, PROLIFIC_PID=f"=p{3 - n}") for n in range(4)]
    come(fielding, 9, 3)
    fielding.step(tokens[0], Request("withdraw-1", "withdraw"))
    text, count = panel_csv(fielding.storage, fielding.study.code)
    assert count == 3
    # In the order of ids, not of arrival; what a spreadsheet would run is made harmless.
    assert [row["PROLIFIC_PID"] for row in rows(text)] == ["'=p0", "'=p1", "'=p2"]
    assert {tuple(row) for row in rows(text)} == {("PROLIFIC_PID", "wave", "status")}
    pseudonyms = [one.respondent for one in fielding.storage.respondents()]
    assert not any(name in text for name in pseudonyms)


def test_the_commands(text, tmp_path, capsys):
    path, database = tmp_path / "study.yaml", f"sqlite:///{tmp_path}/a.sqlite"
    path.write_text(text, encoding="utf-8")

    def run(*words):
        assert cli.main([*words[:2], str(path), "--db", database, *words[2:]]) == 0
        return capsys.readouterr().out

    said = run("field", "open", "--stop-n", "9")
    assert "newcomers end when 9 have finished" in said
    assert "otherwise than in the study file: stop_n: 9; the study file says nothing" in said
    changed = run("field", "quota", "--cell", "nobody", "--target", "7")
    assert "file: quota nobody: 7; the study file says 1, adult=yes" in changed
    assert "file: quota nobody" not in run("field", "quota", "--from-file")
    store = connect(database)
    come(Fielding(parse_study(text, "study"), text, store), 1, 2, PROLIFIC_PID="p1")
    store.close()
    assert "1 respondents who came" in run("field", "panel", "--to", str(tmp_path / "p.csv"))
    assert rows((tmp_path / "p.csv").read_text("utf-8"))[0]["PROLIFIC_PID"] == "p1"
    words = ["export", str(path), "--db", database, "--panel-ids", "--to", str(tmp_path / "a.csv")]
    assert cli.main(words) == 0
    assert rows((tmp_path / "a.csv").read_text("utf-8"))[0]["panel_PROLIFIC_PID"] == "p1"
