"""Fields a word processor keeps up to date: numbers of tables and figures, references, page numbers."""

from __future__ import annotations

from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.oxml.xmlchemy import BaseOxmlElement
from docx.text.paragraph import Paragraph
from docx.text.run import Run

from analysis.reporting.wording import Words


def add_field(
    line: Paragraph, instruction: str, shown: str, *, stale: bool = False, bold: bool | None = None
) -> None:
    """A field with the result it has now; ``stale`` asks for it to be counted again on opening."""
    # A field counted again takes the look of its first run, so all of them have it.
    run, result, last = line.add_run(), Run(OxmlElement("w:r"), line), Run(OxmlElement("w:r"), line)
    run._r.append(_mark("begin", stale=stale))
    text = OxmlElement("w:instrText")
    text.set(qn("xml:space"), "preserve")
    text.text = f" {instruction} "
    run._r.append(text)
    run._r.append(_mark("separate"))
    result.text = shown
    last._r.append(_mark("end"))
    for part in (run, result, last):
        part.bold = bold
    line._p.extend([result._r, last._r])


def _mark(kind: str, *, stale: bool = False) -> BaseOxmlElement:
    mark = OxmlElement("w:fldChar")
    mark.set(qn("w:fldCharType"), kind)
    if stale:
        mark.set(qn("w:dirty"), "true")
    return mark


class Numbering:
    """Numbers of tables and figures as fields with bookmarks.

    Bookmarks are called after the number a part has when the report is written; fields that refer to it
    follow when parts are moved.
    """

    def __init__(self, words: Words) -> None:
        self._words = words
        self._marks = 0

    def caption(self, line: Paragraph, kind: str, number: int) -> None:
        """The number of a table or figure, in bold, at the start of its caption."""
        before, _, after = self._words(f"{kind}_number", n="\0").partition("\0")
        start = self._bookmark("Start")
        start.set(qn("w:name"), mark_of(kind, number))
        line._p.append(start)
        line.add_run(before).bold = True
        add_field(line, f"SEQ {kind.capitalize()} \\* ARABIC", str(number), bold=True)
        if after:
            line.add_run(after).bold = True
        line._p.append(self._bookmark("End"))

    def _bookmark(self, which: str) -> BaseOxmlElement:
        self._marks += which == "Start"
        mark = OxmlElement(f"w:bookmark{which}")
        mark.set(qn("w:id"), str(self._marks))
        return mark


def mark_of(kind: str, number: int) -> str:
    """The bookmark at a part's number."""
    return f"{kind}_{number}"


def refer(line: Paragraph, kind: str, number: int, shown: str) -> None:
    """The number of a part, linked to it."""
    add_field(line, f"REF {mark_of(kind, number)} \\h", shown)


def page_of(line: Paragraph, kind: str, number: int) -> None:
    """The page a part stands on, which only the word processor knows."""
    add_field(line, f"PAGEREF {mark_of(kind, number)} \\h", "", stale=True)
