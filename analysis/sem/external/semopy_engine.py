"""Estimates by semopy for our parameter table: translation, runs group by group, translation back."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from analysis.sem.external.dialect import Dialect, NotExpressibleError
from analysis.sem.external.group_problem import prepare, scaled_covariance, scaled_rows
from analysis.sem.external.intercepts import fitted_intercepts
from analysis.sem.external.semopy_run import SemopyRun, run_semopy
from analysis.sem.external.ties import tied_parameters
from analysis.sem.sample.moments import GroupSample
from analysis.sem.table.parameter_table import ParameterTable

Floats = NDArray[np.float64]

OBJECTIVES = {"ML": "MLW", "MLR": "MLW", "MLM": "MLW", "GLS": "GLS", "ULS": "ULS"}
# Seconds for one group; a model of means on hundreds of incomplete rows takes several.
TIME_LIMIT = 120.0


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

    ``samples`` hold the moments the estimator works on (divided by n − 1 for GLS and ULS), or patterns for
    full information. Raises NotExpressibleError, a ModelError, where semopy's dialect or estimators do not
    reach, and SemopyFailedError where semopy finds no optimum within ``time_limit`` seconds a group.
    """
    objective = _objective(table, samples, estimator)
    ties = tied_parameters(table)
    theta = np.full(table.n_free, math.nan)
    dialects, runs = [], []
    for number, sample in enumerate(samples, 1):
        group = prepare(table, number, sample, ties, starts, objective)
        if group.modelled:
            data = scaled_rows(group, sample, table.observed)
            run = run_semopy(group.dialect, "FIML", data=data, time_limit=time_limit)
        else:
            cov = scaled_covariance(group, sample, table.observed)
            run = run_semopy(group.dialect, objective, cov=cov, time_limit=time_limit)
        for free, label in group.dialect.labels.items():
            theta[free - 1] = group.dialect.factors[free] * run.values[label]
        if table.meanstructure and not group.modelled:
            fitted_intercepts(group.cells, table, sample.mean[group.place], theta)
        dialects.append(group.dialect)
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
