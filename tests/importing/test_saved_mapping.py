"""A mapping said once on the page reads the next export of the survey, on the page and in the terminal."""

import json
from pathlib import Path

import exports
import pytest

from analysis.cli import main
from analysis.importing import answers_at, convert, propose, read_export, to_json, with_saved
from analysis.preparation.answers import AnswersError
from questionnaire.loading import load_study

STUDY = Path(__file__).parents[2] / "data" / "studies" / "tea_breaks.yaml"
TEA = load_study(STUDY)
CODES = list(exports.GIVEN)
SUBQUESTIONS = [f"G1Q1[SQ00{k}]" for k in range(1, 10)]
FROM_ZERO = exports.table(exports.given(lambda n: str(n - 1)), SUBQUESTIONS)


def by_hand(content=FROM_ZERO):
    mapping = propose(TEA, read_export("a.csv", content))
    for code, column in zip(CODES, SUBQUESTIONS, strict=True):
        mapping = mapping.corrected(code, column)
    return mapping.with_values({"often5": {str(n - 1): n for n in range(1, 6)}})


def given(table):
    return {code: list(table[code]) for code in CODES} == {
        code: ["" if v is None else str(v) for v in values] for code, values in exports.GIVEN.items()
    }


def test_a_saved_mapping_reads_the_next_export():
    saved = to_json(TEA, by_hand())
    again = with_saved(TEA, propose(TEA, read_export("b.csv", FROM_ZERO)), saved, "saved.json")
    assert given(convert(TEA, again).table)
    assert to_json(TEA, again) == saved


def test_a_column_released_by_hand_stays_released(tmp_path):
    content = exports.table(exports.given())
    released = propose(TEA, read_export("a.csv", content)).corrected("BR1", None)
    again = with_saved(TEA, propose(TEA, read_export("a.csv", content)), to_json(TEA, released), "m")
    result = convert(TEA, again)
    assert "BR1" in result.account.absent
    assert "BR1" not in result.table


def test_the_terminal_says_what_to_do_and_takes_the_mapping(tmp_path, capsys):
    answers, mapping = tmp_path / "a.csv", tmp_path / "m.json"
    answers.write_bytes(FROM_ZERO)
    database = f"sqlite:///{tmp_path}/a.sqlite"
    command = ["import", str(STUDY), str(answers), "--db", database, "--consent", "0"]
    assert main(command) == 1
    assert "--mapping" in capsys.readouterr().err
    mapping.write_text(to_json(TEA, by_hand()), encoding="utf-8")
    assert main([*command, "--mapping", str(mapping)]) == 0
    assert "3 respondents stored" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (exports.table(exports.given(lambda n: str(n - 1))), "run from 0 to 4"),
        (exports.table([["x", *line[1:]] for line in exports.given()]), "'x' \\(3×\\) cannot be read"),
        (b"a,b\n1,2\n", "no column holds an item"),
    ],
)
def test_what_only_a_person_can_say_is_not_guessed_in_the_terminal(tmp_path, content, said):
    path = tmp_path / "a.csv"
    path.write_bytes(content)
    with pytest.raises(AnswersError, match=said):
        answers_at(TEA, path)


def test_people_who_did_not_finish_can_be_left_out(tmp_path, capsys):
    answers = tmp_path / "q.csv"
    answers.write_bytes(exports.qualtrics(TEA).replace(b",True,R_1", b",False,R_1"))
    command = ["import", str(STUDY), str(answers), "--db", f"sqlite:///{tmp_path}/a.sqlite", "--consent", "0"]
    assert main(command) == 1
    assert "only finished respondents" in capsys.readouterr().err
    assert main([*command, "--finished-only"]) == 0
    said = capsys.readouterr().out
    assert "left out, not finished: 1" in said
    assert "2 respondents stored" in said


def changed(**parts):
    return json.dumps(json.loads(to_json(TEA, by_hand())) | parts)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("{", "no JSON"),
        ("[]", "no saved mapping"),
        ('{"form": "other"}', "no saved mapping"),
        (changed(study="other"), "made for the study other, not tea_breaks"),
        (changed(columns={"XX": "a"}), "nothing of the code XX"),
        (changed(columns={"BR1": "gone"}), "no column “gone”"),
        (changed(columns=[]), "columns must be a table"),
        (changed(values={"nobody": {"1": 1}}), "nobody is no scale"),
        (changed(values={"often5": {"x": 6}}), "must be 0 to 5, not 6"),
        (changed(values={"often5": {"x": "4"}}), "must be 0 to 5"),
    ],
)
def test_a_mapping_that_does_not_fit_says_why(text, said):
    with pytest.raises(AnswersError, match=said):
        with_saved(TEA, propose(TEA, read_export("a.csv", FROM_ZERO)), text, "saved.json")
