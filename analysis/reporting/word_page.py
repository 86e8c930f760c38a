"""The page of a Word report: paper, fonts, the stamp and the page number."""

from __future__ import annotations

from docx.document import Document as WordFile
from docx.enum.section import WD_ORIENT
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Cm, Pt, RGBColor

LATIN, CHINESE = "Calibri", "Microsoft YaHei"
"""Fonts that Word has on every system; LibreOffice takes its nearest for both scripts."""


PAGE_WIDTH, PAGE_HEIGHT, PAGE_MARGIN = Cm(29.7), Cm(21.0), Cm(2.0)
TEXT_WIDTH = Cm(29.7 - 2 * 2.0)
FIGURE_HEIGHT = Cm(21.0 - 2 * 2.0 - 4.0)
"""A4 on its side: the tables of a structural equation model are wide."""


def set_fonts(word: WordFile) -> None:
    """One Latin and one Chinese face for body and headings, in black."""
    for name in ("Normal", "Title", "Heading 1", "Heading 2", "List Bullet"):
        style = word.styles[name]
        style.font.name = LATIN
        style.font.color.rgb = RGBColor(0, 0, 0)
        faces = style.element.get_or_add_rPr().get_or_add_rFonts()
        for attribute, face in (("eastAsia", CHINESE), ("ascii", LATIN), ("hAnsi", LATIN)):
            faces.set(qn(f"w:{attribute}"), face)
        for attribute in ("asciiTheme", "hAnsiTheme", "eastAsiaTheme", "cstheme"):
            faces.attrib.pop(qn(f"w:{attribute}"), None)
    word.styles["Normal"].font.size = Pt(10.5)
    word.styles["Title"].font.size = Pt(20)


def landscape(word: WordFile) -> None:
    """Lay the paper on its side."""
    section = word.sections[0]
    section.orientation = WD_ORIENT.LANDSCAPE
    section.page_width, section.page_height = PAGE_WIDTH, PAGE_HEIGHT
    section.left_margin = section.right_margin = PAGE_MARGIN
    section.top_margin = section.bottom_margin = PAGE_MARGIN


def running_head(word: WordFile, title: str, stamp: str) -> None:
    """The head of every page: the stamp first where there is one, then the title."""
    header = word.sections[0].header
    line = header.paragraphs[0]
    if stamp:
        line.alignment = WD_ALIGN_PARAGRAPH.CENTER
        run = line.add_run(stamp)
        run.bold = True
        run.font.color.rgb = RGBColor(0x7A, 0x1F, 0x00)
        line = header.add_paragraph()
    line.add_run(title).font.size = Pt(9)


def add_note(word: WordFile, lead: str, text: str) -> None:
    """What stands under a table or figure, led by an italic word (APA 7, 7.14)."""
    line = word.add_paragraph()
    line.paragraph_format.space_after = Pt(12)
    first, rest = line.add_run(lead), line.add_run(text)
    first.italic = True
    first.font.size = rest.font.size = Pt(8.5)


def page_number(word: WordFile) -> None:
    """The page's number at its foot, kept up to date by the word processor."""
    line = word.sections[0].footer.paragraphs[0]
    line.alignment = WD_ALIGN_PARAGRAPH.CENTER
    run = line.add_run()
    for kind, text in (("begin", None), (None, "PAGE"), ("end", None)):
        if kind is None:
            element = OxmlElement("w:instrText")
            element.text = text
        else:
            element = OxmlElement("w:fldChar")
            element.set(qn("w:fldCharType"), kind)
        run._r.append(element)
