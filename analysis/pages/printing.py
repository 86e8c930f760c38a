"""Frames as printed tables: one place rounds, an interval is one column, columns have names people read."""

from __future__ import annotations

import pandas as pd

from analysis.pages.words import Words
from analysis.reporting.document import Table
from analysis.reporting.frames import plain
from analysis.reporting.numbers import interval, number, pvalue, whole

COUNTS = frozenset({"df", "df_diff", "n_obs", "n", "count", "removed", "read", "blank", "unread"})
PROBABILITIES = frozenset({"pvalue", "pvalue_scaled"})
INTERVAL = "95% CI"


def printed(frame: pd.DataFrame) -> pd.DataFrame:
    """The frame's cells as text, ``ci_lower`` and ``ci_upper`` as one interval."""
    shown: dict[str, list[str]] = {}
    for name in map(str, frame.columns):
        if name == "ci_upper" and "ci_lower" in frame:
            continue
        if name == "ci_lower" and "ci_upper" in frame:
            pairs = zip(frame["ci_lower"], frame["ci_upper"], strict=True)
            shown[INTERVAL] = [interval(low, high) for low, high in pairs]
            continue
        look = whole if name in COUNTS else pvalue if name in PROBABILITIES else number
        text = not pd.api.types.is_numeric_dtype(frame[name]) or pd.api.types.is_bool_dtype(frame[name])
        shown[name] = [plain(value) if text else look(value) for value in frame[name].tolist()]
    return pd.DataFrame(shown)


def table_of(key: str, caption: str, frame: pd.DataFrame, say: Words) -> Table:
    """The frame as a table to read and to download, its columns named in the page's language."""
    cells = printed(frame)
    names = [str(name) for name in cells.columns]
    numeric = tuple(
        name == INTERVAL
        or (pd.api.types.is_numeric_dtype(frame[name]) and not pd.api.types.is_bool_dtype(frame[name]))
        for name in names
    )
    rows = tuple(tuple(map(str, row)) for row in cells.itertuples(index=False, name=None))
    return Table(key, caption, tuple(say.known(f"column_{name}", name) for name in names), rows, numeric)
