"""The value to minimise and its derivatives over all groups, for any estimator."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

from analysis.sem.estimation.estimator import Estimator, assemble, group_shares
from analysis.sem.model.cells import Cells
from analysis.sem.sample.moments import GroupSample

__all__ = ["Objective", "Point"]

Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True, eq=False)
class Point:
    """The groups' states at one theta (q,); value is inf where the discrepancy does not exist."""

    theta: Floats
    value: float
    states: tuple[Any, ...]


@dataclass(frozen=True, eq=False)
class Objective:
    """Sum over groups of n_g / N times the estimator's value."""

    estimator: Estimator
    cells: Cells
    samples: tuple[GroupSample, ...]

    @cached_property
    def shares(self) -> Floats:
        """n_g / N: (G,)."""
        return group_shares(self.samples)

    def at(self, theta: Floats) -> Point:
        """Point at theta (q,)."""
        states = []
        value = 0.0
        for group, sample, share in zip(self.cells.groups, self.samples, self.shares, strict=True):
            state = self.estimator.state(group, sample, theta, self.cells.meanstructure)
            if state is None:
                return Point(theta, np.inf, ())
            states.append(state)
            value += share * state.value
        return Point(theta, float(value), tuple(states))

    def gradient(self, point: Point) -> Floats:
        """(q,)."""
        return self._sum(self.estimator.gradient, point)

    def information(self, point: Point) -> Floats:
        """Expected information per case: (q, q)."""
        return self._sum(self.estimator.information, point)

    def hessian(self, point: Point) -> Floats:
        """Observed information per case: (q, q); the expected one where the estimator has no other."""
        return self._sum(self.estimator.hessian or self.estimator.information, point)

    def curvature(self, point: Point) -> Floats:
        """Observed information about the moments, chained to theta: (q, q)."""
        return self._sum(self.estimator.curvature or self.estimator.information, point)

    def _sum(self, function: Any, point: Point) -> Floats:
        parts = [
            function(group, sample, state)
            for group, sample, state in zip(self.cells.groups, self.samples, point.states, strict=True)
        ]
        return assemble(self.cells, parts, self.shares)
