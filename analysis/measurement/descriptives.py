"""How each item was answered: moments, floor, ceiling and counts by category."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pandas as pd

COLUMNS = ("n", "missing", "mean", "sd", "skew", "kurtosis", "floor", "ceiling")


def skewness(x: np.ndarray) -> float:
    """Adjusted Fisher–Pearson skewness G1 (Joanes & Gill 1998, b = 2); NaN for n < 3 or no variance."""
    n, centred = len(x), x - x.mean()
    m2 = float(np.mean(centred**2))
    if n < 3 or m2 <= 0:
        return np.nan
    return float(np.mean(centred**3) / m2**1.5 * np.sqrt(n * (n - 1)) / (n - 2))


def excess_kurtosis(x: np.ndarray) -> float:
    """Adjusted excess kurtosis G2 (Joanes & Gill 1998); NaN for n < 4 or no variance."""
    n, centred = len(x), x - x.mean()
    m2 = float(np.mean(centred**2))
    if n < 4 or m2 <= 0:
        return np.nan
    g2 = float(np.mean(centred**4) / m2**2 - 3)
    return (n - 1) / ((n - 2) * (n - 3)) * ((n + 1) * g2 + 6)


def describe_item(values: np.ndarray, points: int) -> dict[str, float]:
    """The figures of COLUMNS for one item; floor and ceiling are shares of the answers given.

    values: (n,) codes 1…points, NaN for missing. sd divides by n − 1. What too few answers leave undefined
    is NaN.
    """
    x = values[~np.isnan(values)]
    n = len(x)
    return {
        "n": n,
        "missing": len(values) - n,
        "mean": float(x.mean()) if n else np.nan,
        "sd": float(x.std(ddof=1)) if n > 1 else np.nan,
        "skew": skewness(x) if n else np.nan,
        "kurtosis": excess_kurtosis(x) if n else np.nan,
        "floor": float(np.mean(x == 1)) if n else np.nan,
        "ceiling": float(np.mean(x == points)) if n else np.nan,
    }


def category_counts(values: np.ndarray, points: int) -> np.ndarray:
    """How often each of 1…points was chosen: (points,) integers."""
    x = values[~np.isnan(values)].astype(int)
    return np.bincount(x, minlength=points + 1)[1 : points + 1]


def describe_items(items: pd.DataFrame, points: Mapping[str, int]) -> pd.DataFrame:
    """One row an item: ``item`` and COLUMNS."""
    rows = [{"item": c, **describe_item(items[c].to_numpy(dtype=float), points[c])} for c in map(str, items)]
    return pd.DataFrame(rows, columns=["item", *COLUMNS])


def count_categories(items: pd.DataFrame, points: Mapping[str, int]) -> pd.DataFrame:
    """One row an item and category: ``item category count``."""
    rows = [
        {"item": code, "category": category, "count": int(count)}
        for code in map(str, items)
        for category, count in enumerate(category_counts(items[code].to_numpy(dtype=float), points[code]), 1)
    ]
    return pd.DataFrame(rows, columns=["item", "category", "count"])
