"""``synergy field`` from opening to reminders, and the report's word on the plan."""

import csv
import hashlib
from pathlib import Path

import pytest

from analysis import cli
from questionnaire.loading import load_study
from questionnaire.request import Request
from questionnaire.service import Fielding
from questionnaire.storage import connect

TEA = str(Path(__file__).parents[2] / "data/studies/tea_breaks.yaml")

SOCIAL = Path(TEA).with_name("social_capital.yaml")


def test_a_study_goes_through_its_field_time(field, tmp_path):
    assert "never opened" in field("status")
    assert "never opened" in field("close", code=1)
    assert "open, first opened" in field("open", "--access", "invitation", "--stop-n", "100")
    links = tmp_path / "links.csv"
    assert "3 personal links" in field("invite", "--count", "3", "--to", str(links))
    assert links.stat().st_mode & 0o077 == 0
    rows = list(csv.DictReader(links.read_text(encoding="utf-8-sig").splitlines()))
    assert [row["number"] for row in rows] == ["1", "2", "3"]
    assert all("/s/tea_breaks?i=" in row["address"] for row in rows)
    assert "3 unused" in field("status")
    assert "3 invitations" in field("remind", "--to", str(tmp_path / "remind.csv"))
    assert "quota all: 0 finished, 0 held, 5 left" in field("quota", "--cell", "all", "--target", "5")
    assert "quota" not in field("quota", "--cell", "all", "--target", "0")
    assert "closed 2" in field("close")


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["open", "--stop-at", "soon"], "2026-01-31"),
        (["open", "--full-redirect", "javascript:x"], "https"),
        (["quota", "--cell", "c", "--target", "1", "--where", "nothing=x"], "no choice question"),
    ],
)
def test_what_cannot_be_is_said(field, words, said):
    assert said in field(*words, code=1)


def test_a_batch_that_fails_leaves_no_file(field, tmp_path):
    field("invite", "--count", "0", "--to", str(tmp_path / "links.csv"), code=1)
    assert not (tmp_path / "links.csv").exists()
    field("invite", "--to", str(tmp_path / "links.csv"), code=1)


def test_analyse_refuses_a_store_that_knows_no_plan(tmp_path, capsys):
    answers = tmp_path / "answers.csv"
    assert cli.main(["simulate", TEA, "--n", "30", "--seed", "1", "--out", str(answers)]) == 0
    database = f"sqlite:///{tmp_path}/a.sqlite"
    assert cli.main(["analyse", TEA, str(answers), "--out", str(tmp_path / "o"), "--db", database]) == 1
    assert "never opened" in capsys.readouterr().err


@pytest.mark.parametrize(("level", "kept"), [(0, 3), (1, 2), (2, 1), (3, 0)])
def test_an_export_holds_only_those_who_agreed_to_that_use(level, kept, tmp_path, capsys):
    database = f"sqlite:///{tmp_path}/a.sqlite"
    study = load_study(SOCIAL)
    store = connect(database)
    fielding = Fielding(study, SOCIAL.read_text(encoding="utf-8"), store)
    fielding.open()
    for tier in range(3):
        fielding.consent(Request(f"submit-{tier:04d}", "consent", level=tier, language="en"))
    store.close()
    out = tmp_path / "a.csv"
    words = ["export", str(SOCIAL), "--db", database, "--to", str(out), "--min-tier", str(level)]
    assert cli.main(words) == 0
    assert len(list(csv.DictReader(out.read_text(encoding="utf-8").splitlines()))) == kept
    said = capsys.readouterr().out
    assert (f"{3 - kept} respondents did not agree" in said) == (kept < 3)


def test_the_log_is_published_with_the_answers_and_anyone_can_check_it(tmp_path, capsys):
    database, store = f"sqlite:///{tmp_path}/a.sqlite", connect(f"sqlite:///{tmp_path}/a.sqlite")
    fielding = Fielding(load_study(TEA), Path(TEA).read_text("utf-8"), store)
    fielding.open()
    for person in range(3):
        token = fielding.consent(Request(f"begin-{person:03d}", "consent", level=0, language="en")).token
        while (shown := fielding.see(token))["kind"] == "page":
            answers = {entry["code"]: entry["options"][0]["value"] for entry in shown["entries"]}
            where = {"base_version": shown["version"], "page": shown["index"], "answers": answers}
            fielding.step(token, Request(f"page-{person}-{shown['index']}-x", "answers", **where))
    receipt = store.respondents()[1].receipt
    fielding.withdraw(receipt)
    store.close()
    log = tmp_path / "log.csv"
    words = ["export", TEA, "--db", database, "--to", str(tmp_path / "a.csv"), "--ledger", str(log)]
    assert cli.main(words) == 0
    said = capsys.readouterr().out
    # With nothing but SHA-256: the entry of whoever deleted their answers still holds the chain together.
    last = "0" * 64
    rows = list(csv.DictReader(log.read_text("utf-8").splitlines()))
    for number, row in enumerate(rows, start=1):
        linked = f"{number}|{row['commitment']}|{row['at']}|{last}"
        last = hashlib.sha256(linked.encode()).hexdigest()
        assert row["hash"] == last
    assert f"3 entries, whole, head {last}" in said
    assert cli.main(["export", TEA, "--db", database, "--to", str(tmp_path / "a.xml")]) == 0
    assert last in (tmp_path / "a.xml").read_text("utf-8")
