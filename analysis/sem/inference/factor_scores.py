"""Factor scores by regression: the expected latent variables of each case given what was observed of it.

E(eta | y) = E(eta) + cov(eta, y) Sigma^-1 (y - mu) (Thurstone, 1935; Thomson, 1938), with the rows and
columns of a case's missing values left out.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from analysis.sem.model.cells import GroupCells
from analysis.sem.model.implied import Implied
from analysis.sem.sample.patterns import group_rows

__all__ = ["latent_means", "regression_scores"]

Floats = NDArray[np.float64]


def regression_scores(values: Floats, at: Implied, mu: Floats, eta: Floats) -> Floats:
    """Scores (n, latents) of rows (n, p), NaN where missing; NaN scores for a row without any value.

    mu (p,) and eta (latents,) are the expected observed and latent variables.
    """
    p = len(mu)
    across = at.C[p:, :p]
    out = np.full((len(values), len(eta)), np.nan)
    if not len(values):
        return out
    observed, of_row = group_rows(values)
    for pattern, kept in enumerate(observed):
        if not kept.any():
            continue
        own = of_row == pattern
        # The pseudo-inverse serves Heywood cases, where Sigma may be singular.
        weights = across[:, kept] @ np.linalg.pinv(at.sigma[np.ix_(kept, kept)], hermitian=True)
        out[own] = eta + (values[own][:, kept] - mu[kept]) @ weights.T
    return out


def latent_means(cells: GroupCells, theta: Floats, at: Implied, mean: Floats, meanstructure: bool) -> Floats:
    """Expected latent variables: the model's, or without a mean structure what the means (p,) of observed
    predictors imply, intercepts of latent variables being 0."""
    p = cells.p
    if meanstructure:
        return at.Bm[p:]
    A = cells.matrices(theta)[0]
    return np.asarray(np.linalg.solve(np.eye(cells.size - p) - A[p:, p:], A[p:, :p] @ mean))
