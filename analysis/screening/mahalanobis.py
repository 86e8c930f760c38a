"""Mahalanobis distance over the items each respondent answered."""

from __future__ import annotations

import numpy as np
from scipy.stats import chi2

from analysis.unavailable import Unavailable


def mahalanobis(raw: np.ndarray) -> tuple[np.ndarray, np.ndarray] | Unavailable:
    """Squared distance of each row over its answered items, and its χ² tail probability.

    (n, p) → (n,) D² and (n,) P(χ²_k > D²), k = items the row answered. Centre and covariance come from
    complete rows; a complete row's D² is that of ``careless::mahad``. Items nobody
    answered and items without variance are left out. NaN for a row without answers.
    """
    asked = ~np.isnan(raw).all(axis=0) if len(raw) else np.zeros(raw.shape[1], dtype=bool)
    if not asked.any():
        return Unavailable("nobody answered anything")
    used = raw[:, asked]
    used = used[:, np.nanmax(used, axis=0) > np.nanmin(used, axis=0)]
    if not used.shape[1]:
        return Unavailable("no item varies")
    complete = used[~np.isnan(used).any(axis=1)]
    n, p = complete.shape
    if n <= p:
        return Unavailable(f"{n} complete rows cannot give the covariance of {p} items")
    covariance = np.cov(complete, rowvar=False)
    if np.linalg.matrix_rank(covariance, hermitian=True) < p:
        return Unavailable("some items are sums of others, so the covariance matrix is singular")
    centred = used - complete.mean(axis=0)
    distance = np.full(len(raw), np.nan)
    seen = ~np.isnan(centred)
    patterns, member = np.unique(seen, axis=0, return_inverse=True)
    for index, pattern in enumerate(patterns):
        rows = member.ravel() == index
        if pattern.any():
            part = centred[np.ix_(rows, pattern)]
            solved = np.linalg.solve(covariance[np.ix_(pattern, pattern)], part.T)
            distance[rows] = np.einsum("ij,ji->i", part, solved)
    k = seen.sum(axis=1)
    probability = np.where(k > 0, chi2.sf(distance, np.maximum(k, 1)), np.nan)
    return distance, probability
