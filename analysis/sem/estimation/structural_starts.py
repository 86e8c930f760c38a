"""Starting values of covariances and regressions among factors, from what their indicators share.

With loadings L, covariances of factors by unweighted least squares are W'SW, W = L (L'L)^-1, which no
residual touches as long as two factors share no indicator; variances are those already found.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

__all__ = ["relate_factors"]

Floats = NDArray[np.float64]
Row = tuple[str, str, str, int, int, float]

# Smallest eigenvalue of the factors' correlations: below it zeros are the safer start.
SINGULAR = 0.05
# Share of an outcome's variance that is left to its residual at least.
LEFT = 0.1


def relate_factors(
    rows: list[Row],
    loadings: dict[str, list[int]],
    regressions: dict[str, list[int]],
    variance: dict[str, int],
    place: dict[str, int],
    cov: Floats,
    out: list[float],
) -> None:
    """Fill `out` for covariances and regressions whose variables are all factors with observed indicators.

    rows: (lhs, op, rhs, group, free, ustart); loadings, regressions, variance: their rows by variable;
    place of the observed variables in cov (p, p).
    """
    factors = [
        f
        for f, own in loadings.items()
        if f in variance and len(own) > 1 and all(rows[r][2] in place for r in own)
    ]
    if len(factors) < 2:
        return
    at = {factor: k for k, factor in enumerate(factors)}
    L = np.zeros((len(cov), len(factors)))
    for factor in factors:
        for r in loadings[factor]:
            L[place[rows[r][2]], at[factor]] = out[r] if np.isnan(rows[r][5]) else rows[r][5]
    try:
        W = L @ np.linalg.inv(L.T @ L)
    except np.linalg.LinAlgError:
        return
    phi = W.T @ cov @ W
    totals = [out[r] if np.isnan(rows[r][5]) else rows[r][5] for r in (variance[f] for f in factors)]
    np.fill_diagonal(phi, totals)
    sd = np.sqrt(np.maximum(phi.diagonal(), np.finfo(float).tiny))
    if not np.linalg.eigvalsh(phi / sd / sd[:, None])[0] > SINGULAR:
        return
    for r, (lhs, op, rhs, *_) in enumerate(rows):
        if op == "~~" and lhs != rhs and lhs in at and rhs in at and not {lhs, rhs} & set(regressions):
            out[r] = float(phi[at[lhs], at[rhs]])
    for outcome, own in regressions.items():
        if outcome in at and all(rows[r][2] in at for r in own):
            y, x = at[outcome], [at[rows[r][2]] for r in own]
            slopes = np.linalg.solve(phi[np.ix_(x, x)], phi[x, y])
            for r, slope in zip(own, slopes, strict=True):
                out[r] = float(slope)
            out[variance[outcome]] = max(float(phi[y, y] - slopes @ phi[x, y]), LEFT * float(phi[y, y]))
