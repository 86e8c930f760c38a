"""Parcels: a construct's score as the mean of its answered items."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

import numpy as np
import pandas as pd


def row_means(values: np.ndarray, minimum: int) -> np.ndarray:
    """Mean of each row's answered values, NaN where fewer than ``minimum`` are answered. values: (n, k)."""
    answered = np.isfinite(values)
    count = answered.sum(axis=1)
    total = np.where(answered, values, 0.0).sum(axis=1)
    enough = count >= max(minimum, 1)
    return np.where(enough, total / np.where(enough, count, 1), np.nan)


def parcel_means(scored: pd.DataFrame, members: Mapping[str, Iterable[str]], minimum: int) -> pd.DataFrame:
    """One column a construct of ``members`` (construct → item codes).

    ``minimum`` items must be answered, or all of them where the construct has fewer. Items that are not
    columns of ``scored`` are left out; a construct with none gets no column.
    """
    values = scored.to_numpy(dtype=float)
    place = {code: k for k, code in enumerate(scored.columns)}
    parcels: dict[str, np.ndarray] = {}
    for construct, codes in members.items():
        present = [place[code] for code in codes if code in place]
        if present:
            parcels[construct] = row_means(values[:, present], min(minimum, len(present)))
    return pd.DataFrame(parcels, index=scored.index, dtype=float)
