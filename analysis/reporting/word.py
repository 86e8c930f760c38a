"""A document as a Word file: real tables with numbered captions in the manner of APA 7."""

from __future__ import annotations

import io
from pathlib import Path

import docx
from docx.document import Document as WordFile
from docx.enum.text import WD_BREAK

from analysis.reporting.document import Document, Figure, Section
from analysis.reporting.pictures import png_of
from analysis.reporting.word_page import (
    FIGURE_HEIGHT,
    TEXT_WIDTH,
    add_note,
    landscape,
    page_number,
    running_head,
    set_fonts,
)
from analysis.reporting.word_table import add_table
from analysis.reporting.wording import Words, words


def write_word(document: Document, path: Path) -> None:
    """Write the file; raises OSError when it cannot be written."""
    word = docx.Document()
    set_fonts(word)
    landscape(word)
    running_head(word, document.title, document.stamp)
    page_number(word)
    word.add_heading(document.title, level=0)
    word.add_paragraph(document.subtitle)
    counter = _Counter(words(document.language))
    for section in document.sections:
        _section(word, section, counter)
    word.core_properties.title = document.title
    word.core_properties.language = document.language
    word.save(str(path))


class _Counter:
    """Numbers tables and figures through the whole document."""

    def __init__(self, words: Words) -> None:
        self._words = words
        self._seen = {"table": 0, "figure": 0}
        self.lead = words("note_lead")

    def next(self, kind: str) -> str:
        self._seen[kind] += 1
        return self._words(f"{kind}_number", n=self._seen[kind])


def _section(word: WordFile, section: Section, counter: _Counter) -> None:
    word.add_heading(section.title, level=1)
    for paragraph in section.paragraphs:
        if paragraph:
            word.add_paragraph(paragraph)
    for card in section.cards:
        line = word.add_paragraph(style="List Bullet")
        line.add_run(f"{card.code} · {card.verdict}").bold = True
        line.add_run(f"  {card.claim}  {card.detail}")
    for figure in section.figures:
        _figure(word, figure, counter)
    for table in section.tables:
        add_table(word, table, counter.next("table"), counter.lead)


def _figure(word: WordFile, figure: Figure, counter: _Counter) -> None:
    caption = word.add_paragraph()
    caption.paragraph_format.keep_with_next = True
    caption.add_run(counter.next("figure")).bold = True
    caption.add_run().add_break(WD_BREAK.LINE)
    caption.add_run(figure.caption).italic = True
    picture = word.add_picture(io.BytesIO(png_of(figure.svg)))
    # A picture has its natural size unless the page is smaller, together with its caption and note.
    shrink = min(1.0, TEXT_WIDTH / picture.width, FIGURE_HEIGHT / picture.height)
    picture.width, picture.height = int(picture.width * shrink), int(picture.height * shrink)
    word.paragraphs[-1].paragraph_format.keep_with_next = True
    # What a screen reader says instead of the picture.
    picture._inline.docPr.set("descr", figure.caption)
    add_note(word, counter.lead, figure.note)
