"""Slopes of the discrepancies of complete data, for many draws at once.

Each function takes implied moments of b draws (or of one theta for all) and the draws' cov (b, p, p), mean
(b, p) and gives the derivatives by sigma and mu of half the discrepancy, which is the value the engine
minimises:

- ML (Joreskog, 1967): log|Sigma| + tr(S Sigma^-1) + (m - mu)' Sigma^-1 (m - mu) - log|S| - p
- GLS (Joreskog & Goldberger, 1972): tr(((S - Sigma) S^-1)^2) / 2 + (m - mu)' S^-1 (m - mu)
- ULS: sum of squared differences of the distinct moments

Without a mean structure `mean` is None, and so is the slope in mu.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from analysis.sem.resampling.batched_moments import Moments

__all__ = ["SLOPES", "gls_slope", "ml_slope", "ml_value", "uls_slope"]

Floats = NDArray[np.float64]
Slope: TypeAlias = Callable[[Moments, Floats, Floats | None], tuple[Floats, Floats | None]]


def ml_slope(at: Moments, cov: Floats, mean: Floats | None) -> tuple[Floats, Floats | None]:
    """Slope of the normal-theory likelihood."""
    P, mu = at.inverse(), at.mu
    dmu = None
    if mean is not None:
        d = mean - mu
        cov = cov + d[:, :, None] * d[:, None, :]
        dmu = -(P @ d[:, :, None])[:, :, 0]
    slope = P @ cov @ P
    np.subtract(P, slope, out=slope)
    slope *= 0.5
    return slope, dmu


def ml_value(at: Moments, cov: Floats, mean: Floats | None) -> Floats:
    """The discrepancy itself (b,), infinite where sigma is not positive definite."""
    sigma, mu = at.sigma, at.mu
    sign, logdet = np.linalg.slogdet(sigma)
    P = np.linalg.inv(sigma)
    value = logdet - np.linalg.slogdet(cov)[1] - sigma.shape[-1] + np.einsum("bij,bji->b", P, cov)
    if mean is not None:
        d = mean - mu
        value += np.einsum("bi,bij,bj->b", d, P, d)
    return np.where(sign > 0, value, np.inf)


def gls_slope(at: Moments, cov: Floats, mean: Floats | None) -> tuple[Floats, Floats | None]:
    """Slope of generalised least squares, weighted by the draw's own covariance matrix."""
    P = np.linalg.inv(cov)
    dmu = None if mean is None else (P @ (at.mu - mean)[:, :, None])[:, :, 0]
    return 0.5 * P @ (at.sigma - cov) @ P, dmu


def uls_slope(at: Moments, cov: Floats, mean: Floats | None) -> tuple[Floats, Floats | None]:
    """Slope of unweighted least squares; each covariance counts once, as a variance does."""
    slope = 0.5 * (at.sigma - cov)
    p = cov.shape[-1]
    slope[:, np.arange(p), np.arange(p)] *= 2.0
    return slope, None if mean is None else at.mu - mean


SLOPES: dict[str, Slope] = {"ML": ml_slope, "GLS": gls_slope, "ULS": uls_slope}
