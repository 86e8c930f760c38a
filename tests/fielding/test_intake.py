"""Answers given elsewhere come in whole or not at all, once, and say that they are imported."""

import json
from dataclasses import replace
from pathlib import Path

import pandas as pd
import pytest
from small_study import STUDY
from test_service import request

from analysis import cli
from questionnaire.exchange.intake import take_in
from questionnaire.exchange.table import answers_table
from questionnaire.journey import Status
from questionnaire.service import Fielding
from questionnaire.storage import KnownRespondentError

NOW = "2026-01-01T00:00:00.000Z"
TEA = str(Path(__file__).parents[2] / "data/studies/tea_breaks.yaml")


def row(**cells):
    ratings = dict.fromkeys(STUDY.items, 3)
    return ratings | {"respondent": "p1", "consent_level": 1, "adult": "yes", "platform": "douyin"} | cells


def test_a_table_comes_out_as_it_went_in(store):
    rows = [
        row(
            AAA1=5.0, AAA2="4", AAA3=None, AAA4=float("nan"), forms="live;goods", age="34", seconds_first=12.5
        ),
        row(
            respondent="p2", platform="other", platform_text="'=微博", age="prefer_not", wave="w1", BBB1=pd.NA
        ),
        row(respondent="p2", language="zh-CN", started_at="2025-05-01T08:00:00Z", AC1=2),
    ]
    intake = take_in(STUDY, rows, NOW)
    assert intake.problems == ()
    assert store.bring_in(intake.respondents) == 3
    table = answers_table(STUDY, store.respondents())
    assert table["respondent"].tolist() == ["p1", "p2", "p2"]
    assert table["version"].tolist() == ["imported"] * 3
    first, second, third = (table.iloc[n] for n in range(3))
    assert (first["AAA1"], first["AAA2"], first["forms"], first["age"]) == (5, 4, "live;goods", "34")
    assert first[["AAA3", "AAA4"]].isna().all()
    assert (first["seconds_first"], first["status"]) == (12.5, "finished")
    assert (second["platform_text"], second["age"], second["wave"]) == ("=微博", "prefer_not", "w1")
    assert (third["language"], third["started_at"], third["AC1"]) == ("zh-CN", "2025-05-01T08:00:00Z", 2)
    assert store.field.finished(STUDY.code) == 3


def test_twice_is_once_and_a_change_is_refused_whole(store):
    once = take_in(STUDY, [row()], NOW)
    assert store.bring_in(once.respondents) == 1
    again = take_in(STUDY, [row(), row(respondent="p2")], NOW)
    assert store.bring_in(again.respondents) == 1
    other = take_in(STUDY, [row(respondent="p3"), row(AAA1=1)], NOW)
    with pytest.raises(KnownRespondentError, match="p1"):
        store.bring_in(other.respondents)
    assert sorted(one.respondent for one in store.respondents()) == ["p1", "p2"]
    assert store.bring_in(()) == 0


def test_what_is_exported_is_not_doubled_by_bringing_it_back(store):
    fielding = Fielding(STUDY, "the file", store, clock=lambda: NOW)
    fielding.open()
    token = fielding.consent(request("consent", 0, level=1, language="en")).token
    progress = replace(store.load(token).progress, status=Status.FINISHED, version=2)
    store.submit(
        token, fielding._submission(request("answers", 1, base_version=1), "x", progress, NOW), progress
    )
    table = answers_table(STUDY, store.respondents())
    intake = take_in(STUDY, table.to_dict("records"), NOW)
    assert intake.problems == ()
    with pytest.raises(KnownRespondentError):
        store.bring_in(intake.respondents)


@pytest.mark.parametrize(
    ("cells", "column"),
    [
        ({"AAA1": 6}, "AAA1"),
        ({"AAA1": 2.5}, "AAA1"),
        ({"AAA1": "often"}, "AAA1"),
        ({"platform": "weibo"}, "platform"),
        ({"forms": "none;live"}, "forms"),
        ({"age": "12"}, "age"),
        ({"age": "old"}, "age"),
        ({"AC1": 9}, "AC1"),
        ({"wave": "w9"}, "wave"),
        ({"form": "tiny"}, "form"),
        ({"consent_level": None}, "consent_level"),
        ({"consent_level": 7}, "consent_level"),
        ({"synthetic": "True"}, "synthetic"),
        ({"synthetic": True}, "synthetic"),
        ({"status": "asking"}, "status"),
        ({"respondent": "x" * 65}, "respondent"),
        ({"finished_at": "yesterday"}, "finished_at"),
        ({"respondent": "p0"}, "respondent"),
    ],
)
def test_a_cell_that_cannot_be_is_named_and_nothing_is_taken(cells, column):
    intake = take_in(STUDY, [row(respondent="p0"), row(**cells)], NOW)
    assert [(problem.row, problem.column) for problem in intake.problems] == [(2, column)]
    assert intake.respondents == ()


def test_columns_are_named_that_are_missing_or_unknown():
    short = {name: cell for name, cell in row(mood="good").items() if name != "BBB2"}
    intake = take_in(STUDY, [short], NOW)
    assert [problem.column for problem in intake.problems] == ["BBB2"]
    assert intake.left_out == ("mood",)
    assert take_in(STUDY, [], NOW).respondents == ()


def test_without_names_rows_are_told_apart_and_known_again():
    rows = [row(respondent=None), row(respondent=None)]
    first, second = (take_in(STUDY, rows, NOW, level=0).respondents for _ in range(2))
    assert first[0].respondent != first[1].respondent
    assert [one.respondent for one in first] == [one.respondent for one in second]
    assert first[0].token != second[0].token


def test_the_command_stores_and_the_report_confirms_nothing(tmp_path, capsys):
    simulated, answers, out = (tmp_path / name for name in ("s.csv", "a.csv", "out"))
    database = ["--db", f"sqlite:///{tmp_path}/a.sqlite"]
    assert cli.main(["simulate", TEA, "--n", "60", "--seed", "1", "--out", str(simulated)]) == 0
    assert cli.main(["import", TEA, str(simulated), *database, "--consent", "0"]) == 1
    assert "row 1, column synthetic" in capsys.readouterr().err
    table = pd.read_csv(simulated).drop(columns=["synthetic", "consent_level"])
    table.to_csv(answers, index=False)
    assert cli.main(["import", TEA, str(answers), *database]) == 1
    assert "consent_level" in capsys.readouterr().err
    for new in (60, 0):
        assert cli.main(["import", TEA, str(answers), *database, "--consent", "0"]) == 0
        assert f"{new} respondents stored as imported" in capsys.readouterr().out
    assert cli.main(["field", "open", TEA, *database]) == 0
    exported = tmp_path / "e.csv"
    assert cli.main(["export", TEA, *database, "--to", str(exported)]) == 0
    assert cli.main(["analyse", TEA, str(exported), "--out", str(out), *database]) == 0
    plan = json.loads((out / "manifest.json").read_text(encoding="utf-8"))["plan"]
    assert "unknown" in json.dumps(plan)
