"""A document as a Word file in the manner of APA 7: real tables, numbered captions, headings by level."""

from __future__ import annotations

import io
import re
from pathlib import Path

import docx
from docx.document import Document as WordFile
from docx.enum.text import WD_ALIGN_PARAGRAPH, WD_BREAK
from docx.oxml.ns import qn
from docx.shared import Inches, Pt
from docx.text.paragraph import Paragraph

from analysis.reporting.document import Card, Document, Figure, Section
from analysis.reporting.fonts import can_draw
from analysis.reporting.pictures import png_of
from analysis.reporting.sections_references import KEY as REFERENCES
from analysis.reporting.symbols import pieces
from analysis.reporting.word_fields import Numbering, refer
from analysis.reporting.word_front import add_front
from analysis.reporting.word_look import BIBLIOGRAPHY_STYLE, CAPTION, NOTE, Look, look_of, set_styles
from analysis.reporting.word_order import (
    Placed,
    PlacedFigure,
    PlacedTable,
    begins_sideways,
    placed,
    shrink,
    size_of,
)
from analysis.reporting.word_page import Pages
from analysis.reporting.word_table import table_xml
from analysis.reporting.wording import Words, words

_EQUATION = re.compile(" ([=<>≥≤]) (?=[\\d.−])")
"""Between a statistic and its value."""


def write_word(document: Document, path: Path) -> None:
    """Write the file; raises OSError when it cannot be written."""
    word, look, own = docx.Document(), look_of(document.language), words(document.language)
    set_styles(word, look)
    pages = Pages(word, document.title, document.stamp)
    parts = placed(document)
    add_front(word, document, [part for section in parts for part in section], own)
    writer = _Writer(word, pages, look, own)
    chapter = ""
    for section, inside in zip(document.sections, parts, strict=True):
        opens = section.chapter != chapter
        pages.turn(sideways=not opens and begins_sideways(section, inside))
        if opens:
            chapter = section.chapter
            word.add_heading(chapter, level=1)
        writer.add(section, inside)
    if look.language.startswith("zh"):
        _set_quotes_east(word)
    word.core_properties.title = document.title
    word.core_properties.subject = document.subtitle
    word.core_properties.language = document.language
    word.save(str(path))


class _Writer:
    def __init__(self, word: WordFile, pages: Pages, look: Look, words: Words) -> None:
        self._word, self._pages, self._look, self._words = word, pages, look, words
        self._numbering = Numbering(words)

    def add(self, section: Section, parts: tuple[Placed, ...]) -> None:
        self._word.add_heading(section.title, level=2)
        for paragraph in section.paragraphs:
            if paragraph:
                style = BIBLIOGRAPHY_STYLE if section.key == REFERENCES else "Body Text"
                write_symbols(self._word.add_paragraph(style=style), self._joined(paragraph))
        for card in section.cards:
            self._card(card)
        self._references(parts)
        for part in parts:
            self._pages.turn(sideways=part.sideways)
            if isinstance(part, PlacedTable):
                self._table(part)
            else:
                self._figure(part)

    def _joined(self, text: str) -> str:
        """Statistics on one line with their values; not in Chinese, whose lines are set flush."""
        if self._look.language.startswith("zh"):
            return text
        return _EQUATION.sub("\N{NO-BREAK SPACE}\\1\N{NO-BREAK SPACE}", text)

    def _card(self, card: Card) -> None:
        line = self._word.add_paragraph(style="List Bullet")
        line.add_run(f"{card.code} · {card.verdict}").bold = True
        line.add_run(f"  {card.claim}  {card.detail}")

    def _references(self, parts: tuple[Placed, ...]) -> None:
        """Every part is named in the text before it stands there (APA 7, 7.5)."""
        kinds = [[part for part in parts if part.kind == kind] for kind in ("figure", "table")]
        runs = [(run[0], run[-1]) for run in kinds if run]
        if not runs:
            return
        line = self._word.add_paragraph(style="Body Text")
        before, _, after = self._words("see_parts", parts="\0").partition("\0")
        line.add_run(before)
        for place, (first, last) in enumerate(runs):
            line.add_run(self._words("list_joint") if place else "")
            self._refer(line, first)
            if first.number != last.number:
                line.add_run("–")
                self._refer(line, last)
        line.add_run(after)

    def _refer(self, line: Paragraph, part: Placed) -> None:
        refer(line, part.kind, part.number, self._words(f"{part.kind}_number", n=part.number))

    def _caption(self, part: Placed) -> None:
        line = self._word.add_paragraph(style=CAPTION)
        self._numbering.caption(line, part.kind, part.number)
        line.add_run().add_break(WD_BREAK.LINE)
        line.add_run(part.caption).italic = self._look.slanted

    def _note(self, text: str) -> None:
        lines = text.splitlines()
        for place, told in enumerate(lines):
            line = self._word.add_paragraph(style=NOTE)
            if not place:
                line.add_run(self._words("note_lead")).italic = self._look.slanted
            write_symbols(line, self._joined(told))
            if place < len(lines) - 1:
                line.paragraph_format.space_after = Pt(0)

    def _table(self, part: PlacedTable) -> None:
        self._caption(part)
        element = table_xml(part.table, part.plan, chinese=self._look.language.startswith("zh"))
        # A table without a paragraph behind it would join the next one.
        self._word.add_paragraph()._p.addprevious(element)
        if part.table.note:
            last = self._word.paragraphs[-1]
            last._p.getparent().remove(last._p)
            self._note(part.table.note)

    def _figure(self, part: PlacedFigure) -> None:
        self._caption(part)
        figure: Figure = part.figure
        if not can_draw(figure.svg):
            # Boxes in place of letters would be a figure that says nothing.
            self._word.add_paragraph(self._words("font_missing"), style=NOTE)
            self._note(figure.note)
            return
        picture = self._word.add_picture(io.BytesIO(png_of(figure.svg)))
        width, height = (Inches(side / 96) for side in size_of(figure.svg))
        scale = shrink(figure, sideways=part.sideways)
        picture.width, picture.height = int(width * scale), int(height * scale)
        line = self._word.paragraphs[-1]
        line.alignment = WD_ALIGN_PARAGRAPH.CENTER
        line.paragraph_format.keep_with_next = bool(figure.note)
        # What a screen reader says instead of the picture.
        picture._inline.docPr.set("descr", f"{figure.caption}. {figure.note}".strip())
        self._note(figure.note)


def write_symbols(line: Paragraph, text: str) -> None:
    """Text at the end of a paragraph, its statistical symbols in italics."""
    for piece, slanted in pieces(text):
        run = line.add_run(piece)
        if slanted:
            run.italic = True


def _set_quotes_east(word: WordFile) -> None:
    """Quotation marks and dashes that both scripts have are set in the Chinese face."""
    for run in word.element.body.iter(qn("w:r")):
        faces = run.get_or_add_rPr().get_or_add_rFonts()
        faces.set(qn("w:hint"), "eastAsia")
