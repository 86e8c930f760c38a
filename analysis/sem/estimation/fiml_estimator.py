"""Full-information maximum likelihood as an estimator: the incomplete-data likelihood chained to the cells.

The value is half the distance of -2 log-likelihood per case from that of the saturated model, so that 2 N
value is the test statistic, and with complete data everything equals normal-theory maximum likelihood.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from analysis.sem.estimation.estimator import Estimator
from analysis.sem.model.cells import GroupCells
from analysis.sem.model.implied import Implied, chain, implied, jacobian, second_order
from analysis.sem.sample import full_information as fiml
from analysis.sem.sample.moments import GroupSample
from analysis.sem.sample.patterns import Patterns, never_together

__all__ = ["FIML", "State", "moment_jacobian", "outer_product", "random_moments", "saturated_trace"]

Floats = NDArray[np.float64]
Ints = NDArray[np.intp]


@dataclass(frozen=True, slots=True, eq=False)
class State:
    """value; at: implied moments; slope: derivatives of the discrepancy, twice the value, by the moments."""

    value: float
    at: Implied
    slope: fiml.Discrepancy


def state(cells: GroupCells, sample: GroupSample, theta: Floats, meanstructure: bool) -> State | None:
    """State at theta (q,); None where Sigma is not positive definite."""
    try:
        at = implied(cells, theta)
        slope = fiml.discrepancy(_patterns(sample), at.sigma, at.mu)
    except np.linalg.LinAlgError:
        return None
    value = 0.5 * (slope.value - sample.saturated)
    return State(value, at, slope) if np.isfinite(value) else None


def gradient(cells: GroupCells, sample: GroupSample, s: State) -> Floats:
    """(k,)."""
    return chain(cells, s.at, 0.5 * s.slope.dsigma, 0.5 * s.slope.dmu)


def information(cells: GroupCells, sample: GroupSample, s: State) -> Floats:
    """Expected information of the cells given the patterns: (k, k)."""
    delta = moment_jacobian(cells, s.at)
    return np.asarray(delta.T @ fiml.expected_information(_patterns(sample), s.at.sigma, s.at.mu) @ delta)


def hessian(cells: GroupCells, sample: GroupSample, s: State) -> Floats:
    """Second derivatives of the value: (k, k)."""
    half = 0.5 * s.slope.dsigma, 0.5 * s.slope.dmu
    return curvature(cells, sample, s) + second_order(cells, s.at, *half)


def curvature(cells: GroupCells, sample: GroupSample, s: State) -> Floats:
    """Second derivatives by the moments, chained to the cells as if those were linear in them: (k, k)."""
    delta = moment_jacobian(cells, s.at)
    return np.asarray(delta.T @ fiml.observed_information(_patterns(sample), s.at.sigma, s.at.mu) @ delta)


def scores(cells: GroupCells, sample: GroupSample, s: State) -> Floats:
    """Casewise derivatives of the log-likelihood: (n, k)."""
    return fiml.scores(_rows(sample), s.at.sigma, s.at.mu) @ moment_jacobian(cells, s.at)


def saturated_trace(
    sample: GroupSample, exogenous: Ints, meanstructure: bool, cluster: Ints | None = None
) -> float:
    """tr(B A^-1) of the saturated model, given the exogenous variables: observed A, first-order B.

    Scores are summed within clusters first, with lavaan's factor C / (C - 1) for C clusters. Covariances of
    variables never observed together have neither information nor scores, and are left out.
    """
    kept = random_moments(len(sample.mean), exogenous)
    for a, b in never_together(_patterns(sample)):
        kept = kept[kept != _place(len(sample.mean), a, b)]
    information = fiml.observed_information(_patterns(sample), sample.cov, sample.mean)[np.ix_(kept, kept)]
    casewise = fiml.scores(_rows(sample), sample.cov, sample.mean)[:, kept]
    return float(np.trace(np.linalg.solve(information, outer_product(casewise, cluster)))) / sample.n


def outer_product(rows: Floats, cluster: Ints | None) -> Floats:
    """Sum of outer products (k, k) of scores (n, k), or of their sums over clusters times C / (C - 1)."""
    if cluster is None:
        return np.asarray(rows.T @ rows)
    _, codes = np.unique(cluster, return_inverse=True)
    sums = np.zeros((int(codes.max()) + 1, rows.shape[1]))
    np.add.at(sums, codes, rows)
    return np.asarray(len(sums) / (len(sums) - 1) * (sums.T @ sums))


def moment_jacobian(cells: GroupCells, at: Implied) -> Floats:
    """d(mu, vech Sigma) / d(cells): (p + p*, k)."""
    dsigma, dmu = jacobian(cells, at)
    j, i = np.triu_indices(cells.p)
    return np.concatenate([dmu, dsigma[:, i, j]], axis=1).T


def random_moments(p: int, exogenous: Ints) -> Ints:
    """Places in (mu, vech Sigma) of the moments that are not of exogenous variables alone."""
    fixed = np.isin(np.arange(p), exogenous)
    j, i = np.triu_indices(p)
    return np.flatnonzero(~np.concatenate([fixed, fixed[i] & fixed[j]]))


def _place(p: int, a: int, b: int) -> int:
    """Place of the covariance of a < b in (mu, vech Sigma)."""
    return p + a * p - a * (a - 1) // 2 + b - a


def _patterns(sample: GroupSample) -> Patterns:
    if sample.patterns is None:
        raise ValueError("full information needs the cases by missing-data pattern")
    return sample.patterns


def _rows(sample: GroupSample) -> Floats:
    if sample.rows is None:
        raise ValueError("casewise scores need the cases")
    return sample.rows


FIML = Estimator("ML", state, gradient, information, hessian, scores, saturated_trace, curvature)
