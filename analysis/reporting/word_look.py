"""How a Word report looks: APA 7 (2.16–2.27, 7.8–7.36) in English, its Chinese counterpart in Chinese."""

from __future__ import annotations

from dataclasses import dataclass

from docx.document import Document as WordFile
from docx.enum.style import WD_STYLE_TYPE
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Pt, RGBColor
from docx.styles.style import ParagraphStyle

NOTE, LISTED, CAPTION = "Table Note", "Listed Part", "Caption"
BIBLIOGRAPHY_STYLE = "Reference List"
BODY_SIZE, CAPTION_SIZE, NOTE_SIZE = Pt(12), Pt(12), Pt(10)
HANGING = Pt(36)
"""All lines of a reference but the first are moved to the right (APA 7, 9.43)."""


@dataclass(frozen=True, slots=True)
class Look:
    """Faces, line spacing and first-line indent of one language.

    ``slanted``: whether titles of tables are set in italics, which Chinese letters do not have.
    """

    language: str
    latin: str
    east: str
    east_heading: str
    spacing: float
    indent: Pt
    justified: bool
    slanted: bool


_ENGLISH = Look("en", "Times New Roman", "SimSun", "SimSun", 2.0, Pt(36), justified=False, slanted=True)
_CHINESE = Look("zh-CN", "Times New Roman", "SimSun", "SimHei", 1.5, Pt(24), justified=True, slanted=False)


def look_of(language: str) -> Look:
    """The look of a report in ``language``: the Chinese one for Chinese, else that of APA."""
    return _CHINESE if language.startswith("zh") else _ENGLISH


def set_styles(word: WordFile, look: Look) -> None:
    """Body, headings of three levels, captions, notes and lists, all in black."""
    _faces(_style(word, "Normal"), look, look.east, BODY_SIZE)
    normal = _style(word, "Normal").paragraph_format
    normal.space_after = normal.space_before = Pt(0)
    normal.widow_control = True
    body = _style(word, "Body Text")
    _faces(body, look, look.east, BODY_SIZE)
    body.paragraph_format.first_line_indent = look.indent
    body.paragraph_format.line_spacing = look.spacing
    body.paragraph_format.space_after = Pt(0)
    if look.justified:
        body.paragraph_format.alignment = WD_ALIGN_PARAGRAPH.JUSTIFY
    _headings(word, look)
    _small(word, CAPTION, look, CAPTION_SIZE, before=12, after=6, keep=True)
    _small(word, NOTE, look, NOTE_SIZE, before=4, after=16)
    _small(word, BIBLIOGRAPHY_STYLE, look, BODY_SIZE, before=0, after=0)
    works = _style(word, BIBLIOGRAPHY_STYLE).paragraph_format
    works.left_indent, works.first_line_indent = HANGING, -HANGING
    works.line_spacing = look.spacing
    _small(word, LISTED, look, BODY_SIZE, before=0, after=4)
    _small(word, "List Bullet", look, BODY_SIZE, before=0, after=6)
    _style(word, "List Bullet").paragraph_format.line_spacing = 1.15
    _language(word, look)


def _headings(word: WordFile, look: Look) -> None:
    """Level 1 centred and bold, level 2 flush left and bold, level 3 also italic (APA 7, 2.27)."""
    for name, centred, italic, before in (
        ("Title", True, False, 0),
        ("Heading 1", True, False, 12),
        ("Heading 2", False, False, 12),
        ("Heading 3", False, look.slanted, 12),
    ):
        style = _style(word, name)
        _faces(style, look, look.east_heading, BODY_SIZE)
        style.font.bold, style.font.italic = True, italic
        form = style.paragraph_format
        form.alignment = WD_ALIGN_PARAGRAPH.CENTER if centred else WD_ALIGN_PARAGRAPH.LEFT
        form.line_spacing = look.spacing
        form.space_before, form.space_after = Pt(before), Pt(0)
        form.keep_with_next = True
        rule = style.element.get_or_add_pPr().find(qn("w:pBdr"))
        if rule is not None:
            style.element.get_or_add_pPr().remove(rule)


def _small(
    word: WordFile, name: str, look: Look, size: Pt, *, before: int, after: int, keep: bool = False
) -> None:
    style = _style(word, name)
    _faces(style, look, look.east, size)
    style.font.bold = style.font.italic = False
    form = style.paragraph_format
    form.space_before, form.space_after = Pt(before), Pt(after)
    form.line_spacing, form.keep_with_next = 1.0, keep


def _style(word: WordFile, name: str) -> ParagraphStyle:
    if name not in [style.name for style in word.styles]:
        style = word.styles.add_style(name, WD_STYLE_TYPE.PARAGRAPH)
        style.base_style = word.styles["Normal"]
    found = word.styles[name]
    assert isinstance(found, ParagraphStyle)
    return found


def _faces(style: ParagraphStyle, look: Look, east: str, size: Pt) -> None:
    style.font.name, style.font.size = look.latin, size
    style.font.color.rgb = RGBColor(0, 0, 0)
    properties = style.element.get_or_add_rPr()
    faces = properties.get_or_add_rFonts()
    for attribute in ("asciiTheme", "hAnsiTheme", "eastAsiaTheme", "cstheme"):
        faces.attrib.pop(qn(f"w:{attribute}"), None)
    for attribute, face in (("eastAsia", east), ("ascii", look.latin), ("hAnsi", look.latin)):
        faces.set(qn(f"w:{attribute}"), face)
    # Letters spread apart, as in the template's title, are no part of the style.
    for extra in ("w:spacing", "w:kern"):
        found = properties.find(qn(extra))
        if found is not None:
            properties.remove(found)


def _language(word: WordFile, look: Look) -> None:
    """What the spelling check and the line breaks go by."""
    properties = _style(word, "Normal").element.get_or_add_rPr()
    tag = OxmlElement("w:lang")
    tag.set(qn("w:val"), "en-US")
    tag.set(qn("w:eastAsia"), "zh-CN")
    properties.append(tag)
