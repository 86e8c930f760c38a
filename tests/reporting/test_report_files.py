"""One result, three renderings: the same figures in HTML, Word and the tables."""

import html
import re
from pathlib import Path

import docx
import pandas as pd
import pytest

from analysis.pipeline import write_tables
from analysis.reporting.compose import compose
from analysis.reporting.html import section_html, to_html
from analysis.reporting.numbers import number
from analysis.reporting.word import write_word
from questionnaire.loading import load_study

STUDY = load_study(Path(__file__).parents[2] / "data" / "studies" / "tea_breaks.yaml")


@pytest.fixture(scope="module")
def pages(result):
    return {language: compose(result, language) for language in ("en", "zh-CN")}


def cells(document):
    return [cell for s in document.sections for t in s.tables for row in t.rows for cell in row if cell]


@pytest.mark.parametrize("language", ["en", "zh-CN"])
def test_every_cell_is_in_the_page_and_in_the_word_file(pages, language, tmp_path):
    document = pages[language]
    text = html.unescape(re.sub(r"<[^>]+>", "\n", to_html(document)))
    write_word(document, tmp_path / "r.docx")
    word = docx.Document(str(tmp_path / "r.docx"))
    printed = {cell.text for table in word.tables for row in table.rows for cell in row.cells}
    assert len(cells(document)) > 100
    for cell in cells(document):
        assert cell in text
        assert cell in printed
    assert sum(len(s.tables) for s in document.sections) == len(word.tables)
    assert sum(len(s.figures) for s in document.sections) == len(word.inline_shapes)


def test_the_tables_hold_the_figures_the_report_prints(result, pages, tmp_path):
    write_tables(result, tmp_path)
    verdicts = pd.read_csv(tmp_path / "verdicts.csv")
    primary = {row.hypothesis: row for row in result.verdicts if row.primary}
    (table,) = (t for t in pages["en"].sections[0].tables if t.key == "verdicts")
    for row in table.rows:
        assert row[2] == number(primary[row[0]].estimate)
    assert set(verdicts["hypothesis"]) == {h.code for h in STUDY.hypotheses}


def test_synthetic_answers_are_stamped_everywhere(pages, tmp_path):
    for document in pages.values():
        assert document.stamp
        assert document.stamp in to_html(document)
        write_word(document, tmp_path / "r.docx")
        head = docx.Document(str(tmp_path / "r.docx")).sections[0].header
        assert head.paragraphs[0].text == document.stamp


def test_the_page_needs_nothing_else(pages):
    page = to_html(pages["en"])
    assert not re.search(r"(?:src|href)=\"(?!#)", page)
    assert "<svg" in page
    assert "<script" not in page


def test_sections_can_be_shown_one_by_one(pages):
    for section in pages["zh-CN"].sections:
        assert all(html.escape(t.caption, quote=False) in section_html(section) for t in section.tables)
