"""One group of a parameter table with its sample, made ready for translation: cells, ties, units, starts."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from analysis.sem.estimation.start_plan import LATENT_VARIANCE
from analysis.sem.external.dialect import Dialect, NotExpressibleError, Problem, translate
from analysis.sem.external.intercepts import means_are_saturated
from analysis.sem.external.scaling import Cell, variable_scales
from analysis.sem.external.ties import TiedParameters
from analysis.sem.sample.moments import GroupSample
from analysis.sem.table.parameter_table import ParameterTable

Floats = NDArray[np.float64]
Ints = NDArray[np.intp]

_KINDS = {"=~": "A", "~": "A", "~~": "S", "~1": "m"}


@dataclass(frozen=True, slots=True, eq=False)
class GroupProblem:
    """cells: all of the group; place: (p,) where the sample holds the observed variables; scales: of all
    variables; dialect: the model for semopy; modelled: whether means are part of it.
    """

    cells: list[Cell]
    place: Ints
    scales: dict[str, float]
    dialect: Dialect
    modelled: bool


def prepare(
    table: ParameterTable,
    number: int,
    sample: GroupSample,
    ties: TiedParameters,
    starts: Floats,
    objective: str,
) -> GroupProblem:
    """Group ``number`` (from 1) for semopy's ``objective``. Raises NotExpressibleError with the reason."""
    cells = group_cells(table, number)
    full = objective == "FIML"
    modelled = table.meanstructure and (full or not means_are_saturated(cells, ties, table))
    if modelled and objective not in ("MLW", "FIML"):
        raise NotExpressibleError("semopy models means by maximum likelihood only")
    if objective == "ULS" and not _variances_fit(cells, ties, table.observed):
        raise NotExpressibleError(
            "semopy's ULS counts each covariance twice, ours as lavaan's once; the two agree only where every"
            " observed variable has a free residual variance and predicts nothing"
        )
    kept = [cell for cell in cells if modelled or cell.kind != "m"]
    own = {cell.free: cell for cell in kept if cell.free}
    place = np.array([sample.names.index(name) for name in table.observed], dtype=np.intp)
    cov = sample.cov[np.ix_(place, place)]
    units = np.sqrt(np.diag(cov)) * (_shrinkage(cov) if modelled else 1.0)
    scales = variable_scales(
        kept,
        [[own[free] for free in tie] for tie in ties.sets if tie[0] in own],
        dict(zip(table.observed, units.tolist(), strict=True)),
        table.latent,
        common=objective == "ULS",
    )
    problem = Problem(
        observed=table.observed,
        latent=table.latent,
        cells=kept,
        labels={free: ties.labels[free] for free in own},
        constraints=[c for c, group in zip(ties.constraints, ties.groups, strict=True) if group == number],
        names=ties.names,
        starts={free: _start(cell, starts, scales, table.latent) for free, cell in own.items()},
        means=modelled,
    )
    return GroupProblem(cells, place, scales, translate(problem, scales), modelled)


def scaled_rows(problem: GroupProblem, sample: GroupSample, observed: tuple[str, ...]) -> pd.DataFrame:
    """The group's rows in semopy's units, under semopy's names."""
    if sample.rows is None:
        raise NotExpressibleError("semopy needs the raw data for a model of means")
    units = np.array([problem.scales[name] for name in observed])
    columns = [problem.dialect.columns[name] for name in observed]
    return pd.DataFrame(sample.rows[:, problem.place] / units, columns=columns)


def scaled_covariance(problem: GroupProblem, sample: GroupSample, observed: tuple[str, ...]) -> pd.DataFrame:
    """The group's covariance matrix in semopy's units, under semopy's names."""
    units = np.array([problem.scales[name] for name in observed])
    columns = [problem.dialect.columns[name] for name in observed]
    cov = sample.cov[np.ix_(problem.place, problem.place)] / np.outer(units, units)
    return pd.DataFrame(cov, columns=columns, index=columns)


def group_cells(table: ParameterTable, number: int) -> list[Cell]:
    """The parameters of one group as cells."""
    c = table.columns
    cells = []
    for lhs, op, rhs, group, free, value, exo in zip(
        c.lhs, c.op, c.rhs, c.group, c.free, c.ustart, c.exo, strict=True
    ):
        if group == number and op in _KINDS:
            row, col = (rhs, lhs) if op == "=~" else (lhs, rhs)
            moment = bool(exo) and not free and math.isnan(value)
            cells.append(Cell(_KINDS[op], row, col, int(free), float(value), moment, op == "=~"))
    return cells


def _variances_fit(cells: list[Cell], ties: TiedParameters, observed: tuple[str, ...]) -> bool:
    """Whether every observed variance is reproduced exactly, whatever the other parameters."""
    senders = {cell.col for cell in cells if cell.kind == "A"}
    free = {
        cell.row
        for cell in cells
        if cell.kind == "S" and cell.row == cell.col and cell.free and not ties.binds(cell.free)
    }
    return all(name in free and name not in senders for name in observed)


def _start(cell: Cell, starts: Floats, scales: dict[str, float], latent: tuple[str, ...]) -> float:
    """The starting value; latent variances start at 0.05 in their own units, and so without covariances."""
    if cell.kind == "S" and {cell.row, cell.col} <= set(latent) and math.isnan(cell.value):
        return LATENT_VARIANCE * scales[cell.row] ** 2 if cell.row == cell.col else 0.0
    return float(starts[cell.free - 1])


def _shrinkage(cov: Floats) -> float:
    """A factor on the units that keeps log-determinants positive: below 0 semopy sees failure."""
    deviation = np.sqrt(np.diag(cov))
    smallest = float(np.linalg.eigvalsh(cov / np.outer(deviation, deviation))[0])
    return math.sqrt(max(smallest, 1e-6))
