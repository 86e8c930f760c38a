"""Psychometric synonyms and antonyms: do items that go together in the sample go together in the person?"""

from __future__ import annotations

import numpy as np

from analysis.screening.even_odd import LEAST_PAIRS, row_correlations
from analysis.unavailable import Unavailable

CRITICAL = 0.60
SWAPS = 25


def psychometric_pairs(
    raw: np.ndarray, *, antonyms: bool, seed: int, critical: float = CRITICAL
) -> np.ndarray | Unavailable:
    """Within-person correlation over item pairs that correlate beyond ``critical`` in the sample.

    raw: (n, p). Returns (n,) as ``careless::psychsyn`` (``psychant`` with ``antonyms``, pairs below
    −critical). Where one order of the pairs leaves a side constant, up to 25 random orders within the
    pairs are tried, as ``resample_na`` does there, drawn from ``seed``. NaN where none helps.
    """
    first, second = _pairs(raw, -critical if antonyms else critical)
    kind = "antonyms (below −" if antonyms else "synonyms (above "
    if len(first) < LEAST_PAIRS:
        return Unavailable(f"only {len(first)} pairs of items are {kind}{critical:.2f})")
    left, right = raw[:, first], raw[:, second]
    values = row_correlations(left, right)
    rng = np.random.default_rng(seed)
    for _ in range(SWAPS):
        stuck = np.flatnonzero(np.isnan(values))
        if not len(stuck):
            break
        swap = rng.random((len(stuck), len(first))) < 0.5
        a, b = left[stuck], right[stuck]
        values[stuck] = row_correlations(np.where(swap, b, a), np.where(swap, a, b))
    return values


def _pairs(raw: np.ndarray, critical: float) -> tuple[np.ndarray, np.ndarray]:
    correlation = pairwise_correlations(raw)
    low = np.tril(np.ones_like(correlation, dtype=bool), -1)
    chosen = low & (correlation < critical if critical < 0 else correlation > critical)
    rows, columns = np.nonzero(chosen)
    return rows, columns


def pairwise_correlations(values: np.ndarray) -> np.ndarray:
    """Correlations of the columns over pairwise complete rows: (n, p) → (p, p); 0 where undefined."""
    seen = (~np.isnan(values)).astype(float)
    x = np.where(seen > 0, values, 0.0)
    n = seen.T @ seen
    safe = np.maximum(n, 1.0)
    mean = (x.T @ seen) / safe
    product = (x.T @ x) / safe - mean * mean.T
    variance = ((x**2).T @ seen) / safe - mean**2
    scale = np.sqrt(np.clip(variance, 0.0, None) * np.clip(variance.T, 0.0, None))
    usable = (n > 2) & (scale > 1e-12)
    return np.where(usable, product / np.where(usable, scale, 1.0), 0.0)
