"""Columns of a caller's table as numbers, whatever their type; what cannot be read is named."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from analysis.sem.errors import DataError

__all__ = ["codes_of", "labels_of", "numbers"]

Floats = NDArray[np.float64]
Ints = NDArray[np.intp]

# A table of up to so many times the columns wanted is taken as a whole where all of it is numbers.
WIDE = 4


def numbers(data: pd.DataFrame, names: Sequence[str], ordered: Collection[str] = ()) -> Floats:
    """Columns as (n, p), NaN where missing.

    Integers, booleans, nullable and Arrow types, and text or categories that read as numbers are accepted; an
    ordered variable may also have categories with any labels, which stand for their order.
    Raises DataError on a missing or doubled column, text that is no number, and infinite values.
    """
    columns = data.columns
    of_name = {name: k for k, name in enumerate(columns)}
    for name in names:
        if name not in of_name:
            raise DataError(
                f"there is no column {name}",
                place="data",
                mend="Check the spelling in the model, or add the column.",
            )
    if not columns.is_unique and columns.isin(list(names)).sum() != len(names):
        twice = next(n for n in names if int((columns == n).sum()) > 1)
        raise DataError(
            f"there are several columns {twice}", place="data", mend="Keep or rename one of them."
        )
    places = [of_name[name] for name in names]
    kinds = [_is_plain(dtype) for dtype in data.dtypes]
    if data.shape[1] <= WIDE * len(names) and all(kinds):
        # Picking columns of an array costs a tenth of picking them of a frame.
        values = data.to_numpy(dtype=np.float64)[:, places]
    elif all(kinds[place] for place in places):
        values = data.take(places, axis=1).to_numpy(dtype=np.float64)
    else:
        values = np.column_stack(
            [_column(data.iloc[:, k], name, name in ordered) for k, name in zip(places, names, strict=True)]
        )
    if np.isinf(values).any():
        bad = [name for name, column in zip(names, values.T, strict=True) if np.isinf(column).any()]
        raise DataError(
            f"infinite values in {', '.join(bad)}", place="data", mend="Replace them, or leave them empty."
        )
    return values


def _is_plain(dtype: object) -> bool:
    """Integers and floating-point numbers of numpy, which need no reading."""
    return isinstance(dtype, np.dtype) and dtype.kind in "fiu"


def _column(column: pd.Series[Any], name: str, ordered: bool) -> Floats:
    if _is_plain(column.dtype):
        return column.to_numpy(dtype=np.float64)
    if isinstance(column.dtype, pd.CategoricalDtype):
        levels = pd.to_numeric(pd.Series(column.cat.categories), errors="coerce").to_numpy(dtype=np.float64)
        if np.isnan(levels).any():
            if not ordered:
                raise _no_number(name, column.cat.categories[int(np.isnan(levels).argmax())])
            levels = np.arange(1.0, len(levels) + 1.0)
        codes = column.cat.codes.to_numpy()
        return np.where(codes < 0, np.nan, levels[codes] if len(levels) else np.nan)
    if pd.api.types.is_datetime64_any_dtype(column.dtype):
        raise _no_number(name, column.dropna().iloc[0] if column.notna().any() else "a date")
    if pd.api.types.is_complex_dtype(column.dtype):
        raise _no_number(name, column.iloc[0] if len(column) else "a complex number")
    values = pd.to_numeric(column, errors="coerce")
    lost = values.isna() & column.notna()
    if lost.any():
        raise _no_number(name, column[lost].iloc[0])
    return np.asarray(values.to_numpy(dtype=np.float64, na_value=np.nan))


def _no_number(name: str, value: object) -> DataError:
    return DataError(
        f"{name} has the value {value!r}, which is not a number",
        place="data",
        mend="Recode the column to numbers; leave missing values empty.",
    )


def labels_of(column: pd.Series[Any]) -> tuple[tuple[str, ...], Ints]:
    """Labels in order of first appearance, as text, and the code of each row: -1 where missing."""
    codes, uniques = pd.factorize(column)
    return tuple(_text(value) for value in uniques), np.asarray(codes, dtype=np.intp)


def codes_of(column: pd.Series[Any]) -> Ints:
    """Codes 0.. of the values of a column, -1 where missing: (n,)."""
    return np.asarray(pd.factorize(column)[0], dtype=np.intp)


def _text(value: object) -> str:
    if isinstance(value, float | np.floating) and float(value).is_integer():
        return str(int(value))
    return str(value)
