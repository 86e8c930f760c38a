"""Reliability of a sum or mean of items: alpha, omega, composite reliability, average variance extracted."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd
from scipy.stats import f as f_distribution

from analysis.unavailable import Unavailable


@dataclass(frozen=True, slots=True)
class Alpha:
    """Cronbach's alpha with its interval, from ``n`` complete rows of ``k`` items."""

    alpha: float
    ci_lower: float
    ci_upper: float
    n: int
    k: int


def alpha_interval(alpha: float, n: int, k: int, confidence: float) -> tuple[float, float]:
    """Interval for alpha from the F distribution (Feldt, Woodruff & Salih 1987), n persons and k items."""
    tail = (1 - confidence) / 2
    df1, df2 = n - 1, (n - 1) * (k - 1)
    lower = 1 - (1 - alpha) * float(f_distribution.isf(tail, df1, df2))
    upper = 1 - (1 - alpha) * float(f_distribution.isf(1 - tail, df1, df2))
    return lower, upper


def cronbach_alpha(items: pd.DataFrame, confidence: float = 0.95) -> Alpha | Unavailable:
    """Alpha of the complete rows, by pingouin; its interval unrounded and with the complete rows' own n."""
    complete = items.dropna()
    n, k = complete.shape
    if k < 2:
        return Unavailable("alpha needs at least two items")
    if n < 3:
        return Unavailable(f"only {n} respondents answered all {k} items")
    if not float(complete.sum(axis=1).var()) > 0:
        return Unavailable("all respondents have the same total, so there is no variance to be reliable")
    import pingouin

    alpha = float(pingouin.cronbach_alpha(complete)[0])
    return Alpha(alpha, *alpha_interval(alpha, n, k, confidence), n, k)


def omega(loadings: np.ndarray, residuals: np.ndarray, factor_variance: float = 1.0) -> float:
    """McDonald's ω of a one-factor composite: (Σλ)²φ / ((Σλ)²φ + Σθ) (Raykov 2001).

    loadings, residuals: (k,) unstandardised loadings and residual variances; uncorrelated residuals.
    """
    common = float(loadings.sum() ** 2 * factor_variance)
    return common / (common + float(residuals.sum()))


def composite_reliability(
    loadings: np.ndarray, covariance: np.ndarray, factor_variance: float = 1.0
) -> float:
    """(Σλ)²φ over the observed variance of the sum (McDonald 1999; ``compRelSEM`` and ω₃ of semTools).

    loadings: (k,); covariance: (k, k) observed covariance matrix of the items, on the loadings' scale.
    """
    return float(loadings.sum() ** 2 * factor_variance) / float(covariance.sum())


def average_variance_extracted(
    loadings: np.ndarray, residuals: np.ndarray, factor_variance: float = 1.0
) -> float:
    """Σλ²φ / (Σλ²φ + Σθ) (Fornell & Larcker 1981), as semTools computes it."""
    common = float((loadings**2).sum() * factor_variance)
    return common / (common + float(residuals.sum()))


def item_total(values: np.ndarray) -> np.ndarray:
    """Correlation of each item with the sum of the others over complete rows: (n, k) → (k,).

    NaN for an item without variance, and throughout for fewer than 3 rows or 2 items.
    """
    complete = values[~np.isnan(values).any(axis=1)]
    n, k = complete.shape
    if n < 3 or k < 2:
        return np.full(k, np.nan)
    centred = complete - complete.mean(axis=0)
    rest = centred.sum(axis=1, keepdims=True) - centred
    norm = np.sqrt((centred**2).sum(axis=0) * (rest**2).sum(axis=0))
    return np.where(norm > 0, (centred * rest).sum(axis=0) / np.where(norm > 0, norm, 1.0), np.nan)
