"""Normal-theory maximum likelihood: value, derivatives, information and casewise scores (Joreskog, 1967).

With d = m - mu, W = S + dd' and Q = Sigma^-1 W Sigma^-1,

    2 value = log|Sigma| + tr(S Sigma^-1) - log|S| - p + d' Sigma^-1 d,
    d(2 value)/dSigma = Sigma^-1 - Q,    d(2 value)/dmu = -2 Sigma^-1 d.

Every entry of the information is gathered from the Gram matrix K = Z' Sigma^-1 Z of paired columns.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray
from scipy.linalg import lapack

from analysis.sem.estimation.estimator import Estimator
from analysis.sem.model.cells import GroupCells
from analysis.sem.model.implied import Implied, between, chained, implied, pairs, second_order_between
from analysis.sem.sample.moments import GroupSample

__all__ = ["ML", "State", "saturated_trace"]

Floats = NDArray[np.float64]
Ints = NDArray[np.intp]


@dataclass(frozen=True, eq=False)
class State:
    """value; at: implied moments; inverse: (p, p) of Sigma; d: (p,) m - mu, 0 without a mean structure."""

    value: float
    at: Implied
    inverse: Floats
    d: Floats
    cov: Floats

    @cached_property
    def r(self) -> Floats:
        """Sigma^-1 d: (p,)."""
        return np.asarray(self.inverse @ self.d)

    @cached_property
    def K(self) -> Floats:
        """Z' Sigma^-1 Z."""
        return np.asarray(self.at.Z.T @ self.inverse @ self.at.Z)

    @cached_property
    def slope(self) -> tuple[Floats, Floats]:
        """Derivatives of the value by Sigma and mu, between columns of Z (see `between`)."""
        Q = self.inverse @ self.cov @ self.inverse
        if self.d.any():
            Q += self.r[:, None] * self.r
        return between(self.at, 0.5 * (self.inverse - Q), -self.r)


def state(cells: GroupCells, sample: GroupSample, theta: Floats, meanstructure: bool) -> State | None:
    """State at theta (q,); None where Sigma is not positive definite."""
    try:
        at = implied(cells, theta)
    except np.linalg.LinAlgError:
        return None
    factor, not_definite = lapack.dpotrf(at.sigma, lower=1)
    if not_definite:
        return None
    half, _ = lapack.dtrtri(factor, lower=1)
    inverse = half.T @ half
    d = sample.mean - at.mu if meanstructure else np.zeros(cells.p)
    logdet = 2.0 * np.log(factor.diagonal()).sum()
    value = 0.5 * (logdet + np.vdot(sample.cov, inverse) - sample.logdet - cells.p + d @ inverse @ d)
    if not np.isfinite(value):
        return None
    return State(float(value), at, inverse, d, sample.cov)


def gradient(cells: GroupCells, sample: GroupSample, s: State) -> Floats:
    """(k,)."""
    return chained(cells, s.at, *s.slope)


def information(cells: GroupCells, sample: GroupSample, s: State) -> Floats:
    """tr(Sigma^-1 X_c Sigma^-1 X_d) / 2 + dmu_c' Sigma^-1 dmu_d for every two cells: (k, k)."""
    u, v, y = cells.u, cells.v, s.at.y[cells.v]
    Kuu, Kuv, out = pairs(s.K, u, u), pairs(s.K, u, v), pairs(s.K, v, v)
    # In place: with all candidates of modification indices these matrices are large.
    out *= Kuu
    out += Kuv * Kuv.T
    out *= cells.w
    out *= cells.w[:, None]
    if y.any():
        Kuu *= y
        Kuu *= y[:, None]
        out += Kuu
    return out


def hessian(cells: GroupCells, sample: GroupSample, s: State) -> Floats:
    """Second derivatives of the value: (k, k)."""
    return curvature(cells, sample, s) + second_order_between(cells, s.at, *s.slope)


def curvature(cells: GroupCells, sample: GroupSample, s: State) -> Floats:
    """Second derivatives by the moments, chained to the cells as if those were linear in them: (k, k)."""
    u, v, w, y = cells.u, cells.v, cells.w, s.at.y[cells.v]
    # Z' (Q - Sigma^-1 / 2) Z and Z' r, of what the gradient has already.
    N, h = s.slope
    K, M, t = s.K, 0.5 * s.K - 2.0 * N, -h
    Kuu, Kuv, Kvv = pairs(K, u, u), pairs(K, u, v), pairs(K, v, v)
    Muu, Muv, Mvv = pairs(M, u, u), pairs(M, u, v), pairs(M, v, v)
    crossed = Kuv * Muv.T
    out = w[:, None] * w * (Kuu * Mvv + Kvv * Muu + crossed + crossed.T)
    if y.any():
        slope = w[:, None] * (t[u][:, None] * Kuv.T + t[v][:, None] * Kuu) * y
        out += slope + slope.T + Kuu * y[:, None] * y
    return np.asarray(out)


def scores(cells: GroupCells, sample: GroupSample, s: State) -> Floats:
    """Casewise derivatives of the log-likelihood: (n, k).

    With R = (x - mu)' Sigma^-1 Z: w R_u R_v - w K_uv + R_u y_v. Without a mean structure mu is the sample
    mean.
    """
    if sample.rows is None:
        raise ValueError("casewise scores need the cases")
    Z, u, v, w = s.at.Z, cells.u, cells.v, cells.w
    # A cell a row, so that rows are picked and not columns: three times as fast.
    R = (s.inverse @ Z).T @ (sample.rows - (sample.mean - s.d)).T
    out = R[v]
    out *= w[:, None]
    out += s.at.y[v][:, None]
    out *= R[u]
    out -= (w * s.K[u, v])[:, None]
    return np.asarray(out.T)


def saturated_trace(
    sample: GroupSample, exogenous: Ints, meanstructure: bool, cluster: Ints | None = None
) -> float:
    """tr(B A^-1) of the saturated model, given the exogenous variables.

    A^-1 times a case's score is its influence on the moments, so the trace is (mean d^4 - p) / 2, plus p
    for the means, d the Mahalanobis distance (Mardia's kurtosis). Given x it is that of all variables less
    that of x.
    Scores are summed within clusters first, with lavaan's factor C / (C - 1) for C clusters.
    """
    if sample.rows is None:
        raise ValueError("the scaled test needs the cases")
    centred = sample.rows - sample.mean

    def trace(columns: Ints) -> float:
        half = np.linalg.cholesky(np.linalg.inv(sample.cov[np.ix_(columns, columns)]))
        x = centred[:, columns] @ half
        p = len(columns)
        if cluster is None:
            squared = np.einsum("ij,ij->i", x, x)
            return float(0.5 * (squared @ squared / sample.n - p) + (p if meanstructure else 0.0))
        i, j = np.triu_indices(p)
        products = np.where(i == j, np.sqrt(0.5), 1.0) * (x[:, i] * x[:, j] - (i == j))
        return _squared_sums(np.concatenate([products, x], axis=1) if meanstructure else products, cluster)

    return trace(np.arange(len(sample.mean))) - (trace(exogenous) if len(exogenous) else 0.0)


def _squared_sums(rows: Floats, cluster: Ints) -> float:
    _, codes = np.unique(cluster, return_inverse=True)
    n_clusters = int(codes.max()) + 1
    sums = np.zeros((n_clusters, rows.shape[1]))
    np.add.at(sums, codes, rows)
    return float(np.vdot(sums, sums) / len(rows) * n_clusters / (n_clusters - 1))


ML = Estimator("ML", state, gradient, information, hessian, scores, saturated_trace, curvature)
