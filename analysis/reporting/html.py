"""A document as one HTML file that needs no network and no other file."""

from __future__ import annotations

from functools import cache
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined, Template
from markupsafe import Markup

from analysis.reporting.document import Document


@cache
def _template() -> Template:
    folder = Path(__file__).parent / "templates"
    environment = Environment(
        loader=FileSystemLoader(folder), autoescape=True, undefined=StrictUndefined, trim_blocks=True
    )
    # Only drawings made by the product itself are let through unescaped.
    environment.filters["drawing"] = Markup
    return environment.get_template("report.html.j2")


def to_html(document: Document) -> str:
    """The page as text; every cell is escaped."""
    return _template().render(document=document)
