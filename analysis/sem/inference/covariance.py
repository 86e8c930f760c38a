"""Covariance matrix of the estimates: inverse information, or a sandwich round it.

Under constraints theta moves only along the columns of the tangent K, so that every inverse is
K (K'IK)^-1 K' (Aitchison & Silvey, 1958). lavaan divides by N for likelihoods and by N - G otherwise.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.linalg import lapack

from analysis.sem.estimation.estimated import Estimated
from analysis.sem.estimation.estimator import assemble
from analysis.sem.inference.fourth_moments import contributions
from analysis.sem.method import Method

__all__ = ["Errors", "divisor", "errors_of", "inverse_on", "scaled_eigen", "sum_by_cluster"]

Floats = NDArray[np.float64]
Ints = NDArray[np.intp]

# Smallest eigenvalue of the information, scaled to unit diagonal, above rounding.
SINGULAR = 1e-13
# Reciprocal condition number above which no direction can lack information.
WELL_CONDITIONED = 1e-6
# Units of variables may differ by many powers of ten, and information by the fourth power of that.
NO_INFORMATION = 1e-50
# Share of a unit null direction from which a parameter counts as taking part.
TAKES_PART = 1e-3


@dataclass(frozen=True, slots=True, eq=False)
class Errors:
    """information: (q, q) per case; inverse: (q, q) along the tangent, or None where it does not exist.

    meat: (q, q) of the sandwich, None for plain errors; vcov: (q, q), NaN where there is none.
    """

    information: Floats
    inverse: Floats | None
    meat: Floats | None
    vcov: Floats


def errors_of(estimated: Estimated, method: Method) -> Errors:
    """Errors by the method, for continuous variables."""
    objective, point = estimated.objective, estimated.solution.point
    expected = method.errors in ("expected", "moments")
    information = objective.information(point) if expected else objective.hessian(point)
    inverse, free = _inverted(estimated.tangent, information)
    meat = None
    if method.errors == "sandwich":
        meat = score_meat(estimated, method.clustered)
    elif method.errors == "moments":
        meat = moment_meat(estimated, method.clustered)
    if inverse is None:
        return Errors(information, None, meat, np.full_like(information, np.nan))
    middle = inverse if meat is None else inverse @ meat @ inverse
    vcov = middle / divisor(estimated)
    vcov[free] = vcov[:, free] = np.nan
    return Errors(information, inverse, meat, vcov)


def divisor(estimated: Estimated) -> float:
    """N, or N - G outside maximum likelihood."""
    samples = estimated.objective.samples
    return float(estimated.n_total - (len(samples) if estimated.objective.estimator.unbiased else 0))


def inverse_on(tangent: Floats, information: Floats) -> Floats | None:
    """K (K'IK)^-1 K' along the directions that have information; None where it is not finite."""
    return _inverted(tangent, information)[0]


def _inverted(tangent: Floats, information: Floats) -> tuple[Floats | None, NDArray[np.bool_]]:
    """As `inverse_on`, with the parameters (q,) that move along directions without information.

    Those have no standard error.
    """
    q = len(information)
    if not tangent.shape[1]:
        return np.zeros_like(information), np.zeros(q, dtype=bool)
    if not np.isfinite(information).all():
        return None, np.ones(q, dtype=bool)
    if (inverse := _plainly_inverted(tangent, information)) is not None:
        return inverse, np.zeros(q, dtype=bool)
    values, vectors, scale = scaled_eigen(tangent, information)
    known = np.abs(values) >= SINGULAR
    half = tangent @ (scale[:, None] * vectors[:, known])
    null = tangent @ (scale[:, None] * vectors[:, ~known])
    length = np.maximum(np.linalg.norm(null, axis=0), np.finfo(float).tiny)
    undetermined = (np.abs(null) / length > TAKES_PART).any(axis=1)
    return np.asarray((half / values[known]) @ half.T), undetermined


def _plainly_inverted(tangent: Floats, information: Floats) -> Floats | None:
    """K (K'IK)^-1 K' by Cholesky, a quarter of the work; None unless the matrix is far from singular."""
    inner, scale = _scaled(tangent, information)
    factor, not_definite = lapack.dpotrf(inner)
    if not_definite:
        return None
    condition, _ = lapack.dpocon(factor, np.abs(inner).sum(axis=0).max())
    if not condition > WELL_CONDITIONED:
        return None
    upper, _ = lapack.dtrtri(factor)
    half = tangent @ (scale[:, None] * upper)
    return np.asarray(half @ half.T)


def scaled_eigen(tangent: Floats, information: Floats) -> tuple[Floats, Floats, Floats]:
    """Eigenvalues and vectors of K'IK scaled to unit diagonal, and the scale of each column of K."""
    inner, scale = _scaled(tangent, information)
    values, vectors = np.linalg.eigh(inner)
    return np.asarray(values), np.asarray(vectors), scale


def _scaled(tangent: Floats, information: Floats) -> tuple[Floats, Floats]:
    """K'IK scaled to unit diagonal, and the scale of each column of K."""
    inner = tangent.T @ information @ tangent
    diagonal = np.abs(inner.diagonal())
    top = float(diagonal.max(initial=0.0)) or 1.0
    scale = 1.0 / np.sqrt(np.where(diagonal > NO_INFORMATION * top, diagonal, top))
    return inner * scale * scale[:, None], scale


def score_meat(estimated: Estimated, clustered: bool) -> Floats:
    """First-order information: mean outer product of casewise scores, (q, q)."""
    objective = estimated.objective
    scores = objective.estimator.scores
    if scores is None:
        raise ValueError(f"{objective.estimator.name} has no casewise scores")
    parts = []
    for cells, sample, state in zip(
        objective.cells.groups, objective.samples, estimated.solution.point.states, strict=True
    ):
        s = sum_by_cluster(scores(cells, sample, state), sample.cluster if clustered else None)
        factor = len(s) / (len(s) - 1) if clustered else 1.0
        parts.append(factor * s.T @ s / sample.n)
    return assemble(objective.cells, parts, objective.shares)


def moment_meat(estimated: Estimated, clustered: bool) -> Floats:
    """Delta' V Gamma V Delta with the sample's fourth-order Gamma: (q, q)."""
    objective = estimated.objective
    parts = []
    for cells, sample, state in zip(
        objective.cells.groups, objective.samples, estimated.solution.point.states, strict=True
    ):
        s = contributions(cells, sample, state, estimated.exogenous)
        s = sum_by_cluster(s - s.mean(axis=0), sample.cluster if clustered else None)
        factor = len(s) / (len(s) - 1) if clustered else 1.0
        parts.append(factor * s.T @ s / sample.n)
    return assemble(objective.cells, parts, objective.shares)


def sum_by_cluster(rows: Floats, cluster: Ints | None) -> Floats:
    """Sums (C, k) of rows (n, k) that share a cluster; the rows themselves without clusters."""
    if cluster is None:
        return rows
    _, codes = np.unique(cluster, return_inverse=True)
    order = np.argsort(codes, kind="stable")
    starts = np.searchsorted(codes[order], np.arange(codes.max() + 1))
    return np.asarray(np.add.reduceat(rows[order], starts, axis=0))
