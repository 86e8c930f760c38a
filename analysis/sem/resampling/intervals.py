"""Intervals from bootstrap draws, by the definitions of lavaan's `boot.ci.type` and R's boot package.

Quantiles are order statistics at rank (R + 1) alpha, interpolated on the scale of normal quantiles between
neighbours (Davison & Hinkley, 1997, equation 5.8; `boot:::norm.inter`).
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from scipy.special import ndtr, ndtri

__all__ = ["acceleration", "bca", "normal", "percentile", "quantiles"]

Floats = NDArray[np.float64]


def quantiles(draws: Floats, alpha: Floats) -> Floats:
    """Quantiles (m, a) of the columns of draws (R, m) at alpha (m, a) or (a,)."""
    R, m = draws.shape
    ordered = np.sort(draws, axis=0)
    alpha = np.broadcast_to(alpha, (m, alpha.shape[-1]))
    rank = (R + 1) * alpha
    k = np.clip(np.floor(rank).astype(np.intp), 1, R - 1)
    column = np.arange(m)[:, None]
    low, high = ordered[k - 1, column], ordered[k, column]
    z, z0, z1 = ndtri(alpha), ndtri(k / (R + 1)), ndtri((k + 1) / (R + 1))
    share = np.clip((z - z0) / (z1 - z0), 0.0, 1.0)
    return np.asarray(low + share * (high - low))


def percentile(draws: Floats, level: float) -> Floats:
    """lavaan's "perc": (m, 2)."""
    return quantiles(draws, _tails(level))


def normal(draws: Floats, estimate: Floats, level: float) -> Floats:
    """lavaan's "norm": normal theory about the estimate less its bootstrap bias, (m, 2)."""
    centre = 2.0 * estimate - draws.mean(axis=0)
    return np.asarray(centre[:, None] + draws.std(axis=0, ddof=1)[:, None] * ndtri(_tails(level)))


def bca(draws: Floats, estimate: Floats, level: float, a: Floats | float = 0.0) -> Floats:
    """Bias-corrected and accelerated (Efron & Tibshirani, 1993, equation 14.10): (m, 2).

    a: (m,) accelerations; 0 gives lavaan's "bca.simple", bias-corrected only. A column that does not vary, or
    whose draws all lie on one side of the estimate, has no such interval: NaN.
    """
    below = (draws < estimate).mean(axis=0)
    usable = (below > 0.0) & (below < 1.0)
    w = ndtri(np.where(usable, below, 0.5))[:, None]
    z = w + ndtri(_tails(level))
    alpha = ndtr(w + z / (1.0 - np.asarray(a).reshape(-1, 1) * z))
    out = quantiles(draws, alpha)
    out[~usable] = np.nan
    return out


def acceleration(influence: tuple[Floats, Floats, Floats, Floats]) -> Floats:
    """Accelerations (m,) from (count, sums, sums of squares, sums of cubes) of empirical influence per group.

    count (G,), the others (G, m). sum U^3 / (6 (sum U^2)^1.5) with U centred within groups (Efron &
    Tibshirani, 1993, equation 14.15 with influence for jackknife values; Davison & Hinkley, 1997, equation
    5.29).
    """
    count, one, two, three = influence
    mean = one / count[:, None]
    squares = (two - mean * one).sum(axis=0)
    cubes = (three - 3.0 * mean * two + 2.0 * mean**2 * one).sum(axis=0)
    moves = squares > 0.0
    return np.where(moves, cubes / np.where(moves, 6.0 * np.maximum(squares, 0.0) ** 1.5, 1.0), 0.0)


def _tails(level: float) -> Floats:
    return np.array([(1.0 - level) / 2.0, (1.0 + level) / 2.0])
