"""The columns of a parameter table as plain lists, made once a table: frames are slow to read."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from analysis.sem.table.parameter_table import ParameterTable

__all__ = ["Columns", "columns_of"]


@dataclass(frozen=True, slots=True)
class Columns:
    """Columns in row order, := and == rows included."""

    lhs: list[str]
    op: list[str]
    rhs: list[str]
    user: list[int]
    group: list[int]
    free: list[int]
    ustart: list[float]
    exo: list[int]
    label: list[str]
    plabel: list[str]

    def __len__(self) -> int:
        return len(self.lhs)


# Tables compare by identity; the few in use at a time are those of one fit and its extensions.
@lru_cache(maxsize=8)
def columns_of(table: ParameterTable) -> Columns:
    """Columns of a table, which nobody may change."""
    rows = table.rows
    return Columns(*(rows[name].tolist() for name in Columns.__slots__))
