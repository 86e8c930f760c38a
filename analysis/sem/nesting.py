"""Whether one model is nested in another: the larger must be able to imply what the smaller one does.

The nesting and equivalence test of Bentler and Satorra (2010): fit the larger model to the moments that the
smaller one implies; it is perfect exactly where the smaller model is nested.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from analysis.sem import report
from analysis.sem.estimation.maximum_likelihood import ML
from analysis.sem.estimation.objective import Objective
from analysis.sem.estimation.optimise import minimise
from analysis.sem.inference.fitted import Fitted
from analysis.sem.sample.moments import GroupSample
from analysis.sem.threads import one_thread

__all__ = ["contains"]

Floats = NDArray[np.float64]

# A discrepancy per case below this, an RMSEA far below .01, is as good as perfect.
REPRODUCED = 1e-5


def contains(larger: Fitted, smaller: Fitted) -> bool:
    """Whether `smaller` is nested in `larger`, two fits of the same data.

    Taken on trust where a model did not converge, variables are ordered, or the search does not end.
    """
    if larger.samples[0].ordinal is not None or not (larger.converged and smaller.converged):
        return True
    samples = _implied_samples(larger, smaller)
    if samples is None:
        return True
    problem = Objective(ML, larger.cells, samples)
    settled = False
    with one_thread(), np.errstate(all="ignore"):
        for start in (_matched(larger, smaller), larger.theta):
            if problem.at(start).value < REPRODUCED:
                return True
            found = minimise(problem, larger.constraints, start)
            if found.point.value < REPRODUCED:
                return True
            settled = settled or found.converged
    return not settled


def _implied_samples(larger: Fitted, smaller: Fitted) -> tuple[GroupSample, ...] | None:
    """Samples with the moments the smaller model implies; None where these are not positive definite."""
    out = []
    for own, other, at in zip(larger.samples, smaller.samples, smaller.implied, strict=True):
        place = [other.names.index(name) for name in own.names]
        cov = at.sigma[np.ix_(place, place)]
        sign, logdet = np.linalg.slogdet(cov)
        if sign <= 0:
            return None
        mean = at.mu[place] if smaller.table.meanstructure else own.mean
        out.append(
            replace(own, cov=cov, mean=mean, logdet=float(logdet), rows=None, patterns=None, saturated=0.0)
        )
    return tuple(out)


def _matched(larger: Fitted, smaller: Fitted) -> Floats:
    """Parameters of the larger model at the values the smaller one has for them, its own for others."""
    key = ["lhs", "op", "rhs", "group"]
    rows, more = smaller.table.rows, larger.table.rows
    rows, free = rows[rows["group"] > 0], more[more["free"] > 0]
    known = dict(zip(rows[key].itertuples(index=False, name=None), report.values(smaller), strict=True))
    theta = larger.theta.copy()
    for place, name in zip(free["free"], free[key].itertuples(index=False, name=None), strict=True):
        theta[place - 1] = known.get(name, theta[place - 1])
    return theta
