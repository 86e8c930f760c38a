"""The first pages of a Word report: the title, what it is about, and where its tables and figures stand."""

from __future__ import annotations

from collections.abc import Sequence

from docx.document import Document as WordFile
from docx.enum.text import WD_ALIGN_PARAGRAPH, WD_BREAK, WD_TAB_ALIGNMENT, WD_TAB_LEADER
from docx.shared import Cm, Pt

from analysis.reporting.document import Document
from analysis.reporting.word_fields import page_of, refer
from analysis.reporting.word_look import LISTED
from analysis.reporting.word_order import Placed
from analysis.reporting.word_page import UPRIGHT
from analysis.reporting.wording import Words

TITLE_DOWN = Pt(120)
"""The title stands in the upper half of its page (APA 7, 2.4)."""


def add_front(word: WordFile, document: Document, parts: Sequence[Placed], words: Words) -> None:
    """A title page, then the lists; each list only where it has entries."""
    title = word.add_heading(document.title, level=0)
    title.paragraph_format.space_before = TITLE_DOWN
    facts = [document.subtitle, *((document.stamp,) if document.stamp else ())]
    for fact in facts:
        line = word.add_paragraph(fact)
        line.alignment = WD_ALIGN_PARAGRAPH.CENTER
        line.paragraph_format.space_before = Pt(18)
    for kind in ("table", "figure"):
        listed = [part for part in parts if part.kind == kind]
        if not listed:
            continue
        heading = word.add_heading(words(f"list_of_{kind}s"), level=1)
        heading.paragraph_format.page_break_before = kind == "table"
        for part in listed:
            _entry(word, part, words)
    if parts:
        word.paragraphs[-1].add_run().add_break(WD_BREAK.PAGE)


def _entry(word: WordFile, part: Placed, words: Words) -> None:
    line = word.add_paragraph(style=LISTED)
    form = line.paragraph_format
    # Room for the number at the left, and the title's second line does not run under the page number.
    form.left_indent, form.first_line_indent, form.right_indent = Cm(2.2), Cm(-2.2), Cm(1.2)
    form.tab_stops.add_tab_stop(Cm(2.2))
    form.tab_stops.add_tab_stop(Cm(UPRIGHT), WD_TAB_ALIGNMENT.RIGHT, WD_TAB_LEADER.DOTS)
    refer(line, part.kind, part.number, words(f"{part.kind}_number", n=part.number))
    line.add_run(f"\t{part.caption}\t")
    page_of(line, part.kind, part.number)
