"""Long string: the longest run of identical consecutive answers."""

from __future__ import annotations

import numpy as np


def longstring(raw: np.ndarray) -> np.ndarray:
    """Longest run per row, as ``careless::longstring``: (n, p) → (n,); NaN for a row without answers.

    A missing answer ends a run (Johnson 2005).
    """
    n, p = raw.shape
    run = np.zeros(n)
    best = np.zeros(n)
    for column in range(p):
        value = raw[:, column]
        same = (value == raw[:, column - 1]) if column else np.zeros(n, dtype=bool)
        run = np.where(np.isnan(value), 0, np.where(same, run + 1, 1))
        best = np.maximum(best, run)
    return np.where(best > 0, best, np.nan)
