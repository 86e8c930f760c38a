"""A number is the same to the printed digit in Word, on the page, in the app and in every file."""

import csv
import html
import io
import re
from html.parser import HTMLParser
from pathlib import Path

import docx
import openpyxl
import pytest

from analysis.pipeline.result import FittedModel
from analysis.reporting.compose import compose
from analysis.reporting.downloads import table_bytes, value_of
from analysis.reporting.html import section_html, to_html
from analysis.reporting.numbers import bounded, interval, number, pvalue
from analysis.reporting.word import write_word
from analysis.reporting.word_order import PlacedTable, placed
from questionnaire.loading import load_study

STUDY = load_study(Path(__file__).parents[2] / "data" / "studies" / "tea_breaks.yaml")
LANGUAGES = ("en", "zh-CN")
LATEX = {
    r"$-$": "−", r"$<$": "<", r"$>$": ">", r"\%": "%", r"\_": "_", r"\&": "&", "--": "–", "{}": "",
    r"$\times$": "×",
}  # fmt: skip


@pytest.fixture(scope="module", params=LANGUAGES)
def document(result, request):
    return compose(result, request.param)


class Tables(HTMLParser):
    """The cells of every table of a page, by its id."""

    def __init__(self, page):
        super().__init__()
        self.found, self._cell = {}, None
        self.feed(page)

    def handle_starttag(self, tag, attrs):
        if tag == "table":
            self._rows = self.found[dict(attrs)["id"].removeprefix("table_")] = []
        elif tag == "tr":
            self._rows.append([])
        elif tag in ("td", "th"):
            self._cell = ""

    def handle_data(self, data):
        if self._cell is not None:
            self._cell += data

    def handle_endtag(self, tag):
        if tag in ("td", "th"):
            self._rows[-1].append(self._cell)
            self._cell = None


def grid(table):
    return [list(table.columns), *(list(row) for row in table.rows)]


def tables(document):
    return {table.key: table for section in document.sections for table in section.tables}


def test_the_page_prints_every_cell_in_its_place(document):
    found = Tables(to_html(document)).found
    assert {key: grid(table) for key, table in tables(document).items()} == found


def test_the_app_prints_every_cell_in_its_place(document):
    for section in document.sections:
        found = Tables(section_html(section)).found
        assert {table.key: grid(table) for table in section.tables} == found


def test_word_prints_every_cell_in_its_place(document, tmp_path):
    write_word(document, tmp_path / "r.docx")
    word = docx.Document(str(tmp_path / "r.docx"))
    expected = [
        part.table for section in placed(document) for part in section if isinstance(part, PlacedTable)
    ]
    assert len(expected) == len(tables(document))
    for table, written in zip(expected, word.tables, strict=True):
        assert grid(table) == [[cell.text for cell in row.cells] for row in written.rows]


def test_every_sentence_is_the_same_in_word_and_on_the_page(document, tmp_path):
    write_word(document, tmp_path / "r.docx")
    # In Word a statistic is kept on one line with its value.
    paragraphs = docx.Document(str(tmp_path / "r.docx")).paragraphs
    word = {p.text.replace("\N{NO-BREAK SPACE}", " ") for p in paragraphs}
    plain = re.sub(r"</?i>", "", to_html(document))
    page = html.unescape(re.sub(r"<[^>]+>", "\n", plain))
    for section in document.sections:
        for text in section.paragraphs:
            assert not text or (text in word and text in page)


def same(printed, file):
    """Whether a cell of a file shows the digits that are printed."""
    if value_of(printed) is None:
        return file == printed.replace("−", "-")
    bare = printed.replace("−", "-").replace(",", "")
    return re.sub(r"^(-?)\.", r"\g<1>0.", bare) == file


def test_csv_files_hold_the_printed_digits(document):
    for table in tables(document).values():
        rows = list(csv.reader(io.StringIO(table_bytes(table, "csv").decode())))
        assert rows[0] == list(table.columns)
        for printed, file in zip(table.rows, rows[1:], strict=True):
            for cell, other, numeric in zip(printed, file, table.numeric, strict=True):
                assert same(cell, other) if numeric else cell == other


def test_excel_files_show_the_printed_digits(document):
    for table in tables(document).values():
        sheet = openpyxl.load_workbook(io.BytesIO(table_bytes(table, "xlsx"))).active
        for place, row in enumerate(table.rows, start=4):
            for column, printed in enumerate(row, start=1):
                cell = sheet.cell(place, column)
                value = value_of(printed) if table.numeric[column - 1] else None
                if value is None:
                    assert (cell.value or "") == printed
                else:
                    assert cell.value == value
                    digits = len(printed.partition(".")[2])
                    assert len(cell.number_format.partition(".")[2]) == digits


def unescaped(text):
    for sign, letter in LATEX.items():
        text = text.replace(sign, letter)
    return text.strip()


def test_latex_files_hold_the_printed_digits(document):
    for table in tables(document).values():
        text = table_bytes(table, "tex").decode()
        body = text.split(r"\midrule")[1].split(r"\bottomrule")[0]
        lines = [line.removesuffix(r" \\") for line in body.strip("\n").splitlines()]
        for row, line in zip(table.rows, lines, strict=True):
            cells = [unescaped(cell) for cell in line.split(" & ")]
            numbers = [c for c, numeric in zip(row, table.numeric, strict=True) if numeric]
            assert numbers == [c for c, numeric in zip(cells, table.numeric, strict=True) if numeric]


def test_what_is_printed_is_the_result_under_the_one_formatter(result):
    """Also between languages, and between the tables, the cards and the sentences."""
    pages = {language: compose(result, language) for language in LANGUAGES}
    for one, other in zip(tables(pages["en"]).values(), tables(pages["zh-CN"]).values(), strict=True):
        assert one.key == other.key
        for a, b in zip(one.rows, other.rows, strict=True):
            shown = [(x, y) for x, y, n in zip(a, b, one.numeric, strict=True) if n]
            assert all(x == y for x, y in shown)
    said = " ".join(pages["en"].sections[1].paragraphs)
    rows = {row[0]: row for row in tables(pages["en"])["verdicts"].rows}
    for row in (r for r in result.verdicts if r.primary and r.estimate is not None):
        shown = (number(row.estimate), number(row.se), interval(row.ci_lower, row.ci_upper))
        assert rows[row.hypothesis][2:5] == shown
        assert rows[row.hypothesis][5] == pvalue(row.pvalue)
        assert all(text in said for text in shown)
    models = {row[0].split(" ")[0]: row for row in tables(pages["en"])["fit"].rows}
    for model in (m for m in result.models if isinstance(m, FittedModel)):
        assert bounded(model.fit_measures["cfi"]) in models[model.model]
        assert bounded(model.fit_measures["rmsea"]) in models[model.model]
