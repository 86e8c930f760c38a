"""The Word file keeps to APA 7: styles, captions as fields, three rules, paper, stamp, text for pictures."""

import re

import docx
import pytest
from docx.enum.section import WD_ORIENT
from docx.oxml.ns import qn
from hypothesis import given, settings
from hypothesis import strategies as st

from analysis.reporting.document import Document, Figure, Section, Table
from analysis.reporting.word import write_word
from analysis.reporting.word_look import NOTE
from analysis.reporting.word_order import begins_sideways, placed
from analysis.reporting.word_page import SIDEWAYS, UPRIGHT
from analysis.reporting.word_widths import ems, plan

SVG = (
    '<svg xmlns="http://www.w3.org/2000/svg" width="{0}" height="90" viewBox="0 0 {0} 90">'
    '<rect width="9" height="9"/></svg>'
)
SMALL = Figure("f", "Small", SVG.format(90), 90, "Look.")
LARGE = Figure("g", "Large", SVG.format(1600), 1600)
WIDE = Table(
    "wide",
    "Wide",
    tuple(f"Heading {k}" for k in range(14)),
    (("−12.345 [−1.000, 1.000]",) * 14,) * 40,
    (True,) * 14,
)
SLIM = Table(
    "slim", "Slim", ("Name", "n"), (("one", "1,234"), ("two", "2")), (False, True), "Counts.\nH1: with care."
)


def document(language="en", stamp="STAMP"):
    return Document("A title that is rather long and goes on beyond fifty letters", "sub", language, stamp, (
        Section("a", "First", ("Words.",), (), (SMALL,), (SLIM, WIDE), "Part one"),
        Section("b", "Second", (), (), (LARGE,), (SLIM,), "Part one"),
        Section("c", "Third", ("End.",), (), (), (), "Part two"),
    ))  # fmt: skip


@pytest.fixture(params=["en", "zh-CN"])
def word(request, tmp_path):
    write_word(document(request.param), tmp_path / "r.docx")
    return docx.Document(str(tmp_path / "r.docx"))


def styled(word, style):
    return [p.text for p in word.paragraphs if p.style.name == style]


def test_headings_by_level(word):
    assert styled(word, "Heading 2") == ["First", "Second", "Third"]
    assert styled(word, "Heading 1")[2:] == ["Part one", "Part two"]
    assert word.styles["Heading 1"].font.bold
    assert word.styles["Heading 3"].font.bold


def test_numbers_are_fields_and_every_part_is_referred_to(word):
    xml = word.element.xml
    assert re.findall(r"> SEQ (\w+) ", xml) == ["Figure", "Table", "Table", "Table", "Figure"]
    marks = set(re.findall(r'w:bookmarkStart[^>]*w:name="(\w+)"', xml))
    assert marks == {"figure_1", "figure_2", "table_1", "table_2", "table_3"}
    assert set(re.findall(r"> REF (\w+) ", xml)) == marks
    assert set(re.findall(r"> PAGEREF (\w+) ", xml)) == marks
    captions = styled(word, "Caption")
    assert [c.split("\n")[1] for c in captions] == ["Small", "Slim", "Wide", "Slim", "Large"]
    assert [re.sub(r"\D", "", c.split("\n")[0]) for c in captions] == ["1", "1", "2", "3", "2"]


def test_tables_have_three_rules_a_repeated_head_and_rows_in_one_piece(word):
    for table in word.tables:
        borders = table._tbl.tblPr.find(qn("w:tblBorders"))
        assert [edge.tag for edge in borders] == [qn("w:top"), qn("w:bottom")]
        head, *rows = table.rows
        assert head._tr.trPr.find(qn("w:tblHeader")) is not None
        assert all(cell._tc.tcPr.find(qn("w:tcBorders"))[0].tag == qn("w:bottom") for cell in head.cells)
        assert all(row._tr.trPr.find(qn("w:cantSplit")) is not None for row in table.rows)
        assert all(cell._tc.tcPr.find(qn("w:tcBorders")) is None for row in rows for cell in row.cells)


def test_paper_lies_on_its_side_only_where_needed(word):
    turns = [section.orientation for section in word.sections]
    upright, aside = WD_ORIENT.PORTRAIT, WD_ORIENT.LANDSCAPE
    assert turns == [upright, aside, upright, aside, upright]


def test_stamp_head_and_page_number_stand_on_every_page(word):
    for section in word.sections:
        stamp, head = section.header.paragraphs
        assert not section.header.is_linked_to_previous
        assert not section.different_first_page_header_footer
        assert stamp.text == "STAMP"
        assert head.text.split("\t")[0] == "A TITLE THAT IS RATHER LONG AND GOES ON BEYOND"
        assert " PAGE " in head._p.xml


def test_every_line_of_a_note_is_a_paragraph(word):
    notes = [p.text for p in word.paragraphs if p.style.name == NOTE]
    place = notes.index("H1: with care.")
    assert notes[place - 1] in ("Note. Counts.", "注：Counts.")


def test_pictures_say_what_they_show(word):
    said = [shape._inline.docPr.get("descr") for shape in word.inline_shapes]
    assert said == ["Small. Look.", "Large."]


def test_faces_are_set_for_both_scripts(tmp_path):
    write_word(document("zh-CN"), tmp_path / "r.docx")
    word = docx.Document(str(tmp_path / "r.docx"))
    for name in ("Normal", "Body Text", "Heading 1", "Heading 2", "Caption", "Table Note", "Title"):
        faces = word.styles[name].element.rPr.rFonts
        assert faces.get(qn("w:ascii")) == "Times New Roman"
        assert faces.get(qn("w:eastAsia")) in ("SimSun", "SimHei")
        assert not [key for key in faces.attrib if "Theme" in key]
    runs = list(word.element.body.iter(qn("w:r")))
    assert all(run.rPr.rFonts.get(qn("w:hint")) == "eastAsia" for run in runs)


CELLS = st.text(alphabet="abcXYZ 0123456789−.,[]中文字", max_size=24)


@settings(deadline=None)
@given(st.integers(1, 9), st.integers(1, 5), st.data())
def test_columns_fit_the_paper_and_hold_their_numbers(columns, rows, data):
    numeric = tuple(data.draw(st.lists(st.booleans(), min_size=columns, max_size=columns)))
    cells = [tuple(data.draw(st.lists(CELLS, min_size=columns, max_size=columns))) for _ in range(rows)]
    table = Table("t", "T", ("Head",) * columns, tuple(cells), numeric)
    found = plan(table)
    assert sum(found.widths) <= (SIDEWAYS if found.sideways else UPRIGHT) + 1e-9
    for k in range(columns):
        if numeric[k]:
            assert all(ems(row[k]) * found.size * 2.54 / 72 <= found.widths[k] for row in cells)


@pytest.mark.parametrize(
    ("paragraphs", "parts", "turned"),
    [
        (("See below.",), (WIDE, SLIM), True),
        (("See below.",), (SLIM, WIDE), False),
        (("Many words. " * 40,), (WIDE,), False),
        (("See below.",), (SLIM,), False),
        ((), (), False),
    ],
)
def test_few_words_stand_on_the_page_of_the_wide_table_they_announce(paragraphs, parts, turned):
    section = Section("s", "S", paragraphs, tables=parts)
    (inside,) = placed(Document("T", "", "en", "", (section,)))
    assert begins_sideways(section, inside) is turned


@pytest.mark.parametrize(("language", "gap"), [("en", "\N{NO-BREAK SPACE}"), ("zh-CN", " ")])
def test_a_statistic_and_its_value_stay_on_one_line(language, gap, tmp_path):
    text = "It fits, χ²(3) = 4.10, p < .001; a = b."
    write_word(Document("T", "", language, "", (Section("s", "S", (text,)),)), tmp_path / "r.docx")
    paragraphs = docx.Document(str(tmp_path / "r.docx")).paragraphs
    assert [run.text for p in paragraphs for run in p.runs if run.italic] == ["p"]
    written = [p.text for p in paragraphs]
    assert f"It fits, χ²(3){gap}={gap}4.10, p{gap}<{gap}.001; a = b." in written
