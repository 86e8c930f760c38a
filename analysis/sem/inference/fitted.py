"""A fitted model before anybody asks for tables: what every statistic of it starts from."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from analysis.sem.estimation.estimated import Estimated
from analysis.sem.findings import Finding
from analysis.sem.inference import results
from analysis.sem.inference.solution import Filled, filled
from analysis.sem.method import Method
from analysis.sem.model.cells import Cells
from analysis.sem.model.constraints import Constraints
from analysis.sem.model.implied import Implied
from analysis.sem.options import Options
from analysis.sem.sample.moments import GroupSample
from analysis.sem.table.parameter_table import ParameterTable
from analysis.sem.threads import one_thread

__all__ = ["Fitted"]

Floats = NDArray[np.float64]


@dataclass(frozen=True, eq=False, repr=False, kw_only=True)
class Fitted:
    """model: the text; table, options, method: what was asked for; estimated: the solution and its problem.

    starts: (q,) where the search began; remarks: what was found in the data; n_rows: rows of the caller's
    table. Errors and matrices are computed on first use and kept.
    """

    model: str
    table: ParameterTable
    options: Options
    method: Method
    estimated: Estimated
    starts: Floats
    remarks: tuple[Finding, ...] = ()
    n_rows: int = 0

    @property
    def samples(self) -> tuple[GroupSample, ...]:
        """Sample statistics of each group."""
        return self.estimated.objective.samples

    @property
    def cells(self) -> Cells:
        """Cells of the model, fixed.x moments filled in."""
        return self.estimated.objective.cells

    @property
    def constraints(self) -> Constraints:
        """Equality constraints."""
        return self.estimated.constraints

    @property
    def theta(self) -> Floats:
        """Estimates of the free rows (q,)."""
        return self.estimated.theta

    @property
    def implied(self) -> tuple[Implied, ...]:
        """Implied moments of each group."""
        return tuple(state.at for state in self.estimated.solution.point.states)

    @property
    def converged(self) -> bool:
        """Whether the search ended in a minimum."""
        return self.estimated.solution.converged

    @property
    def n_obs(self) -> int | tuple[int, ...]:
        """Cases used, or one number per group."""
        counts = tuple(sample.n for sample in self.samples)
        return counts if self.table.groups else counts[0]

    @cached_property
    def inference(self) -> results.Inference:
        """Errors and test."""
        with one_thread(), np.errstate(all="ignore"):
            return results.infer(self.estimated, self.method)

    @cached_property
    def filled(self) -> tuple[Filled, ...]:
        """The matrices of each group."""
        with one_thread(), np.errstate(all="ignore"):
            return filled(self.estimated)

    @property
    def vcov(self) -> Floats:
        """Covariance matrix of the free rows' estimates: (q, q)."""
        return self.inference.errors.vcov
