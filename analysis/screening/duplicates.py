"""Duplicates: the largest share of equal answers with any other respondent."""

from __future__ import annotations

import numpy as np

from analysis.unavailable import Unavailable

LARGEST = 20_000
CHUNK = 512


def largest_match(raw: np.ndarray) -> np.ndarray | Unavailable:
    """Maximum percent match (Kuriakose & Robbins 2016): (n, p) → (n,) in 0…1, 1 an exact copy.

    A pair is compared over the items both answered, at least half of all; NaN where there is no such pair.
    """
    n, p = raw.shape
    if n > LARGEST:
        return Unavailable(f"comparing {n} respondents pair by pair takes too long (at most {LARGEST})")
    seen = (~np.isnan(raw)).astype(np.float32)
    categories = np.unique(raw[~np.isnan(raw)])
    coded = (
        np.concatenate([(raw == c) for c in categories], axis=1).astype(np.float32)
        if len(categories)
        else seen
    )
    best = np.full(n, np.nan)
    for start in range(0, n, CHUNK):
        rows = slice(start, min(start + CHUNK, n))
        both = seen[rows] @ seen.T
        share = (coded[rows] @ coded.T) / np.maximum(both, 1)
        share[both < max(1, p / 2)] = -1
        share[np.arange(share.shape[0]), np.arange(rows.start, rows.stop)] = -1
        top = share.max(axis=1)
        best[rows] = np.where(top >= 0, top, np.nan)
    return best
