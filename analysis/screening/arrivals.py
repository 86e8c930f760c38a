"""Burst arrivals: how many others finished within minutes."""

from __future__ import annotations

import numpy as np

from analysis.unavailable import Unavailable

WINDOW = 300.0


def arrivals_near(arrived: np.ndarray | None, window: float = WINDOW) -> np.ndarray | Unavailable:
    """Others who finished within ± ``window`` seconds: (n,) seconds → (n,) counts; NaN for no time."""
    if arrived is None:
        return Unavailable("the table has no finishing times", "add finished_at in ISO 8601")
    known = np.sort(arrived[~np.isnan(arrived)])
    after = np.searchsorted(known, arrived + window, side="right")
    before = np.searchsorted(known, arrived - window, side="left")
    return np.where(np.isnan(arrived), np.nan, (after - before - 1).astype(float))
