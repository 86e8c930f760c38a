"""From a parameter table and samples to an estimated model."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from analysis.sem.errors import ModelError
from analysis.sem.estimation.estimated import Estimated
from analysis.sem.estimation.estimator import Estimator
from analysis.sem.estimation.maximum_likelihood import ML
from analysis.sem.estimation.objective import Objective
from analysis.sem.estimation.optimise import Solution, minimise
from analysis.sem.estimation.starts import starting_values
from analysis.sem.method import Method
from analysis.sem.model.cells import compile_cells, fix_exogenous
from analysis.sem.model.constraints import compile_constraints, tangent
from analysis.sem.sample.moments import GroupSample
from analysis.sem.table.parameter_table import ParameterTable

__all__ = ["estimate", "estimator_of", "exogenous_places"]

Floats = NDArray[np.float64]
Ints = NDArray[np.intp]

# Multiple of the degrees of freedom up to which a chi-square needs no search for a lower one.
GOOD_FIT = 1.5


def estimate(
    table: ParameterTable,
    samples: tuple[GroupSample, ...],
    method: Method,
    start: Floats | None = None,
    *,
    at: Floats | None = None,
) -> Estimated:
    """Estimates by the method; `at` takes estimates made elsewhere as they are.

    Raises ModelError where the discrepancy exists neither at the start nor on the way from it to zero paths.
    """
    cells = fix_exogenous(compile_cells(table), [s.cov for s in samples], [s.mean for s in samples])
    constraints = compile_constraints(table)
    objective = Objective(estimator_of(method, samples), cells, samples)
    with np.errstate(all="ignore"):
        if at is None:
            begin = starting_values(table, samples) if start is None else start
            others = (
                lambda: starting_values(table, samples, small_variances=True),
                lambda: starting_values(table, samples, small_variances=True, equal_loadings=True),
            )
            moments = _n_moments(table, samples)
            enough = GOOD_FIT * (moments - constraints.K.shape[1]) / (2 * sum(s.n for s in samples))
            if method.discrepancy == "FIML":
                near = minimise(Objective(ML, cells, samples), constraints, begin, *others, enough)
                begin = near.point.theta if near.converged else begin
                others = (lambda: begin, others[1]) if near.converged else others
            solution = minimise(objective, constraints, begin, *others, enough)
        else:
            point = objective.at(at)
            solution = Solution(point, bool(np.isfinite(point.value)), 0, "estimated elsewhere")
        if not np.isfinite(solution.point.value):
            raise _no_moments(solution)
        directions = tangent(constraints, solution.point.theta)
    return Estimated(
        objective=objective,
        constraints=constraints,
        solution=solution,
        tangent=directions,
        exogenous=exogenous_places(table),
        n_moments=_n_moments(table, samples),
    )


def _no_moments(solution: Solution) -> ModelError:
    return ModelError(
        f"the model implies no positive definite covariance matrix ({solution.reason})",
        place="model",
        mend="Look at fixed values, negative variances above all, and at start() values.",
    )


def estimator_of(method: Method, samples: tuple[GroupSample, ...]) -> Estimator:
    """The discrepancy a method minimises."""
    if samples[0].ordinal is not None:
        from analysis.sem.estimation.wls import DWLS, ULS_ORDINAL

        return ULS_ORDINAL if method.discrepancy == "ULS" else DWLS
    if method.discrepancy == "FIML":
        from analysis.sem.estimation.fiml_estimator import FIML

        return FIML
    if method.discrepancy == "ML":
        return ML
    from analysis.sem.estimation.least_squares import GLS, ULS

    return GLS if method.discrepancy == "GLS" else ULS


def exogenous_places(table: ParameterTable) -> Ints:
    """Places of the fixed.x variables among the observed."""
    return np.array([table.observed.index(name) for name in table.exogenous], dtype=np.intp)


def _n_moments(table: ParameterTable, samples: tuple[GroupSample, ...]) -> int:
    total = 0
    for sample in samples:
        if sample.ordinal is not None:
            total += sample.ordinal.stage.layout.n_statistics
            continue
        p, x = len(table.observed), len(table.exogenous)
        total += (p * (p + 1) - x * (x + 1)) // 2 + (p - x if table.meanstructure else 0)
    return total
