"""A report as data: sections of paragraphs, tables and figures, every cell already text.

HTML, Word and the workbench render the same document, so a number is formatted once and is the same
everywhere.
"""

from __future__ import annotations

from dataclasses import dataclass, replace


@dataclass(frozen=True, slots=True)
class Table:
    """``rows`` hold printed cells, one per column; ``numeric`` says which columns align right.

    Every line of ``note`` is a paragraph of its own.
    """

    key: str
    caption: str
    columns: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    numeric: tuple[bool, ...]
    note: str = ""


def without_blank(table: Table) -> Table:
    """The table without columns in which nothing stands in any row, as remarks where there are none."""
    kept = [k for k in range(len(table.columns)) if not table.rows or any(row[k] for row in table.rows)]
    return replace(
        table,
        columns=tuple(table.columns[k] for k in kept),
        rows=tuple(tuple(row[k] for k in kept) for row in table.rows),
        numeric=tuple(table.numeric[k] for k in kept),
    )


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
    """One verdict at a glance; ``tone`` is for, against, open or closed.

    ``caveat``: what a reader must know of the hypothesis, under the heading ``caveat_title``.
    """

    code: str
    claim: str
    verdict: str
    tone: str
    detail: str
    caveat_title: str = ""
    caveat: str = ""


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
