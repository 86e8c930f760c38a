"""The pages of a Word report: paper, upright or on its side, with the stamp and page number on each."""

from __future__ import annotations

from docx.document import Document as WordFile
from docx.enum.section import WD_ORIENT, WD_SECTION
from docx.enum.text import WD_ALIGN_PARAGRAPH, WD_TAB_ALIGNMENT
from docx.section import Section
from docx.shared import Cm, Pt, RGBColor

from analysis.reporting.word_fields import add_field

SHORT_SIDE, LONG_SIDE, MARGIN = 21.0, 29.7, 2.54
"""A4 with margins of one inch (APA 7, 2.22), in centimetres."""

UPRIGHT, SIDEWAYS = SHORT_SIDE - 2 * MARGIN, LONG_SIDE - 2 * MARGIN
"""Room for text across the page, in centimetres; the other one is the room from top to bottom."""

MOST_LETTERS = 50
"""Of a running head (APA 7, 2.18)."""


class Pages:
    """Turns the paper where a table needs it, and back."""

    def __init__(self, word: WordFile, title: str, stamp: str) -> None:
        self._word, self._title, self._stamp = word, _shortened(title), stamp
        self._sideways = False
        self._set(word.sections[0])

    @property
    def sideways(self) -> bool:
        """Whether what comes next stands on paper on its side."""
        return self._sideways

    def turn(self, *, sideways: bool) -> None:
        """Go on on a new page if the paper lies otherwise now."""
        if sideways != self._sideways:
            self._sideways = sideways
            self._set(self._word.add_section(WD_SECTION.NEW_PAGE))

    def _set(self, section: Section) -> None:
        long, short = Cm(LONG_SIDE), Cm(SHORT_SIDE)
        section.orientation = WD_ORIENT.LANDSCAPE if self._sideways else WD_ORIENT.PORTRAIT
        section.page_width, section.page_height = (long, short) if self._sideways else (short, long)
        section.left_margin = section.right_margin = Cm(MARGIN)
        section.top_margin = section.bottom_margin = Cm(MARGIN)
        section.header_distance = Cm(1.0)
        self._head(section)

    def _head(self, section: Section) -> None:
        """Running head to the left, page number to the right; above them the stamp where there is one."""
        header = section.header
        header.is_linked_to_previous = False
        line = header.paragraphs[0]
        if self._stamp:
            line.alignment = WD_ALIGN_PARAGRAPH.CENTER
            stamp = line.add_run(self._stamp)
            stamp.bold, stamp.font.size = True, Pt(10)
            stamp.font.color.rgb = RGBColor(0x7A, 0x1F, 0x00)
            line = header.add_paragraph()
        stops = line.paragraph_format.tab_stops
        # The template's own stops are for another paper.
        line.style = self._word.styles["Normal"]
        stops.add_tab_stop(Cm(SIDEWAYS if self._sideways else UPRIGHT), WD_TAB_ALIGNMENT.RIGHT)
        line.add_run(f"{self._title}\t")
        add_field(line, "PAGE", "1")


def _shortened(title: str) -> str:
    """A title as running head: capitals, at most fifty letters, cut between words."""
    capitals = title.upper()
    if len(capitals) <= MOST_LETTERS:
        return capitals
    whole, gap, _ = capitals[: MOST_LETTERS + 1].rpartition(" ")
    return whole if gap else capitals[:MOST_LETTERS]
