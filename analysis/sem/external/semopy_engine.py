"""Estimates by semopy for our parameter table: translation, runs group by group, translation back."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from analysis.sem.external.dialect import Dialect, NotExpressibleError, Problem, translate
from analysis.sem.external.intercepts import fitted_intercepts, means_are_saturated
from analysis.sem.external.scaling import Cell, variable_scales
from analysis.sem.external.semopy_run import SemopyFailedError, SemopyRun, run_semopy
from analysis.sem.external.ties import TiedParameters, tied_parameters
from analysis.sem.sample.moments import GroupSample
from analysis.sem.table.parameter_table import ParameterTable

Floats = NDArray[np.float64]

OBJECTIVES = {"ML": "MLW", "MLR": "MLW", "MLM": "MLW", "GLS": "GLS", "ULS": "ULS"}
TIME_LIMIT = 60.0


@dataclass(frozen=True, slots=True, eq=False)
class SemopyEstimates:
    """theta (q,): semopy's value of every free row; one translation and one run a group."""

    theta: Floats
    dialects: tuple[Dialect, ...]
    runs: tuple[SemopyRun, ...]


def semopy_estimates(
    table: ParameterTable,
    samples: Sequence[GroupSample],
    starts: Floats,
    *,
    estimator: str = "ML",
    time_limit: float = TIME_LIMIT,
) -> SemopyEstimates:
    """Fit a model by semopy; ``starts`` (q,) are starting values of the free rows.

    Raises NotExpressibleError, a ModelError, where semopy's dialect or estimators do not reach, and
    SemopyFailedError where semopy finds no optimum.
    """
    objective = _objective(table, samples, estimator)
    ties = tied_parameters(table)
    theta = np.full(table.n_free, math.nan)
    dialects, runs = [], []
    for number, sample in enumerate(samples, 1):
        dialect, run = _fit_group(table, number, sample, ties, starts, objective, time_limit, theta)
        dialects.append(dialect)
        runs.append(run)
    return SemopyEstimates(theta, tuple(dialects), tuple(runs))


def _objective(table: ParameterTable, samples: Sequence[GroupSample], estimator: str) -> str:
    if table.ordered:
        raise NotExpressibleError(
            "semopy's estimation of ordered variables fails on current numpy and weights by raw codes"
        )
    if estimator not in OBJECTIVES:
        raise NotExpressibleError(f"semopy has no {estimator} that agrees with ours")
    if any(sample.patterns is not None for sample in samples):
        return "FIML"
    return OBJECTIVES[estimator]


def _fit_group(
    table: ParameterTable,
    number: int,
    sample: GroupSample,
    ties: TiedParameters,
    starts: Floats,
    objective: str,
    time_limit: float,
    theta: Floats,
) -> tuple[Dialect, SemopyRun]:
    """Fit one group and write its estimates into theta."""
    cells = group_cells(table, number)
    modelled = table.meanstructure and (objective == "FIML" or not means_are_saturated(cells, ties, table))
    if modelled and objective not in ("MLW", "FIML"):
        raise NotExpressibleError("semopy models means by maximum likelihood only")
    objective = "FIML" if modelled else objective
    kept = [cell for cell in cells if modelled or cell.kind != "m"]
    own = {cell.free: cell for cell in kept if cell.free}
    place = [sample.names.index(name) for name in table.observed]
    cov = sample.cov[np.ix_(place, place)]
    deviations = np.sqrt(np.diag(cov)) * (_shrinkage(cov) if modelled else 1.0)
    scales = variable_scales(
        kept,
        [[own[free] for free in tie] for tie in ties.sets if tie[0] in own],
        dict(zip(table.observed, deviations.tolist(), strict=True)),
        table.latent,
        common=objective == "ULS",
    )
    problem = Problem(
        observed=table.observed,
        latent=table.latent,
        cells=kept,
        labels={free: ties.labels[free] for free in own},
        constraints=[c for c, g in zip(ties.constraints, ties.groups, strict=True) if g == number],
        names=ties.names,
        starts={free: float(starts[free - 1]) for free in own},
        means=modelled,
    )
    dialect = translate(problem, scales)
    unit = np.array([scales[name] for name in table.observed])
    columns = [dialect.columns[name] for name in table.observed]
    if modelled:
        if sample.rows is None:
            raise NotExpressibleError("semopy needs the raw data for a model of means")
        data = pd.DataFrame(sample.rows[:, place] / unit, columns=columns)
        run = run_semopy(dialect, objective, data=data, time_limit=time_limit)
    else:
        moments = pd.DataFrame(cov / np.outer(unit, unit), columns=columns, index=columns)
        run = run_semopy(dialect, objective, cov=moments, time_limit=time_limit)
    for free in own:
        theta[free - 1] = dialect.factors[free] * run.values[dialect.labels[free]]
    if table.meanstructure and not modelled:
        fitted_intercepts(cells, table, sample.mean[place], theta)
    return dialect, run


def _shrinkage(cov: Floats) -> float:
    """A factor on the units that keeps log-determinants positive: below 0 semopy sees failure."""
    deviation = np.sqrt(np.diag(cov))
    smallest = float(np.linalg.eigvalsh(cov / np.outer(deviation, deviation))[0])
    return math.sqrt(max(smallest, 1e-6))


def group_cells(table: ParameterTable, number: int) -> list[Cell]:
    """The parameters of one group as cells."""
    columns = ("lhs", "op", "rhs", "group", "free", "ustart", "exo")
    kinds = {"=~": "A", "~": "A", "~~": "S", "~1": "m"}
    cells = []
    for lhs, op, rhs, group, free, value, exo in zip(
        *(table.rows[name].tolist() for name in columns), strict=True
    ):
        if group == number and op in kinds:
            row, col = (rhs, lhs) if op == "=~" else (lhs, rhs)
            moment = bool(exo) and not free and math.isnan(value)
            cells.append(Cell(kinds[op], row, col, int(free), float(value), moment, op == "=~"))
    return cells


__all__ = ["NotExpressibleError", "SemopyEstimates", "SemopyFailedError", "group_cells", "semopy_estimates"]
