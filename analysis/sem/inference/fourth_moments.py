"""What cases contribute to fourth-order corrections, without ever forming the p*(p*+1)/2 matrix Gamma.

Gamma is the covariance of a case's distinct products y y' (and of y with a mean structure), y centred at the
sample mean; with fixed predictors the products of the values fitted from them are taken off (lavaan's Gamma
under fixed.x). V is the normal-theory weight at the model: tr(V Gamma) and Delta' V Gamma V Delta need only
quadratic forms in y (Satorra & Bentler, 1994).
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from analysis.sem.estimation.maximum_likelihood import State
from analysis.sem.model.cells import GroupCells
from analysis.sem.sample.moments import GroupSample

__all__ = ["cases", "contributions", "weighted_trace"]

Floats = NDArray[np.float64]
Ints = NDArray[np.intp]


def contributions(cells: GroupCells, sample: GroupSample, state: State, exogenous: Ints) -> Floats:
    """Delta' V times a case's moments: (n, k)."""
    y, fitted = cases(sample, exogenous)
    AZ = state.inverse @ state.at.Z
    u, v, w = cells.u, cells.v, cells.w
    R = y @ AZ
    out = R[:, u] * (w * R[:, v] + state.at.y[v])
    if len(exogenous):
        R = fitted @ AZ
        out -= R[:, u] * (w * R[:, v] + state.at.y[v])
    return np.asarray(out)


def weighted_trace(
    sample: GroupSample, inverse: Floats, exogenous: Ints, meanstructure: bool, cluster: Ints | None = None
) -> float:
    """tr(V Gamma), V = (Sigma^-1 x Sigma^-1)/2 and Sigma^-1 with `inverse` (p, p) = Sigma^-1."""
    y, fitted = cases(sample, exogenous)
    half = np.linalg.cholesky(inverse)
    a, b = y @ half, fitted @ half
    if cluster is not None:
        return _clustered_trace(a, b, meanstructure, cluster)
    mean = (a.T @ a - b.T @ b) / sample.n
    square = _dots(a, a) ** 2 - 2.0 * _dots(a, b) ** 2 + _dots(b, b) ** 2
    trace = 0.5 * (square.mean() - np.vdot(mean, mean))
    if meanstructure:
        trace += _dots(a - b, a - b).mean()
    return float(trace)


def cases(sample: GroupSample, exogenous: Ints) -> tuple[Floats, Floats]:
    """Centred cases y (n, p), and what the exogenous variables foretell of them: 0 without any."""
    if sample.rows is None:
        raise ValueError("fourth-order moments need the cases")
    y = sample.rows - sample.mean
    if not len(exogenous):
        return y, np.zeros_like(y)
    x = y[:, exogenous]
    return y, x @ np.linalg.lstsq(x, y, rcond=None)[0]


def _dots(a: Floats, b: Floats) -> Floats:
    return np.asarray(np.einsum("ij,ij->i", a, b))


def _clustered_trace(a: Floats, b: Floats, meanstructure: bool, cluster: Ints) -> float:
    n, p = a.shape
    i, j = np.triu_indices(p)
    weight = np.where(i == j, 1.0, np.sqrt(2.0))
    products = weight * (a[:, i] * a[:, j] - b[:, i] * b[:, j])
    parts = [np.sqrt(0.5) * (products - products.mean(axis=0))]
    if meanstructure:
        parts.append(a - b)
    _, codes = np.unique(cluster, return_inverse=True)
    n_clusters = int(codes.max()) + 1
    sums = np.zeros((n_clusters, sum(part.shape[1] for part in parts)))
    np.add.at(sums, codes, np.concatenate(parts, axis=1))
    return float(np.vdot(sums, sums) / n * n_clusters / (n_clusters - 1))
