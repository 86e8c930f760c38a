"""Intra-individual response variability: how much one respondent's answers vary."""

from __future__ import annotations

import numpy as np


def irv(raw: np.ndarray) -> np.ndarray:
    """Standard deviation (n − 1) of each row's answers, as ``careless::irv`` (Dunn et al. 2018).

    (n, p) → (n,); NaN for fewer than two answers. Straight-lining gives 0.
    """
    seen = ~np.isnan(raw)
    count = seen.sum(axis=1)
    enough = count > 1
    safe = np.where(enough, count, 2)
    values = np.where(seen, raw, 0.0)
    mean = values.sum(axis=1) / safe
    squares = np.where(seen, (raw - mean[:, None]) ** 2, 0.0).sum(axis=1)
    return np.where(enough, np.sqrt(squares / (safe - 1)), np.nan)
