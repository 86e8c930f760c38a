"""From a fit to the work of its bootstrap: which form, which units, which start."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from analysis.sem.errors import DataError
from analysis.sem.estimation.estimated import Estimated
from analysis.sem.method import Method
from analysis.sem.resampling.compact import compact
from analysis.sem.resampling.draws import Work
from analysis.sem.resampling.incomplete import IncompleteUnits
from analysis.sem.resampling.means import has_free_means, means_of
from analysis.sem.resampling.problem import Problem, curvature, whitening
from analysis.sem.resampling.refit import Refit
from analysis.sem.resampling.units import Units, complete_units
from analysis.sem.resampling.values import Watched
from analysis.sem.sample.moments import GroupSample

__all__ = ["work_of"]

Floats = NDArray[np.float64]
Ints = NDArray[np.intp]


def work_of(
    estimated: Estimated,
    method: Method,
    vcov: Floats,
    watched: tuple[Watched, ...] = (),
    *,
    rows: tuple[Floats, ...] | None = None,
    statistic: bool = False,
) -> Work:
    """The work of a bootstrap.

    vcov: (q, q) of the free rows, a scale for steps where it is finite. rows: other cases to draw from
    than the sample's own (Bollen & Stine). statistic: the draws' likelihood-ratio statistics are wanted too.
    Raises DataError where the fit has no cases, only moments.
    """
    objective = estimated.objective
    samples = objective.samples
    if any(sample.rows is None for sample in samples):
        raise DataError(
            "a bootstrap draws cases, and this fit has moments only", place="data", mend="Fit the cases."
        )
    if rows is not None:
        samples = tuple(replace(s, rows=x) for s, x in zip(samples, rows, strict=True))
    clusters = tuple(_codes(s) if method.clustered else None for s in samples)
    sizes = tuple(s.n if k is None else int(k.max()) + 1 for s, k in zip(samples, clusters, strict=True))
    refit = Refit(
        objective.estimator,
        objective.cells,
        estimated.constraints,
        samples,
        clusters,
        estimated.theta,
        watched,
    )
    implied = [state.at for state in estimated.solution.point.states]
    batched = not estimated.constraints.curved and all(s.ordinal is None for s in samples)
    problem = (
        _problem(refit, [at.mu for at in implied], method, vcov, statistic)
        if batched and len(refit.theta)
        else None
    )
    return Work(problem, refit, sizes)


def _problem(refit: Refit, mu: list[Floats], method: Method, vcov: Floats, statistic: bool) -> Problem:
    model, constraints = refit.cells, refit.constraints
    free = has_free_means(model, constraints)
    cells = tuple(compact(g, model.q, free_means=free) for g in model.groups)
    units = tuple(
        _units(s, k, method.discrepancy, model.meanstructure)
        for s, k in zip(refit.samples, refit.clusters, strict=True)
    )
    theta = means_of(model, refit.theta, mu) if free else refit.theta
    H = curvature(cells, units, constraints.K, theta, _scale(constraints.K, theta, vcov))
    return Problem(
        cells=cells,
        units=units,
        K=constraints.K,
        shift=constraints.c,
        alpha=constraints.alpha(theta),
        whiten=whitening(H),
        statistic=statistic,
        watched=refit.watched,
        intercepts=model if free else None,
    )


def _units(sample: GroupSample, cluster: Ints | None, discrepancy: str, meanstructure: bool) -> Units:
    if sample.rows is None:
        raise ValueError("a draw needs the cases")
    if sample.patterns is not None:
        return IncompleteUnits(sample.rows, cluster)
    return complete_units(sample.rows, discrepancy, meanstructure, cluster)


def _codes(sample: GroupSample) -> Ints | None:
    return None if sample.cluster is None else np.unique(sample.cluster, return_inverse=True)[1]


def _scale(K: Floats, theta: Floats, vcov: Floats) -> Floats:
    """A step of alpha (r,) that moves no free row further than about its standard error."""
    se = np.sqrt(np.maximum(np.diagonal(vcov), 0.0))
    se = np.where(np.isfinite(se) & (se > 0.0), se, 0.1 * np.abs(theta) + 1e-3)
    moves = np.abs(K) > 1e-8
    return np.asarray(np.where(moves, se[:, None] / np.where(moves, np.abs(K), 1.0), np.inf).min(axis=0))
