"""Exports as people really have them: right values, or a plain word on what is wrong; never a guess."""

import csv
import io
from pathlib import Path

import exports
import pytest

from analysis.importing import convert, propose, read_export
from analysis.importing.times import read_moments
from analysis.preparation.answers import AnswersError
from questionnaire.loading import load_study

STUDIES = Path(__file__).parents[2] / "data" / "studies"
TEA = load_study(STUDIES / "tea_breaks.yaml")
CAPITAL = load_study(STUDIES / "social_capital.yaml")
CODES = list(exports.GIVEN)
GIVEN = {code: ["" if v is None else str(v) for v in values] for code, values in exports.GIVEN.items()}
EN = [TEA.items[code].wording["en"] for code in CODES]
DE = [TEA.items[code].wording["de"] for code in CODES]
FULL_WIDTH = str.maketrans("12345", "１２３４５")
QUALTRICS = list(csv.reader(io.StringIO(exports.qualtrics(TEA).decode("utf-8-sig"), newline="")))
SHEET = [CODES, *exports.given()]


def imported(name, content, study=TEA):
    return convert(study, propose(study, read_export(name, content)))


def same(table, but=()):
    return {code: list(table[code]) for code in CODES if code not in but} == {
        code: values for code, values in GIVEN.items() if code not in but
    }


def with_code(code):
    return [[cell or code for cell in line] for line in exports.given()]


def a_name(value):
    """An archive holds the time at which it was made, and a name must be the same in every process."""
    return value if isinstance(value, str) else ""


@pytest.mark.parametrize(
    ("name", "content", "noted"),
    [
        ("numbers.csv", exports.table(exports.given()), ()),
        ("bom.csv", exports.table(exports.given(), encoding="utf-8-sig"), ()),
        ("semicolon.csv", exports.table(exports.given(), mark=";"), ()),
        ("tab.csv", exports.table(exports.given(), mark="\t"), ()),
        ("named.csv", b"sep=;\r\n" + exports.table(exports.given(), mark=";"), ()),
        ("spaces.csv", exports.table(exports.given(lambda n: f"  {n} ")), ()),
        ("decimal.csv", exports.table(exports.given(lambda n: f"{n},0"), mark=";"), ()),
        ("full.csv", exports.table(exports.given(lambda n: str(n).translate(FULL_WIDTH))), ()),
        ("both.csv", exports.table(exports.labelled(mark="{n} - {label}")), ()),
        ("equals.csv", exports.table(exports.labelled("de", "{n}={label}")), ()),
        ("brackets.csv", exports.table(exports.labelled(mark="[{n}] {label}")), ()),
        ("minus99.csv", exports.table(with_code("-99")), ()),
        ("plus999.csv", exports.table(with_code("999")), ()),
        ("words.csv", exports.table(with_code("Don't know")), ()),
        ("order.csv", exports.table([line[::-1] for line in exports.given()], CODES[::-1]), ()),
        ("wording.csv", exports.table(exports.labelled("de"), DE, "cp1252", ";"), ("Windows-1252",)),
        ("utf16.csv", exports.table(exports.labelled("de"), DE, "utf-16", "\t"), ("UTF-16",)),
        ("title.csv", b"My survey 2025\n\n" + exports.table(exports.given()), ("My survey 2025",)),
        ("labels.csv", exports.table([EN, *exports.given()]), ("wordings, not answers",)),
        ("codes_below.csv", exports.table([CODES, *exports.given()], EN), ("wordings, not answers",)),
        ("numbered.csv", exports.table([EN, *exports.given()], [f"V{k}" for k in range(9)]), ()),
        (
            "two_headers.csv",
            exports.table(
                [["", *EN], *([str(k), *line] for k, line in enumerate(exports.labelled()))],
                ["Respondent ID", "How often?", *[""] * 8],
            ),
            ("Respondent ID",),
        ),
        (
            "same_twice.csv",
            exports.table([[*x, x[0]] for x in exports.given()], [*CODES, "BR1"]),
            ("BR1 (2)",),
        ),
        ("trailing.csv", exports.table([[*x, ""] for x in exports.given()], [*CODES, ""]), ()),
        ("export.zip", exports.archive(Tea__csv=exports.qualtrics(TEA)), ("Tea.csv", "previews")),
        ("export.tsv", exports._csv(QUALTRICS, "utf-16", "\t"), ("header lines of Qualtrics",)),
        (
            "second.xlsx",
            exports.workbook({"Info": [["Exported", "2025"], ["by", "me"]], "Data": SHEET}),
            ("“Data” was read", "“Info” (1)"),
        ),
        (
            "merged.xlsx",
            exports.workbook(
                {"S": [["Survey"], ["Breaks", None, None, "Talk", None, None, "Mood"], *SHEET]},
                lambda sheet: (sheet.merge_cells("A1:I1"), sheet.merge_cells("A2:C2")),
            ),
            ("“Survey”", "“Breaks”"),
        ),
        ("really_excel.csv", exports.workbook({"S": SHEET}), ("this is a Excel file",)),
        ("really_text.xls", exports.table(exports.given(), mark="\t"), ("this is a CSV file",)),
        ("really_text.xlsx", exports.table(exports.given()), ("this is a CSV file",)),
    ],
    ids=a_name,
)
def test_the_same_answers_in_every_dress(name, content, noted):
    result = imported(name, content)
    assert same(result.table)
    assert result.account.unread == ()
    said = " ".join(result.account.notes)
    assert [text for text in noted if text not in said] == []
    assert not any(one.open for one in result.account.suspicions)


@pytest.mark.parametrize(
    ("name", "content", "said"),
    [
        ("locked.xlsx", exports.old_workbook(locked=True), "locked with a password"),
        ("old.xls", exports.old_workbook(locked=False), "old .xls kind"),
        ("page.xls", b"<html><table><tr><td>1</td></tr></table></html>", "a web page"),
        ("cut.xlsx", exports.workbook({"S": SHEET})[:2000], "cut off"),
        ("cut.parquet", b"PAR1" + b"\0" * 40, "not a readable Parquet"),
        ("cut.sav", b"$FL2@(#) SPSS DATA FILE" + b"\0" * 40, "not a readable SPSS"),
        ("cut.zip", exports.archive(a__csv=b"a,b\n1,2\n")[:40], "cannot be unpacked"),
        ("two.zip", exports.archive(a__csv=b"a,b\n1,2\n", b__csv=b"a,b\n1,2\n"), "a.csv, b.csv"),
        ("cut.csv", exports.table(exports.given()) + b'"1,2\n3,4,5\n', "never closed"),
        ("bytes.csv", bytes(range(256)) * 4, "neither UTF-8"),
        ("header.csv", exports.table([]), "no row of answers"),
        ("empty.xlsx", exports.workbook({"S": []}), "no cells with text"),
        ("photo.jpg", b"\xff\xd8\xff\xe0", "not read"),
    ],
    ids=a_name,
)
def test_a_file_that_is_no_table_says_what_it_is(name, content, said):
    with pytest.raises(AnswersError, match=said) as caught:
        imported(name, content)
    assert caught.value.place
    assert caught.value.mend


@pytest.mark.parametrize(
    ("lines", "said"),
    [
        (exports.given(lambda n: str(n - 1)), "run from 0 to 4, the scale from 1 to 5"),
        (exports.given(lambda n: str(n - 3)), "run from -2 to 2, the scale from 1 to 5"),
        (exports.given(lambda n: str(n + 10)), "run from 11 to 15, the scale from 1 to 5"),
    ],
)
def test_codes_that_start_elsewhere_wait_for_a_person(lines, said):
    mapping = propose(TEA, read_export("a.csv", exports.table(lines)))
    (found,) = convert(TEA, mapping).account.suspicions
    assert said in found.said
    assert found.open
    moved = convert(TEA, mapping.with_values(found.cure))
    assert same(moved.table)
    assert moved.account.suspicions == ()
    kept = convert(TEA, mapping.with_values(found.keep))
    assert kept.account.suspicions == ()
    assert kept.account.unread == ()


def test_codes_from_0_that_never_reach_the_top_wait_too():
    lines = exports.given(lambda n: str(min(n, 4) - 1))
    (found,) = convert(TEA, propose(TEA, read_export("a.csv", exports.table(lines)))).account.suspicions
    assert "run from 0 to 3, the scale from 1 to 5" in found.said
    assert found.open


def test_labels_go_before_numbers_once_a_person_says_so():
    lines = exports.labelled(mark="{n} - {label}")
    content = exports.table([[cell and f"{int(cell[0]) - 1}{cell[1:]}" for cell in line] for line in lines])
    mapping = propose(TEA, read_export("a.csv", content))
    (found,) = convert(TEA, mapping).account.suspicions
    assert same(convert(TEA, mapping.with_values(found.cure)).table)


@pytest.mark.parametrize(
    ("points", "rows", "said"),
    [
        (7, 7, "run from 1 to 7, the scale from 1 to 5"),
        (3, 30, "is above 3 on a scale of 1 to 5"),
        (5, 30, ""),
    ],
)
def test_answers_of_another_scale_are_said(points, rows, said):
    lines = [[str((place + k) % points + 1) for place in range(9)] for k in range(rows)]
    found = [one.said for one in imported("a.csv", exports.table(lines)).account.suspicions]
    assert any(said in one for one in found) if said else not any("scale" in one for one in found)


def agreeing(turned):
    """Sixty people who answer all items of the breaks alike, with BR3 as asked or turned already."""
    lines = []
    for k in range(60):
        level = k % 5 + 1
        br3 = level if turned else 6 - level
        lines.append([str(level), str(level), str(br3), *[str((k * 7 + j) % 5 + 1) for j in range(6)]])
    return exports.table(lines)


def test_an_item_turned_already_is_said_and_can_be_turned_back():
    mapping = propose(TEA, read_export("a.csv", agreeing(turned=True)))
    result = convert(TEA, mapping)
    found = {one.where: one for one in result.account.suspicions}
    assert "runs against the others of BREAKS" in found["BR3"].said
    back = convert(TEA, mapping.with_values(found["BR3"].cure))
    assert list(back.table["BR3"]) == list(imported("a.csv", agreeing(turned=False)).table["BR3"])
    assert "BR3" not in {one.where for one in back.account.suspicions}
    assert "BR3" not in {one.where for one in imported("a.csv", agreeing(turned=False)).account.suspicions}


def test_a_column_called_turned_is_said():
    header = [f"{code}_r" if code == "BR3" else code for code in CODES]
    (found,) = imported("a.csv", exports.table(exports.given(), header)).account.suspicions
    assert found.where == "BR3"
    assert "“BR3_r”" in found.said


@pytest.mark.parametrize(
    ("header", "why"),
    [
        ([*CODES, "BR1"], "holds other answers"),
        ([*CODES, "br1"], "holds other answers"),
        ([*(f"Q1_{code}" for code in CODES), "Q2_BR1"], "BR1 stands in its name, but also in"),
        ([*EN, EN[0]], "its heading is like BR1"),
    ],
)
def test_two_columns_for_one_item_are_left_to_a_person(header, why):
    result = imported("a.csv", exports.table([[*line, "4"] for line in exports.given()], header))
    assert "BR1" in result.account.absent
    left = [entry for entry in result.account.columns if not entry.code]
    assert len(left) == 2
    assert all(why in entry.how for entry in left)
    assert same(result.table, but=["BR1"])


def test_columns_about_an_item_are_not_the_item():
    header = [*(f"BR1_{end}" for end in ("time", "DO_1", "comment")), *CODES[1:]]
    lines = [["3", "1", "4", *line[1:]] for line in exports.given()]
    assert "BR1" in imported("a.csv", exports.table(lines, header)).account.absent


def test_short_lines_formulas_and_merged_answers_are_counted():
    short = exports.table([*exports.given()[:2], exports.given()[2][:5]])
    assert "end before the last column: 1" in " ".join(imported("a.csv", short).account.notes)
    formulas = exports.workbook({"S": [CODES, *(["=1+1", *line[1:]] for line in exports.given())]})
    assert "without its result, read as empty: 3" in " ".join(imported("a.xlsx", formulas).account.notes)
    merged = exports.workbook({"S": SHEET}, lambda sheet: sheet.merge_cells("A2:A4"))
    assert "merged over several rows: 1" in " ".join(imported("a.xlsx", merged).account.notes)


def test_people_who_did_not_finish_are_told_apart():
    lines = [list(line) for line in QUALTRICS]
    lines[4][lines[0].index("Finished")] = "False"
    result = imported("q.csv", exports._csv(lines))
    assert list(result.table["status"]) == ["finished", "asking", "finished"]
    assert "did not finish: 1" in " ".join(result.account.notes)
    lines[4][lines[0].index("Status")] = "1"
    assert len(imported("q.csv", exports._csv(lines)).table) == 2


@pytest.mark.parametrize(
    ("form", "told"),
    [("{k}、{text}", 1), ("{k}、({k}){text}", 1), ("第{k}题({text})", 1), ("2、请评价（{text}）", 1),
     ("2、请评价—{text}", 1), ("{k}：{text}[单选题]", 1), ("*{k}、{text}（量表题）", 1)],
)  # fmt: skip
def test_wenjuanxing_headings(form, told):
    items = list(CAPITAL.items.values())[:12]
    asked = [item.wording["zh-CN"].replace("{platform}", "淘宝") for item in items]
    header = ["序号", "提交答卷时间", "所用时间", "来自IP", "12、您的手机号", "总分"]
    header[4:4] = [form.format(k=k, text=text) for k, text in enumerate(asked, 2)]
    label = CAPITAL.scale("agree7").labels["zh-CN"][5]
    line = ["1", "2025/3/1 9:05:00", "1分5秒", "10.0.0.1(北京-北京)", *[label] * len(items), "138", "60"]
    result = imported("w.csv", exports._csv([header, line]), CAPITAL)
    missed = [item.code for item in items if item.code not in result.table]
    assert len(missed) <= told
    assert {result.table[item.code][0] for item in items if item.code not in missed} == {"6"}
    assert result.table["finished_at"][0] == "2025-03-01T09:05:00"
    assert result.table["seconds_total"][0] == "65"
    assert not {"来自IP", "12、您的手机号"} & set(result.table)


@pytest.mark.parametrize(
    ("cells", "read"),
    [
        (["2025-03-01 09:00:00"], ["2025-03-01T09:00:00"]),
        (["2025/3/1 9:05"], ["2025-03-01T09:05:00"]),
        (["2025年3月1日 9:05:07"], ["2025-03-01T09:05:07"]),
        (["01.03.2025 09:00", "31.03.2025 09:00"], ["2025-03-01T09:00:00", "2025-03-31T09:00:00"]),
        (["3/1/2025 2:05 PM", "3/31/2025 12:05 AM"], ["2025-03-01T14:05:00", "2025-03-31T00:05:00"]),
        (["3/1/2025", "4/2/2025"], [None, None]),
        (["3/3/2025"], ["2025-03-03T00:00:00"]),
        (["13/1/2025", "1/13/2025"], [None, None]),
        (["yesterday"], [None]),
    ],
)
def test_moments(cells, read):
    known = read_moments(cells)
    assert [known[cell] for cell in cells] == read


OFTEN = dict(enumerate(exports.LABELS["de"]))
BACKWARDS = {float(5 - k): label for k, label in enumerate(exports.LABELS["en"])}
ENDS = {0.0: "Never", 4.0: "Always"}


@pytest.mark.parametrize(
    ("labels", "code_of"),
    [
        (OFTEN, lambda n: n - 1),
        ({**OFTEN, -9.0: "Refused"}, lambda n: n - 1),
        (BACKWARDS, lambda n: 6 - n),
        (ENDS, lambda n: n - 1),
        ({1.0: "Always", 5.0: "Never"}, lambda n: 6 - n),
        ({9.0: "No answer"}, lambda n: n),
        (None, lambda n: n),
    ],
)
def test_spss_codes_mean_what_their_labels_say(tmp_path, labels, code_of):
    columns = {
        f"V{k}": [None if v is None else code_of(v) for v in values]
        for k, values in enumerate(exports.GIVEN.values())
    }
    result = imported("a.sav", exports.spss(tmp_path / "a.sav", columns, labels, DE))
    assert same(result.table)
    assert result.account.unread == ()


def test_spss_missing_codes_are_counted_and_unknown_labels_said(tmp_path):
    columns = {code: [8 if v is None else v for v in values] for code, values in exports.GIVEN.items()}
    content = exports.spss(tmp_path / "a.sav", columns, {1.0: "not at all"}, missing=[8])
    result = imported("a.sav", content)
    assert same(result.table)
    declared = [v for v in result.account.values if v.how == "declared missing in the file"]
    assert sum(v.count for v in declared) == 2
    assert "its label “not at all”" in next(v.how for v in result.account.values if v.text == "1")


def test_spss_labels_that_do_not_run_like_the_scale_are_refused_where_codes_have_none(tmp_path):
    labels = {1.0: "Never", 2.0: "Always"}
    content = exports.spss(tmp_path / "a.sav", exports.GIVEN, labels)
    unread = {v.text for v in imported("a.sav", content).account.unread}
    assert unread == {"3", "4", "5"}
