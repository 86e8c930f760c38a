"""Alpha of ordered answers: of the responses thought to lie beneath them."""

from __future__ import annotations

import numpy as np
import pandas as pd

from analysis.sem.sample.ordinal.two_stage import two_stage
from analysis.unavailable import Unavailable


def polychoric_correlation(codes: pd.DataFrame) -> np.ndarray | Unavailable:
    """Two-step polychoric correlations of complete rows of ordered codes (Olsson 1979): (n, k) → (k, k)."""
    complete = codes.dropna()
    n, k = complete.shape
    if k < 2:
        return Unavailable("a correlation needs at least two items")
    coded = [np.unique(complete[name].to_numpy(dtype=float), return_inverse=True) for name in complete]
    flat = [str(name) for name, (levels, _) in zip(complete.columns, coded, strict=True) if len(levels) < 2]
    if flat:
        return Unavailable(f"everyone gave the same answer to {', '.join(flat[:6])}")
    most = max(len(levels) for levels, _ in coded)
    if n <= most:
        return Unavailable(f"only {n} respondents answered all {k} items, on {most} categories")
    values = np.column_stack([places for _, places in coded]).astype(float)
    found = two_stage(values, tuple(len(levels) for levels, _ in coded), with_gamma=False)
    return np.asarray(found.cov)


def ordinal_alpha(codes: pd.DataFrame) -> float | Unavailable:
    """Alpha of the polychoric correlations, k r̄ / (1 + (k − 1) r̄) (Zumbo, Gadermann & Zeisser 2007).

    codes: (n, k) ordered answers, reversed items turned. It is the reliability of a sum of the latent
    responses, not of the observed sum (Chalmers 2018), so it stands beside alpha and does not replace it.
    """
    correlation = polychoric_correlation(codes)
    if isinstance(correlation, Unavailable):
        return correlation
    k = len(correlation)
    return float(k / (k - 1) * (1 - k / correlation.sum()))
