"""HTMT and HTMT2 with percentile bootstrap intervals."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import combinations

import numpy as np
import pandas as pd

from analysis.measurement.correlation import correlation_matrix
from analysis.unavailable import Unavailable

COLUMNS = (
    "lhs", "rhs", "htmt", "htmt_lower", "htmt_upper", "htmt2", "htmt2_lower", "htmt2_upper", "draws",
)  # fmt: skip
CHUNK = 250
ENOUGH = 0.95
"""The share of draws that must give a value before their quantiles are called an interval."""


def discriminant_intervals(
    values: np.ndarray,
    blocks: Sequence[Sequence[int]],
    names: Sequence[str],
    *,
    seed: int,
    draws: int = 2000,
    confidence: float = 0.95,
) -> pd.DataFrame | Unavailable:
    """HTMT (Henseler, Ringle & Sarstedt 2015) and HTMT2 (Roemer, Schuberth & Henseler 2021) of every pair.

    - values: (n, p) complete answers, reversed items turned; blocks: columns of each construct, two or more
    - returns one row a pair, ``lhs rhs htmt htmt_lower htmt_upper htmt2 htmt2_lower htmt2_upper draws``;
      intervals are percentiles over resampled respondents, NaN where too few draws have a value

    HTMT2 takes geometric means, which needs correlations above 0 within every construct; where the mean of a
    construct's own absolute correlations is 0 the pair is NaN.
    """
    if len(blocks) < 2:
        return Unavailable("fewer than two constructs have two items")
    n = len(values)
    if n < 3 or (np.ptp(values, axis=0) == 0).any():
        return Unavailable(f"{n} complete rows, or items without variance")
    pairs = np.array(list(combinations(range(len(blocks)), 2)))
    point = _ratios(correlation_matrix(values)[None], blocks, pairs)
    rng = np.random.default_rng(seed)
    standard = (values - values.mean(axis=0)) / values.std(axis=0)
    drawn_blocks = [
        _ratios(_resampled(standard, min(CHUNK, draws - start), rng), blocks, pairs)
        for start in range(0, draws, CHUNK)
    ]
    found = np.concatenate(drawn_blocks) if drawn_blocks else np.empty((0, 2, len(pairs)))
    tails = ((1 - confidence) / 2, (1 + confidence) / 2)
    rows = []
    for place, (a, b) in enumerate(pairs):
        row: list[object] = [names[a], names[b]]
        for kind in (0, 1):
            drawn = found[:, kind, place]
            drawn = drawn[np.isfinite(drawn)]
            enough = len(drawn) >= ENOUGH * draws and draws > 1
            limits = np.quantile(drawn, tails) if enough else np.full(2, np.nan)
            row += [point[0, kind, place], *limits.tolist()]
        rows.append([*row, draws])
    return pd.DataFrame(rows, columns=list(COLUMNS))


def _resampled(standard: np.ndarray, draws: int, rng: np.random.Generator) -> np.ndarray:
    """Correlations of ``draws`` bootstrap samples of (n, p) data: (draws, p, p)."""
    n, p = standard.shape
    weights = rng.multinomial(n, np.full(n, 1 / n), size=draws) / n
    low, high = np.triu_indices(p)
    # All moments of all draws in one product of matrices, which is what keeps thousands of draws cheap.
    products = weights @ (standard[:, low] * standard[:, high])
    mean = weights @ standard
    moments = np.empty((draws, p, p))
    moments[:, low, high] = moments[:, high, low] = products
    covariance = moments - mean[:, :, None] * mean[:, None, :]
    sd = np.sqrt(np.clip(np.diagonal(covariance, axis1=1, axis2=2), 0, None))
    with np.errstate(divide="ignore", invalid="ignore"):
        correlation: np.ndarray = covariance / (sd[:, :, None] * sd[:, None, :])
    return correlation


def _ratios(correlation: np.ndarray, blocks: Sequence[Sequence[int]], pairs: np.ndarray) -> np.ndarray:
    """(draws, p, p) → (draws, 2, pairs): HTMT, then HTMT2."""
    size = np.abs(correlation)
    member = np.zeros((size.shape[1], len(blocks)))
    for place, block in enumerate(blocks):
        member[list(block), place] = 1.0
    counts = member.sum(axis=0)
    a, b = pairs.T
    out = np.empty((len(size), 2, len(pairs)))
    with np.errstate(divide="ignore", invalid="ignore"):
        for kind, part in enumerate((size, np.log(size))):
            sums = member.T @ part @ member
            diagonal = np.diagonal(part, axis1=1, axis2=2) @ member
            own = np.diagonal(sums, axis1=1, axis2=2) - diagonal
            within = own / (counts * (counts - 1))
            across = sums[:, a, b] / (counts[a] * counts[b])
            if kind == 0:
                out[:, 0] = across / np.sqrt(within[:, a] * within[:, b])
            else:
                out[:, 1] = np.exp(across - 0.5 * (within[:, a] + within[:, b]))
    return np.where(np.isfinite(out), out, np.nan)
