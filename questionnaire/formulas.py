"""Text that a spreadsheet program would run, made harmless and made whole again."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import pandas as pd

FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r")
"""A cell that begins so is run as a formula by spreadsheet programs, whoever typed it."""


def harmless(value: object) -> object:
    """Text that a spreadsheet would run gets an apostrophe in front; everything else stays as it is."""
    return f"'{value}" if isinstance(value, str) and value.startswith(FORMULA_STARTS) else value


def as_typed(value: object) -> object:
    """The text that :func:`harmless` was given."""
    marked = isinstance(value, str) and value[:1] == "'" and value[1:].startswith(FORMULA_STARTS)
    return str(value)[1:] if marked else value


def harmless_table(table: pd.DataFrame) -> pd.DataFrame:
    """The table with :func:`harmless` applied to every text; to be used for every CSV that people open."""
    safe = table.copy(deep=False)
    for name in text_columns(table):
        safe[name] = table[name].map(harmless, na_action="ignore")
    return safe


def text_columns(table: pd.DataFrame) -> list[str]:
    """Names of the columns that may hold text."""
    return [str(name) for name, kind in table.dtypes.items() if str(kind) in ("object", "str", "string")]
