"""In which order the parts of a section stand in Word, with their numbers: paper is turned once at most."""

from __future__ import annotations

from dataclasses import dataclass

from analysis.reporting.document import Document, Figure, Table
from analysis.reporting.word_widths import Plan, plan

WIDE_FIGURE = 760.0
"""From this width on, in pixels, a drawing stands on paper on its side, where its letters stay readable."""


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
        return self.figure.width >= WIDE_FIGURE

    @property
    def caption(self) -> str:
        """Its title."""
        return self.figure.caption


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
        for drawing in sorted(section.figures, key=lambda drawing: (drawing.width >= WIDE_FIGURE) != turned):
            figures += 1
            own.append(PlacedFigure(figures, drawing))
        for table, look in sorted(planned, key=lambda pair: pair[1].sideways != turned):
            tables += 1
            own.append(PlacedTable(tables, table, look))
        out.append(tuple(sorted(own, key=lambda part: part.sideways != turned)))
    return tuple(out)
