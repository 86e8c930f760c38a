"""An estimated model: what every later statistic starts from."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from analysis.sem.estimation.objective import Objective
from analysis.sem.estimation.optimise import Solution
from analysis.sem.model.constraints import Constraints

__all__ = ["Estimated"]

Floats = NDArray[np.float64]
Ints = NDArray[np.intp]


@dataclass(frozen=True, slots=True, eq=False)
class Estimated:
    """Objective, constraints and solution, with the directions theta may move in.

    tangent: (q, f) basis of the free directions at the solution; exogenous: places of fixed.x variables;
    n_moments: sample moments to be explained, without those of fixed.x.
    """

    objective: Objective
    constraints: Constraints
    solution: Solution
    tangent: Floats
    exogenous: Ints
    n_moments: int

    @property
    def theta(self) -> Floats:
        """(q,)."""
        return self.solution.point.theta

    @property
    def n_total(self) -> int:
        """Cases in all groups."""
        return sum(sample.n for sample in self.objective.samples)

    @property
    def n_parameters(self) -> int:
        """Free parameters, tied ones counted once: lavaan's npar less its constraints."""
        return int(self.tangent.shape[1])

    @property
    def df(self) -> int:
        """Degrees of freedom."""
        return self.n_moments - self.n_parameters

    @property
    def chisq_by_group(self) -> Floats:
        """2 n_g times the value of each group: (G,)."""
        states, samples = self.solution.point.states, self.objective.samples
        return np.array([2.0 * s.n * max(at.value, 0.0) for s, at in zip(samples, states, strict=True)])
