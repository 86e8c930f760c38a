"""A report as data: sections of paragraphs, tables and figures, every cell already text.

HTML, Word and the workbench render the same document, so a number is formatted once and is the same
everywhere.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Table:
    """``rows`` hold printed cells, one per column; ``numeric`` says which columns align right."""

    key: str
    caption: str
    columns: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    numeric: tuple[bool, ...]
    note: str = ""


@dataclass(frozen=True, slots=True)
class Figure:
    """A drawing as SVG with its caption and a note on how to read it; ``width`` in pixels at full size."""

    key: str
    caption: str
    svg: str
    width: float
    note: str = ""


@dataclass(frozen=True, slots=True)
class Card:
    """One verdict at a glance; ``tone`` is for, against, open or closed."""

    code: str
    claim: str
    verdict: str
    tone: str
    detail: str


@dataclass(frozen=True, slots=True)
class Section:
    """A heading with what stands under it, in order; ``chapter`` is the heading above it, if any."""

    key: str
    title: str
    paragraphs: tuple[str, ...] = ()
    cards: tuple[Card, ...] = ()
    figures: tuple[Figure, ...] = ()
    tables: tuple[Table, ...] = ()
    chapter: str = ""


@dataclass(frozen=True, slots=True)
class Document:
    """A whole report in one language; ``stamp`` is printed on every page when the data are synthetic."""

    title: str
    subtitle: str
    language: str
    stamp: str
    sections: tuple[Section, ...]
