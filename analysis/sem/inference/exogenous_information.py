"""Information about parameters that reach fixed exogenous variables, counted as lavaan counts it.

Moments of the exogenous variables alone are given under fixed.x, so that they tell nothing about any
parameter: their rows and columns of the moments' information are 0, also for a path to such a variable, which
would move them.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from analysis.sem.estimation.estimator import assemble
from analysis.sem.estimation.fiml_estimator import moment_jacobian, random_moments
from analysis.sem.estimation.objective import Objective, Point
from analysis.sem.model.cells import GroupCells
from analysis.sem.model.implied import Implied, jacobian
from analysis.sem.sample import full_information as fiml
from analysis.sem.sample.patterns import Patterns

__all__ = ["information_given"]

Floats = NDArray[np.float64]
Ints = NDArray[np.intp]


def information_given(objective: Objective, point: Point, exogenous: Ints) -> Floats:
    """Expected information per case (q, q) by maximum likelihood, moments of `exogenous` alone left out."""
    parts = [
        _complete(group, state.at, exogenous)
        if sample.patterns is None
        else _incomplete(group, state.at, sample.patterns, exogenous)
        for group, sample, state in zip(objective.cells.groups, objective.samples, point.states, strict=True)
    ]
    return assemble(objective.cells, parts, objective.shares)


def _complete(cells: GroupCells, at: Implied, exogenous: Ints) -> Floats:
    dsigma, dmu = jacobian(cells, at)
    dsigma[:, exogenous[:, None], exogenous] = 0.0
    dmu[:, exogenous] = 0.0
    inverse = np.linalg.inv(at.sigma)
    WX = inverse @ dsigma
    k = len(WX)
    half = 0.5 * WX.reshape(k, -1) @ np.swapaxes(WX, 1, 2).reshape(k, -1).T
    return np.asarray(half + dmu @ inverse @ dmu.T)


def _incomplete(cells: GroupCells, at: Implied, patterns: Patterns, exogenous: Ints) -> Floats:
    kept = random_moments(cells.p, exogenous)
    delta = moment_jacobian(cells, at)[kept]
    information = fiml.expected_information(patterns, at.sigma, at.mu)[np.ix_(kept, kept)]
    return np.asarray(delta.T @ information @ delta)
