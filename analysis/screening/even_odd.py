"""Even–odd consistency: does each construct's first half agree with its second?"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from analysis.preparation.parcels import row_means
from analysis.unavailable import Unavailable

LEAST_PAIRS = 3


def even_odd(turned: np.ndarray, blocks: Sequence[Sequence[int]]) -> np.ndarray | Unavailable:
    """Minus the Spearman–Brown corrected within-person correlation of half-scale means.

    turned: (n, p) reverse-coded; blocks: item columns per construct. Returns (n,), −1 consistent … +1
    careless: the sign of ``careless::evenodd`` since its release 1.2. Odd items of a construct are its
    1st, 3rd, …; r' = 2r/(1 + r), not below −1. NaN where fewer than three constructs have both halves or
    a side is constant.
    """
    usable = [list(block) for block in blocks if len(block) > 1]
    if len(usable) < LEAST_PAIRS:
        return Unavailable(f"only {len(usable)} constructs have two items; a correlation needs {LEAST_PAIRS}")
    odd = np.column_stack([row_means(turned[:, block[0::2]], 1) for block in usable])
    even = np.column_stack([row_means(turned[:, block[1::2]], 1) for block in usable])
    r = row_correlations(odd, even)
    floor = r <= -1 / 3
    return -np.where(floor, -1.0, 2 * r / np.where(floor, 1.0, 1 + r))


def row_correlations(left: np.ndarray, right: np.ndarray) -> np.ndarray:
    """Pearson correlation of each row of left with the same row of right, over pairs without NaN.

    (n, m), (n, m) → (n,); NaN for fewer than three pairs or a constant side.
    """
    both = ~(np.isnan(left) | np.isnan(right))
    count = both.sum(axis=1)
    safe = np.maximum(count, 1)[:, None]
    x, y = np.where(both, left, 0.0), np.where(both, right, 0.0)
    x = np.where(both, x - x.sum(axis=1, keepdims=True) / safe, 0.0)
    y = np.where(both, y - y.sum(axis=1, keepdims=True) / safe, 0.0)
    spread = np.sqrt((x**2).sum(axis=1) * (y**2).sum(axis=1))
    usable = (count >= LEAST_PAIRS) & (spread > 1e-12)
    return np.where(usable, (x * y).sum(axis=1) / np.where(usable, spread, 1.0), np.nan)
