"""In which order the parts of a section stand in Word, with their numbers: paper is turned once at most."""

from __future__ import annotations

import re
from dataclasses import dataclass

from analysis.reporting.document import Document, Figure, Section, Table
from analysis.reporting.word_page import SIDEWAYS, UPRIGHT
from analysis.reporting.word_widths import Plan, plan

CAPTION_ROOM = 4.4
"""Centimetres kept free for a figure's caption and note on the page it stands on."""

WORTH_TURNING = 1.15
"""A drawing stands on paper on its side where it is so much larger there."""

FEW_LETTERS = 300
"""Of a section: three lines, for which no page is begun."""

_CENTIMETRES_PER_PIXEL = 2.54 / 96


@dataclass(frozen=True, slots=True)
class PlacedTable:
    """A table with its number and its columns' widths."""

    number: int
    table: Table
    plan: Plan
    kind: str = "table"

    @property
    def sideways(self) -> bool:
        """Whether it needs paper on its side."""
        return self.plan.sideways

    @property
    def caption(self) -> str:
        """Its title."""
        return self.table.caption


@dataclass(frozen=True, slots=True)
class PlacedFigure:
    """A figure with its number."""

    number: int
    figure: Figure
    kind: str = "figure"

    @property
    def sideways(self) -> bool:
        """Whether it needs paper on its side."""
        return lies(self.figure)

    @property
    def caption(self) -> str:
        """Its title."""
        return self.figure.caption


def shrink(figure: Figure, *, sideways: bool) -> float:
    """The share of its natural size at which a figure is shown, at most 1, with its caption and note."""
    across, down = (SIDEWAYS, UPRIGHT) if sideways else (UPRIGHT, SIDEWAYS)
    width, height = (_CENTIMETRES_PER_PIXEL * side for side in size_of(figure.svg))
    return min(1.0, across / width, (down - CAPTION_ROOM) / height)


def lies(figure: Figure) -> bool:
    """Whether a figure is larger, and so easier to read, on paper on its side."""
    return shrink(figure, sideways=True) > WORTH_TURNING * shrink(figure, sideways=False)


def begins_sideways(section: Section, parts: tuple[Placed, ...]) -> bool:
    """Whether a section's few words stand on the sideways page of its first part, not on one of their own."""
    said = sum(len(paragraph) for paragraph in section.paragraphs)
    return bool(parts) and parts[0].sideways and not section.cards and said <= FEW_LETTERS


def size_of(svg: str) -> tuple[float, float]:
    """Width and height of a drawing in pixels."""
    opening = svg[: svg.index(">")]
    width, height = (re.search(rf'\b{side}="([\d.]+)', opening) for side in ("width", "height"))
    if width is None or height is None:
        raise ValueError("a drawing states its width and height")
    return float(width.group(1)), float(height.group(1))


Placed = PlacedTable | PlacedFigure


def placed(document: Document) -> tuple[tuple[Placed, ...], ...]:
    """The parts of every section; turning the paper back and forth within one would leave empty pages."""
    figures = tables = 0
    out = []
    for section in document.sections:
        own: list[Placed] = []
        planned = [(table, plan(table)) for table in section.tables]
        # What stands first in the section stays first.
        turned = bool(planned) and planned[0][1].sideways
        for drawing in sorted(section.figures, key=lambda drawing: lies(drawing) != turned):
            figures += 1
            own.append(PlacedFigure(figures, drawing))
        for table, look in sorted(planned, key=lambda pair: pair[1].sideways != turned):
            tables += 1
            own.append(PlacedTable(tables, table, look))
        out.append(tuple(sorted(own, key=lambda part: part.sideways != turned)))
    return tuple(out)
