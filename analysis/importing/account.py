"""What an import did, column by column and value by value."""

from __future__ import annotations

from dataclasses import dataclass

import pandas as pd


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
    """The text ``text``, ``count`` times in ``column``; ``rating`` None where it could not be read."""

    code: str
    column: str
    scale: str
    text: str
    count: int
    rating: int | None
    how: str


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
        lines += [f"left: “{c.column}” – {c.how}" for c in self.columns if not c.code]
        lines += [
            f"not read: “{v.text}” in {v.code}, {v.count} times – {v.how}; these cells are empty now"
            for v in self.unread
        ]
        lines += [f"no column holds {', '.join(self.absent)}"] if self.absent else []
        return "\n".join([*lines, *self.notes])
