"""One table in the manner of APA 7: number and title above, rules above and below, note beneath."""

from __future__ import annotations

from docx.document import Document as WordFile
from docx.enum.text import WD_ALIGN_PARAGRAPH, WD_BREAK
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Cm, Pt
from docx.table import Table as WordTable
from docx.table import _Cell as Cell

from analysis.reporting.document import Table
from analysis.reporting.word_page import TEXT_WIDTH, add_note

SIZE, SMALL = Pt(8.5), Pt(7.0)
MANY_COLUMNS = 11
"""From here on the smaller size is used."""

CHARACTER, PADDING = 0.19, 0.45
"""Centimetres: a character at the usual size in the widest of the usual faces, a cell's two margins."""

BOLD = 1.15
"""How much wider bold letters are."""

WIDEST_TEXT, NARROWEST_TEXT = 36.0, 8.0
"""Characters a column of words asks for at the most, and what it keeps when room is short."""


def add_table(word: WordFile, table: Table, number: str, lead: str) -> None:
    """Number, title, the table itself and its note, which ``lead`` begins."""
    caption = word.add_paragraph()
    caption.paragraph_format.keep_with_next = True
    caption.paragraph_format.space_before = Pt(12)
    caption.add_run(number).bold = True
    caption.add_run().add_break(WD_BREAK.LINE)
    caption.add_run(table.caption).italic = True
    grid = word.add_table(rows=1 + len(table.rows), cols=len(table.columns))
    grid.autofit = False
    size = SMALL if len(table.columns) >= MANY_COLUMNS else SIZE
    widths = _widths(table, size)
    for column, width in zip(grid.columns, widths, strict=True):
        column.width = width
    # Row by row: asking the table for one cell walks through all of them each time.
    for place, (row, texts) in enumerate(zip(grid.rows, (table.columns, *table.rows), strict=True)):
        for cell, text, right, width in zip(row.cells, texts, table.numeric, widths, strict=True):
            cell.width = width
            _fill(cell, text, size, right=right, bold=place == 0)
    _repeat_head(grid)
    _rule(grid, 0, top=12, bottom=6)
    _rule(grid, len(table.rows), bottom=12)
    if table.note:
        add_note(word, lead, table.note)


def _widths(table: Table, size: Pt) -> list[Cm]:
    """Columns' widths: numbers keep their full width, so that none is broken; words give way and wrap."""
    scale = CHARACTER * size / SIZE
    widths = []
    for k, numeric in enumerate(table.numeric):
        longest = max(BOLD * _length(table.columns[k]), *(_length(row[k]) for row in table.rows), 0.0)
        asked = longest if numeric else min(longest, WIDEST_TEXT)
        widths.append(scale * max(asked, 3.0) + PADDING)
    room = TEXT_WIDTH.cm
    words = [k for k, numeric in enumerate(table.numeric) if not numeric]
    excess = sum(widths) - room
    flexible = sum(max(widths[k] - scale * NARROWEST_TEXT - PADDING, 0.0) for k in words)
    if excess > 0 and flexible > 0:
        share = min(1.0, excess / flexible)
        for k in words:
            widths[k] -= share * max(widths[k] - scale * NARROWEST_TEXT - PADDING, 0.0)
    return [Cm(width) for width in widths]


def _length(text: str) -> float:
    """Characters as wide as Latin ones; a Chinese one counts twice."""
    return sum(2.0 if ord(letter) > 0x2E80 else 1.0 for letter in text)


def _fill(cell: Cell, text: str, size: Pt, *, right: bool, bold: bool) -> None:
    line = cell.paragraphs[0]
    line.paragraph_format.space_after = line.paragraph_format.space_before = Pt(1)
    line.alignment = WD_ALIGN_PARAGRAPH.RIGHT if right else WD_ALIGN_PARAGRAPH.LEFT
    run = line.add_run(text)
    run.bold = bold
    run.font.size = size


def _repeat_head(grid: WordTable) -> None:
    """Column heads on every page the table runs over, and no row torn between two pages."""
    head = OxmlElement("w:tblHeader")
    head.set(qn("w:val"), "true")
    grid.rows[0]._tr.get_or_add_trPr().append(head)
    for row in grid.rows:
        row._tr.get_or_add_trPr().append(OxmlElement("w:cantSplit"))


def _rule(grid: WordTable, row: int, **edges: int) -> None:
    """Lines of the given width (eighths of a point) along a row's top or bottom."""
    for cell in grid.rows[row].cells:
        properties = cell._tc.get_or_add_tcPr()
        borders = properties.find(qn("w:tcBorders"))
        if borders is None:
            borders = OxmlElement("w:tcBorders")
            properties.append(borders)
        for edge, width in edges.items():
            line = OxmlElement(f"w:{edge}")
            for name, value in (("val", "single"), ("sz", str(width)), ("color", "000000")):
                line.set(qn(f"w:{name}"), value)
            borders.append(line)
