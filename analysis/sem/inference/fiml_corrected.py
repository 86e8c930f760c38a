"""What FIML misfit would be with complete data: the correction behind robust CFI and RMSEA under missingness.

Zhang and Savalei (2023): fit the moments that EM recovers by the complete-data discrepancy at the FIML
estimates, F(Sigma_h1, mu_h1; Sigma, mu), and remove its bias k, which depends on the information lost.
V6 is for normal data, V3 for any; here both are sums over groups instead of traces of block matrices.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from analysis.sem.estimation.fiml_estimator import moment_jacobian, outer_product, random_moments
from analysis.sem.model.implied import pairs
from analysis.sem.sample import full_information as fiml
from analysis.sem.sample.moments import GroupSample
from analysis.sem.sample.patterns import never_together

if TYPE_CHECKING:
    from analysis.sem.estimation.objective import Objective, Point

__all__ = [
    "Corrected",
    "CorrectionGroup",
    "Lost",
    "bias",
    "complete_discrepancy",
    "complete_information",
    "corrected",
    "lost_information",
]

Floats = NDArray[np.float64]
Ints = NDArray[np.intp]


@dataclass(frozen=True, slots=True, eq=False)
class Lost:
    """What missing values took from a group, whatever the model, about s moments (mu, vech Sigma).

    kept: (s,) places of the moments that are not of exogenous variables alone; observed W: (s, s) information
    of the incomplete rows; complete C: (s, s) information if no value were missing; scores J: (s, s) mean
    outer product of casewise scores, None for V6; crossed: J W^-1 C, None for V6; trace: tr(C W^-1), under V3
    tr(C W^-1 J W^-1).
    """

    kept: Ints
    observed: Floats
    complete: Floats
    scores: Floats | None
    crossed: Floats | None
    trace: float


@dataclass(frozen=True, slots=True, eq=False)
class CorrectionGroup:
    """One group at its saturated moments.

    share: rows of the group among all; delta: (s, r) derivatives of the moments by the reduced parameters.
    """

    share: float
    lost: Lost
    delta: Floats


@dataclass(frozen=True, slots=True)
class Corrected:
    """chisq: N times the complete-data discrepancy; bias: its expectation for a true model (k of FIML-C)."""

    chisq: float
    bias: float


def lost_information(
    sample: GroupSample, exogenous: Ints, *, casewise: bool, clustered: bool = False
) -> Lost:
    """Information at the saturated moments of an incomplete sample, with scores for V3, summed by cluster.

    Raises numpy.linalg.LinAlgError where some variables are never observed together, or the saturated moments
    are not identified.
    """
    if sample.patterns is None or sample.rows is None:
        raise ValueError("the correction is for incomplete samples")
    if never_together(sample.patterns):
        raise np.linalg.LinAlgError("covariances of variables never observed together are not identified")
    kept = random_moments(len(sample.mean), exogenous)
    among = np.ix_(kept, kept)
    outer = None
    if casewise:
        each = fiml.scores(sample.rows, sample.cov, sample.mean)[:, kept]
        outer = outer_product(each, sample.cluster if clustered else None) / sample.n
    observed = fiml.observed_information(sample.patterns, sample.cov, sample.mean)[among]
    complete = complete_information(sample.cov)[among]
    share = np.linalg.solve(observed, complete)
    if outer is None:
        return Lost(kept, observed, complete, None, None, float(np.trace(share)))
    crossed = outer @ share
    trace = float(np.trace(np.linalg.solve(observed, crossed)))
    return Lost(kept, observed, complete, outer, crossed, trace)


def corrected(objective: Objective, point: Point, tangent: Floats, lost: Sequence[Lost]) -> Corrected:
    """Corrected misfit of a model at its full-information estimates; tangent (q, r): directions left free."""
    groups, chisq = [], 0.0
    parts = zip(objective.cells.groups, objective.samples, point.states, objective.shares, lost, strict=True)
    for cells, sample, state, share, own in parts:
        delta = np.zeros((len(own.kept), objective.cells.q))
        np.add.at(delta.T, cells.free, moment_jacobian(cells, state.at)[own.kept].T)
        reduced = delta @ tangent
        groups.append(CorrectionGroup(float(share), own, reduced))
        chisq += sample.n * complete_discrepancy(sample.cov, sample.mean, state.at.sigma, state.at.mu)
    return Corrected(chisq, bias(groups))


def bias(groups: Sequence[CorrectionGroup]) -> float:
    """k of FIML-C, the expected corrected statistic of a true model: V3 with casewise scores, V6 without.

    With D = delta, W = observed, C = complete, J = scores, E = sum D'WD:
    V6 is sum tr(C W^-1) - tr(E^-1 sum D'CD),
    V3 is sum tr(C W^-1 J W^-1) - 2 tr(E^-1 sum D'J W^-1 C D) + tr(E^-1 (sum D'CD) E^-1 (sum D'JD)).
    """
    E = sum(g.share * g.delta.T @ g.lost.observed @ g.delta for g in groups)
    C = sum(g.share * g.delta.T @ g.lost.complete @ g.delta for g in groups)
    EC = np.linalg.solve(E, C)
    saturated = sum(g.lost.trace for g in groups)
    crossed, meat = np.zeros_like(EC), np.zeros_like(EC)
    for g in groups:
        if g.lost.scores is None or g.lost.crossed is None:
            return saturated - float(np.trace(EC))
        crossed += g.share * g.delta.T @ g.lost.crossed @ g.delta
        meat += g.share * g.delta.T @ g.lost.scores @ g.delta
    EM = np.linalg.solve(E, meat)
    return saturated - 2.0 * float(np.trace(np.linalg.solve(E, crossed))) + float(np.sum(EC * EM.T))


def complete_discrepancy(cov: Floats, mean: Floats, sigma: Floats, mu: Floats) -> float:
    """Normal-theory discrepancy of cov (p, p), mean (p,) from sigma, mu: 0 where they are equal."""
    d = mean - mu
    weighted = np.linalg.solve(sigma, np.column_stack([cov, d]))
    log_ratio = np.linalg.slogdet(sigma)[1] - np.linalg.slogdet(cov)[1]
    return float(log_ratio + np.trace(weighted[:, :-1]) - len(d) + d @ weighted[:, -1])


def complete_information(cov: Floats) -> Floats:
    """Information about (mu, vech Sigma) in one complete row at cov (p, p): (p + p*, p + p*)."""
    p = len(cov)
    inverse: Floats = np.asarray(np.linalg.inv(cov))
    j, i = np.triu_indices(p)
    half = np.where(i == j, 0.5, 1.0)
    out = np.zeros((p + len(i), p + len(i)))
    out[:p, :p] = inverse
    across = pairs(inverse, i, j)
    curve = pairs(inverse, i, i) * pairs(inverse, j, j) + across * across.T
    out[p:, p:] = curve * half[:, None] * half
    return out
