"""From a data frame to a printed table."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

import pandas as pd

from analysis.reporting.document import Table
from analysis.reporting.numbers import bounded, degrees, number, pvalue, whole
from analysis.reporting.wording import Words

Formatter = Callable[[object], str]


def plain(value: object) -> str:
    """Text as it is; nothing where there is nothing."""
    return "" if value is None or value is pd.NA or value != value else str(value)


def frame_table(
    key: str,
    caption: str,
    frame: pd.DataFrame,
    columns: Mapping[str, tuple[str, Formatter]],
    note: str = "",
    words: Sequence[Formatter] = (plain,),
) -> Table:
    """The named columns of ``frame`` (name → heading and formatter) as a table; absent ones are left out.

    Columns whose formatter is one of ``words`` hold text, all others numbers.
    """
    shown = {name: look for name, look in columns.items() if name in frame.columns}
    rows = tuple(
        tuple(look[1](value) for look, value in zip(shown.values(), row, strict=True))
        for row in frame[list(shown)].itertuples(index=False, name=None)
    )
    numeric = tuple(look[1] not in words for look in shown.values())
    return Table(key, caption, tuple(look[0] for look in shown.values()), rows, numeric, note)


def fit_looks(words: Words, names: Sequence[str]) -> dict[str, tuple[str, Formatter]]:
    """Headings and formatters of the fit measures ``names``, the same in every table that shows them."""

    def criterion(value: object) -> str:
        return number(value, 1)

    def statistic(value: object) -> str:
        return number(value, 2)

    looks: dict[str, tuple[str, Formatter]] = {
        "model": (words("model"), plain),
        "n_obs": ("n", whole),
        "chisq": ("χ²", statistic),
        "df": ("df", degrees),
        "pvalue": ("p", pvalue),
        "pvalue_scaled": (words("p_scaled"), pvalue),
        "pvalue_drawn": (words("p_drawn"), str),
        "cfi": ("CFI", bounded),
        "tli": ("TLI", bounded),
        "rmsea": ("RMSEA", bounded),
        "srmr": ("SRMR", bounded),
        "aic": ("AIC", criterion),
        "bic": ("BIC", criterion),
        "chisq_diff": ("Δχ²", statistic),
        "df_diff": ("Δdf", degrees),
    }
    return {name: looks[name] for name in names}


def square_table(key: str, caption: str, frame: pd.DataFrame, corner: str, note: str = "") -> Table:
    """The lower triangle of a symmetric frame, its labels in the first column."""
    labels = [str(label) for label in frame.index]
    rows = []
    values = frame.to_numpy(dtype=float).tolist()
    for i, label in enumerate(labels):
        cells = [bounded(values[i][j], 2) if j <= i else "" for j in range(len(labels))]
        rows.append((label, *cells))
    return Table(key, caption, (corner, *labels), tuple(rows), (False, *([True] * len(labels))), note)


def smart(
    frame: pd.DataFrame, heading: Callable[[str], str], text: Formatter = plain
) -> dict[str, tuple[str, Formatter]]:
    """A formatter by each column's type: ``text``, counts, or three digits."""
    looks: dict[str, tuple[str, Formatter]] = {}
    for name, kind in frame.dtypes.items():
        if pd.api.types.is_integer_dtype(kind):
            look: Formatter = whole
        else:
            look = number if pd.api.types.is_float_dtype(kind) else text
        looks[str(name)] = (heading(str(name)), look)
    return looks
