"""What an import did, column by column and value by value."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field

import pandas as pd

LISTED = 30
"""Said one by one where nobody can scroll; more say the same again."""


@dataclass(frozen=True, slots=True)
class ColumnEntry:
    """``column`` became ``code`` (empty: not mapped), ``how`` or why not; cells by what came of them."""

    column: str
    code: str
    how: str
    read: int = 0
    blank: int = 0
    unread: int = 0


@dataclass(frozen=True, slots=True)
class ValueEntry:
    """The text ``text``, ``count`` times in ``column``; ``rating`` 0 for no answer, None where unread."""

    code: str
    column: str
    scale: str
    text: str
    count: int
    rating: int | None
    how: str


@dataclass(frozen=True, slots=True)
class Suspicion:
    """Answers that can be read but may mean something else.

    ``said`` is the finding and ``mend`` what to do, sentences without their full stop. ``cure`` is what a
    person may say to have them read the other way: code of an item or scale → text → rating. ``open`` while
    nothing should be computed before someone has decided; ``keep`` then is what says that all is as written.
    """

    where: str
    said: str
    mend: str
    cure: dict[str, dict[str, int]] = field(default_factory=dict)
    keep: dict[str, dict[str, int]] = field(default_factory=dict)
    open: bool = False

    def __str__(self) -> str:
        return f"{self.where}: {self.said}. {self.mend}."


@dataclass(frozen=True, slots=True)
class Account:
    """Everything an import did; nothing of the file is outside it.

    ``absent`` names items, checks and questions that no column holds; ``notes`` are whole sentences.
    """

    tool: str
    why: str
    rows: int
    columns: tuple[ColumnEntry, ...]
    values: tuple[ValueEntry, ...]
    absent: tuple[str, ...]
    notes: tuple[str, ...]
    suspicions: tuple[Suspicion, ...] = ()

    @property
    def unread(self) -> tuple[ValueEntry, ...]:
        """Texts that could not be read; their cells are empty in the table."""
        return tuple(value for value in self.values if value.rating is None)

    def column_frame(self) -> pd.DataFrame:
        """One row a column of the file."""
        return pd.DataFrame(
            [(c.column, c.code, c.how, c.read, c.blank, c.unread) for c in self.columns],
            columns=["column", "code", "how", "read", "blank", "unread"],
        )

    def value_frame(self) -> pd.DataFrame:
        """One row a column and distinct text."""
        return pd.DataFrame(
            [(v.code, v.text, v.count, v.rating, v.how) for v in self.values],
            columns=["code", "text", "count", "rating", "how"],
        )

    def __str__(self) -> str:
        taken = [c for c in self.columns if c.code]
        lines = [
            f"{self.tool}: {self.why}; {self.rows} rows; {len(taken)} of {len(self.columns)} columns mapped"
        ]
        lines += _first([f"left: “{c.column}” – {c.how}" for c in self.columns if not c.code])
        lines += [f"no answer: {said}" for said in _first(_totals(v for v in self.values if v.rating == 0))]
        lines += [f"not read: {said}; these cells are empty now" for said in _first(_totals(self.unread))]
        lines += [f"no column holds {', '.join(self.absent)}"] if self.absent else []
        return "\n".join([*lines, *self.notes, *(f"look at this – {one}" for one in self.suspicions)])


def _totals(values: Iterable[ValueEntry]) -> list[str]:
    """Each text once, with where it stands and how often."""
    where: dict[tuple[str, str], list[ValueEntry]] = defaultdict(list)
    for value in values:
        where[value.text, value.how].append(value)
    said = []
    for (text, how), entries in where.items():
        codes = ", ".join(entry.code for entry in entries[:4]) + ("…" if len(entries) > 4 else "")
        said.append(f"“{text}” in {codes}, {sum(entry.count for entry in entries)}× – {how}")
    return said


def _first(said: list[str]) -> list[str]:
    more = len(said) - LISTED
    return [*said[:LISTED], f"… and {more} more"] if more > 0 else said
