"""Starting values of covariances and regressions among factors, from what their indicators share.

With loadings L, covariances of factors by unweighted least squares are W'SW, W = L (L'L)^-1, which no
residual touches as long as two factors share no indicator; variances are those already found.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from analysis.sem.estimation.start_plan import Relations

__all__ = ["relate_factors"]

Floats = NDArray[np.float64]

# Smallest eigenvalue of the factors' correlations: below it zeros are the safer start.
SINGULAR = 0.05
# Share of an outcome's variance that is left to its residual at least.
LEFT = 0.1


def relate_factors(relations: Relations, given: Floats, cov: Floats, out: Floats) -> None:
    """Fill `out` (r,) where all variables of a covariance or regression are factors with observed indicators.

    given: (r,) fixed and start() values, which loadings and variances have in place of those in `out`.
    """
    now = np.where(np.isnan(given), out, given)
    L = np.zeros((len(cov), len(relations.variance)))
    L[relations.items, relations.factors] = now[relations.rows]
    try:
        W = L @ np.linalg.inv(L.T @ L)
    except np.linalg.LinAlgError:
        return
    phi = W.T @ cov @ W
    np.fill_diagonal(phi, now[relations.variance])
    sd = np.sqrt(np.maximum(phi.diagonal(), np.finfo(float).tiny))
    if not np.linalg.eigvalsh(phi / sd / sd[:, None])[0] > SINGULAR:
        return
    rows, one, other = relations.pairs.T
    out[rows] = phi[one, other]
    for y, own, x in relations.regressions:
        slopes = np.linalg.solve(phi[np.ix_(x, x)], phi[x, y])
        out[own] = slopes
        left = float(phi[y, y] - slopes @ phi[x, y])
        out[relations.variance[y]] = max(left, LEFT * float(phi[y, y]))
