"""One table in the manner of APA 7: three rules, no vertical line, its head repeated on every page."""

from __future__ import annotations

from xml.sax.saxutils import escape

from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls

from analysis.reporting.document import Table
from analysis.reporting.symbols import pieces
from analysis.reporting.word_widths import PADDING, Plan

THICK, THIN = 8, 4
"""Rules above and below the table, and under its head, in eighths of a point."""

SHORT = 14
"""A table of at most so many rows is kept on one page."""

_TWIPS_PER_CENTIMETRE = 1440 / 2.54


def table_xml(table: Table, plan: Plan, *, chinese: bool) -> object:
    """The table as an element to be put into the body.

    Written as text: of tables with thousands of cells this takes a hundredth of the time that building
    them cell by cell does.
    """
    widths = [round(width * _TWIPS_PER_CENTIMETRE) for width in plan.widths]
    side = round(PADDING / 2 * _TWIPS_PER_CENTIMETRE)
    grid = "".join(f'<w:gridCol w:w="{width}"/>' for width in widths)
    rows = [_row(table.columns, table, plan, widths, chinese, head=True, keep=True)]
    last = len(table.rows) - 1
    for place, cells in enumerate(table.rows):
        # A short table stays in one piece; a long one keeps two rows with its head and one with its note.
        keep = last < SHORT or place < 2 or place == last - 1
        keep = keep and (place < last or bool(table.note))
        rows.append(_row(cells, table, plan, widths, chinese, head=False, keep=keep))
    return parse_xml(
        f'<w:tbl {nsdecls("w")}><w:tblPr><w:tblW w:w="{sum(widths)}" w:type="dxa"/>'
        f"<w:tblBorders>{_rule('top', THICK)}{_rule('bottom', THICK)}</w:tblBorders>"
        '<w:tblLayout w:type="fixed"/>'
        f'<w:tblCellMar><w:left w:w="{side}" w:type="dxa"/><w:right w:w="{side}" w:type="dxa"/>'
        "</w:tblCellMar>"
        '<w:tblLook w:val="0020" w:firstRow="1" w:lastRow="0" w:firstColumn="0" w:lastColumn="0" '
        'w:noHBand="1" w:noVBand="1"/>'
        f'<w:tblCaption w:val="{escape(table.caption, _QUOTES)}"/></w:tblPr>'
        f"<w:tblGrid>{grid}</w:tblGrid>{''.join(rows)}</w:tbl>"
    )


_QUOTES = {'"': "&quot;"}


def _rule(edge: str, width: int) -> str:
    return f'<w:{edge} w:val="single" w:sz="{width}" w:space="0" w:color="000000"/>'


def _row(
    cells: tuple[str, ...],
    table: Table,
    plan: Plan,
    widths: list[int],
    chinese: bool,
    *,
    head: bool,
    keep: bool,
) -> str:
    properties = "<w:cantSplit/>" + ("<w:tblHeader/>" if head else "")
    inner = "".join(
        _cell(text, width, plan.size, right=numeric, head=head, keep=keep, chinese=chinese)
        for text, width, numeric in zip(cells, widths, table.numeric, strict=True)
    )
    return f"<w:tr><w:trPr>{properties}</w:trPr>{inner}</w:tr>"


def _cell(text: str, width: int, size: float, *, right: bool, head: bool, keep: bool, chinese: bool) -> str:
    borders = f"<w:tcBorders>{_rule('bottom', THIN)}</w:tcBorders>" if head else ""
    borders += "<w:noWrap/>" if right and not head else ""
    borders += '<w:vAlign w:val="bottom"/>' if head else ""
    letters = ('<w:rFonts w:hint="eastAsia"/>' if chinese else "") + ("<w:b/>" if head else "")
    letters += f'<w:sz w:val="{round(2 * size)}"/><w:szCs w:val="{round(2 * size)}"/>'
    runs = "".join(
        f"<w:r><w:rPr>{letters.replace('<w:sz ', '<w:i/><w:sz ', 1) if slanted else letters}</w:rPr>"
        f'<w:t xml:space="preserve">{escape(piece)}</w:t></w:r>'
        for piece, slanted in pieces(text, heading=head) or (("", False),)
    )
    return (
        f'<w:tc><w:tcPr><w:tcW w:w="{width}" w:type="dxa"/>{borders}</w:tcPr><w:p><w:pPr>'
        f"{'<w:keepNext/>' if keep else ''}"
        '<w:spacing w:before="30" w:after="30" w:line="240" w:lineRule="auto"/>'
        f'<w:jc w:val="{"right" if right else "left"}"/>'
        # The mark of an empty paragraph is as high as its letters.
        f"<w:rPr>{letters}</w:rPr></w:pPr>"
        f"{runs}</w:p></w:tc>"
    )
