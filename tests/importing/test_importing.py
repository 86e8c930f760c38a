"""Every tool's export of the same answers is the same answers table, and nothing of it goes unmentioned."""

import io
from pathlib import Path

import exports
import pandas as pd
import pytest

from analysis.importing import answers_at, convert, propose, read_export
from analysis.importing.times import read_seconds
from analysis.importing.tools import Tool
from analysis.importing.values import read_rating
from analysis.preparation.answers import AnswersError, check_answers
from questionnaire.loading import load_study

STUDIES = Path(__file__).parents[2] / "data" / "studies"
TEA = load_study(STUDIES / "tea_breaks.yaml")
CAPITAL = load_study(STUDIES / "social_capital.yaml")
OFTEN = TEA.scale("often5")


def imported(study, name, content):
    mapping = propose(study, read_export(name, content))
    return mapping, convert(study, mapping)


def assert_given(table):
    items = check_answers(TEA, table).items
    for code, values in exports.GIVEN.items():
        assert [None if v != v else int(v) for v in items[code]] == list(values), code


def excel():
    buffer = io.BytesIO()
    labelled = {c: [exports._label(v, "en") for v in values] for c, values in exports.GIVEN.items()}
    pd.DataFrame(labelled).to_excel(buffer, index=False)
    return buffer.getvalue()


def parquet():
    buffer = io.BytesIO()
    pd.DataFrame(exports.GIVEN, dtype="Int64").to_parquet(buffer)
    return buffer.getvalue()


@pytest.mark.parametrize(
    ("tool", "name", "content"),
    [
        (Tool.QUALTRICS, "q.csv", exports.qualtrics(TEA)),
        (Tool.LIMESURVEY, "l.csv", exports.limesurvey(codes_only=True)),
        (Tool.LIMESURVEY, "m.csv", exports.limesurvey(codes_only=False)),
        (Tool.SYNERGY, "own.xlsx", excel()),
        (Tool.SYNERGY, "own.parquet", parquet()),
    ],
)
def test_every_tool_gives_the_same_answers(tool, name, content):
    mapping, result = imported(TEA, name, content)
    assert mapping.recognised.tool is tool
    assert_given(result.table)
    assert result.account.unread == ()
    # Every column of the file is accounted for, once.
    columns = [entry.column for entry in result.account.columns]
    assert sorted(columns) == sorted(mapping.recognised.export.rows.columns)
    assert all(entry.how for entry in result.account.columns)


def test_qualtrics_previews_and_addresses_are_left_and_named():
    _, result = imported(TEA, "q.csv", exports.qualtrics(TEA))
    assert len(result.table) == 3
    assert "previews or generated tests, not respondents: 1" in " ".join(result.account.notes)
    assert "IPAddress" not in result.table
    assert "points to a person" in next(c.how for c in result.account.columns if c.column == "IPAddress")
    assert result.table["drink"].tolist() == ["tea", "coffee", "other"]
    assert result.table["seconds_total"].tolist() == ["200", "201", "202"]
    assert result.table["respondent"].tolist() == ["R_0", "R_1", "R_2"]


@pytest.mark.parametrize("encoding", ["utf-8-sig", "gb18030", "utf-16"])
def test_wenjuanxing_headings_with_the_platform_filled_in(encoding):
    mapping, result = imported(CAPITAL, "w.csv", exports.wenjuanxing(CAPITAL, encoding))
    assert mapping.recognised.tool is Tool.WENJUANXING
    columns = mapping.recognised.export.rows.columns
    asked = [name for name in columns if name[0].isdigit()]
    wanted = dict(zip(CAPITAL.items, asked, strict=True))
    found = {code: mapping.columns[code] for code in CAPITAL.items if code in mapping.columns}
    assert found == {code: wanted[code] for code in found}, "no item is read from another item's column"
    assert len(found) >= 0.95 * len(wanted)
    assert result.table["seconds_total"].tolist() == ["200", "201", "202"]
    first, second = list(CAPITAL.items)[:2]
    assert result.table[first].tolist() == ["1", "2", "3"]
    assert result.table[second].tolist() == ["2", "3", ""]
    assert "来自IP" not in result.table


@pytest.mark.parametrize(
    ("text", "rating"),
    [
        ("Often", 4),
        (" OFT ", 4),
        ("4", 4),
        ("4.0", 4),
        ("4 - Often", 4),
        ("often (4)", 4),
        ("４", 4),
        ("5 - Often", None),
        ("0", None),
        ("6", None),
        ("3.5", None),
        ("Oftener", None),
        ("", 0),
        ("NA", 0),
        ("5=Always", 5),
        ("[5] Always", 5),
        ("Always [5]", 5),
        ("d) Often", 4),
        ("4,0", 4),
        ("3,5", None),
        ("４．０", 4),
        ("4 points", 4),
        ("4分", 4),
        ("9", None),
        ("-1", None),
        ("-99", 0),
        ("999", 0),
        ("Don't know", 0),
        ("6 - Don't know", 0),
        ("不适用", 0),
        ("Totally", None),
    ],
)
def test_a_text_is_read_or_refused_never_guessed(text, rating):
    assert read_rating(text, OFTEN, frozenset({"na"})).rating == rating


@pytest.mark.parametrize(
    ("text", "seconds"),
    [
        ("235秒", "235"),
        ("3分55秒", "235"),
        ("12.5", "12.5"),
        ("soon", None),
        ("1小时2分", "3720"),
        ("0:03:55", "235"),
        ("03:55", "235"),
        ("3 min 55 s", "235"),
        ("２３５", "235"),
        ("1,5", "1.5"),
        ("", None),
    ],
)
def test_seconds(text, seconds):
    assert read_seconds(text) == seconds


def test_what_cannot_be_read_is_listed_and_can_be_mended(tmp_path):
    content = exports.limesurvey(codes_only=True).replace(b";5;", b";44;")
    mapping, result = imported(TEA, "l.csv", content)
    assert {(v.text, v.rating) for v in result.account.unread} == {("44", None)}
    again = convert(TEA, mapping.with_value("often5", "44", 5))
    assert_given(again.table)
    path = tmp_path / "l.csv"
    path.write_bytes(content)
    with pytest.raises(AnswersError, match="'44'"):
        answers_at(TEA, path)


def test_a_mapping_can_be_corrected():
    mapping, _ = imported(TEA, "l.csv", exports.limesurvey(codes_only=True))
    released = mapping.corrected("BR1", None)
    assert "BR1" in convert(TEA, released).account.absent
    assert released.left["G1Q1[BR1]"] == "released by hand"
    swapped = mapping.corrected("BR1", "G1Q1[BR2]")
    assert swapped.columns["BR1"] == "G1Q1[BR2]"
    assert "BR2" not in swapped.columns
    assert_given(convert(TEA, released.corrected("BR1", "G1Q1[BR1]")).table)


def test_wording_that_two_columns_share_is_left_to_a_person():
    wording = TEA.items["BR1"].wording["en"]
    mapping, _ = imported(TEA, "t.csv", f"1. {wording},2. {wording}\nOften,Never\n".encode())
    assert "BR1" not in mapping.columns


@pytest.mark.parametrize(
    ("name", "content", "said"),
    [
        ("a.docx", b"x", "not read"),
        ("a.csv", b" \n", "empty"),
        ("a.xlsx", b"not a workbook", "readable Excel"),
        ("a.sav", b"not spss", "readable SPSS"),
        ("a.csv", b"a,b\n1,2,3\n", "line 2"),
    ],
)
def test_a_file_that_cannot_be_read_says_why(name, content, said):
    with pytest.raises(AnswersError, match=said):
        read_export(name, content)


@pytest.mark.parametrize(("said", "read"), [("none", "none"), ("Hardly any", "none"), ("NA", "")])
def test_an_option_that_reads_like_a_missing_value_is_an_answer(said, read):
    table = pd.DataFrame({code: ["4"] for code in CAPITAL.items} | {"contacts": [said]})
    _, found = imported(CAPITAL, "answers.csv", table.to_csv(index=False).encode())
    assert found.table["contacts"].fillna("").tolist() == [read]
