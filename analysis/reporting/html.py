"""A document as one HTML file that needs no network and no other file."""

from __future__ import annotations

import base64
from functools import cache
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from analysis.reporting.document import Document, Section, Table
from analysis.reporting.symbols import marked
from analysis.reporting.word_widths import plan

PRINTED = 9.0
"""Points of a Times face that are as wide as the 8.5 of a page's own face."""

_FOLDER = Path(__file__).parent / "templates"


@cache
def _environment() -> Environment:
    environment = Environment(
        loader=FileSystemLoader(_FOLDER), autoescape=True, undefined=StrictUndefined, trim_blocks=True
    )
    # Only drawings made by the product itself are let through unescaped.
    environment.filters["drawing"] = Markup
    environment.filters["symbols"] = marked
    environment.filters["data_uri"] = _data_uri
    environment.filters["css_string"] = css_string
    environment.filters["wide"] = is_wide
    return environment


def to_html(document: Document) -> str:
    """The whole page; every cell is escaped."""
    return _environment().get_template("report.html.j2").render(document=document, as_images=False)


def section_html(section: Section) -> str:
    """What stands under one heading, for pages that bring their own frame and :func:`style`.

    Drawings are images here: a page's sanitiser takes inline SVG out.
    """
    return _environment().get_template("section.html.j2").render(section=section, as_images=True)


def is_wide(table: Table) -> bool:
    """Whether a table needs paper on its side: it does not fit upright in letters as large as a print's."""
    look = plan(table)
    return look.sideways or look.size < PRINTED


def _data_uri(svg: str) -> str:
    return f"data:image/svg+xml;base64,{base64.b64encode(svg.encode()).decode()}"


def css_string(text: str) -> Markup:
    """The text as a string of a style sheet: whatever could end it is written by its number."""
    letters = (f"\\{ord(letter):x} " if letter in '"\\<>&\n' else letter for letter in text)
    return Markup('"' + "".join(letters) + '"')


def style() -> str:
    """The style sheet that sections need."""
    return (_FOLDER / "style.css").read_text(encoding="utf-8")
