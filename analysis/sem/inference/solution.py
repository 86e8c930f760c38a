"""The solution row by row: values, errors, standardised values, definitions; plain arrays in table order."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from analysis.sem.estimation.estimated import Estimated
from analysis.sem.inference.standardized import log_derivatives, standardize, variance_derivatives
from analysis.sem.model.cells import Cells, GroupCells
from analysis.sem.model.rows import DELTA, Rows, S
from analysis.sem.sample.moments import GroupSample
from analysis.sem.syntax.evaluation import value_and_slopes, value_of

__all__ = [
    "Filled",
    "Solved",
    "completed",
    "definition_values",
    "filled",
    "row_values",
    "standardized_values",
]

Floats = NDArray[np.float64]
Ints = NDArray[np.intp]


@dataclass(frozen=True, slots=True, eq=False)
class Solved:
    """Values (R,) of table rows and their derivatives (R, q)."""

    values: Floats
    by_theta: Floats


@dataclass(frozen=True, slots=True, eq=False)
class Filled:
    """A group's matrices at the solution, with the residual variances of ordered variables filled in.

    flat: (L,) as in `GroupCells`, A and S (v, v) views of it; B = (I - A)^-1 and C = B S B' (v, v), the
    covariances of all variables.
    """

    flat: Floats
    A: Floats
    S: Floats
    B: Floats
    C: Floats


def filled(estimated: Estimated) -> tuple[Filled, ...]:
    """The matrices of each group at the solution."""
    out = []
    objective, point = estimated.objective, estimated.solution.point
    for group, sample, state in zip(objective.cells.groups, objective.samples, point.states, strict=True):
        flat = completed(group, sample, point.theta, group.flat(point.theta))
        A, S, _, _, _ = group.split(flat)
        B, C = state.at.B, state.at.C
        if sample.ordinal is not None:
            B = np.asarray(np.linalg.inv(np.eye(group.size) - A))
            C = B @ S @ B.T
        out.append(Filled(flat, A, S, B, C))
    return tuple(out)


def completed(group: GroupCells, sample: GroupSample, theta: Floats, flat: Floats) -> Floats:
    """The flat vector with what the delta parameterisation leaves to the residual variances."""
    if sample.ordinal is None:
        return flat
    from analysis.sem.estimation.wls import structure_of
    from analysis.sem.estimation.wls_moments import residual_variances
    from analysis.sem.model.implied import implied

    structure = structure_of(group, sample)
    v = group.size
    rows = structure.ordered
    flat = flat.copy()
    flat[v * v + rows * (v + 1)] += residual_variances(structure, implied(structure.cells, theta))
    return flat


def row_values(cells: Cells, at: tuple[Filled, ...], n_rows: int) -> Solved:
    """Value of every cell row and its derivative by theta."""
    values, by = np.full(n_rows, np.nan), np.zeros((n_rows, cells.q))
    for group, own in zip(cells.groups, at, strict=True):
        values[group.all_rows] = own.flat[group.all_places]
        by[group.rows, group.free] = 1.0
    return Solved(values, by)


def standardized_values(
    estimated: Estimated,
    at: tuple[Filled, ...],
    n_rows: int,
    *,
    latent_only: bool = False,
    derivatives: bool = True,
) -> Solved:
    """Standardised value of every cell row; derivatives are exact."""
    objective, theta = estimated.objective, estimated.theta
    values, by = np.full(n_rows, np.nan), np.zeros((n_rows, objective.cells.q))
    for group, sample, own in zip(objective.cells.groups, objective.samples, at, strict=True):
        observed = group.p if latent_only else 0
        raw = own.flat[group.all_places]
        out = standardize(raw, group.where, own.C.diagonal(), own.S.diagonal(), observed=observed)
        values[group.all_rows] = out
        if derivatives:
            slopes = _standardized_slopes(group, sample, theta, own, raw, out, observed)
            by[np.ix_(group.all_rows, group.free)] = slopes
    return Solved(values, by)


def _standardized_slopes(
    group: GroupCells,
    sample: GroupSample,
    theta: Floats,
    at: Filled,
    values: Floats,
    out: Floats,
    observed: int,
) -> Floats:
    """Derivatives (r, k) of the standardised values `out` (r,) of raw `values` (r,)."""
    B, C, spread, rows = at.B, at.C, at.S, group.where
    by_variance, by_residual = log_derivatives(out, rows, group.size, observed=observed)
    dC, dS = variance_derivatives(group, B, C)
    if sample.ordinal is not None:
        ordered, by_residual_variance = _residual_derivatives(group, sample, theta)
        dS[ordered] += by_residual_variance
        dC += B[:, ordered] ** 2 @ by_residual_variance
    with np.errstate(invalid="ignore", divide="ignore"):
        relative_C, relative_S = dC / C.diagonal()[:, None], dS / spread.diagonal()[:, None]
        factor = np.where(values != 0.0, out / values, _unit_factor(values, rows, C, spread, observed))
    # What does not vary moves nothing: rows scaled by its variance are NaN already, or 0.
    relative_C[~np.isfinite(relative_C)] = 0.0
    relative_S[~np.isfinite(relative_S)] = 0.0
    if not observed:
        factor[rows.kind == DELTA] = 0.0
    by = by_variance @ relative_C + by_residual @ relative_S
    free = np.flatnonzero(rows.free >= 0)
    by[free, rows.free[free]] += factor[free]
    if sample.ordinal is not None:
        implied_rows = np.flatnonzero((rows.kind == S) & (rows.row == rows.col) & np.isin(rows.row, ordered))
        by[implied_rows] += factor[implied_rows, None] * dS[rows.row[implied_rows]]
    return np.asarray(by)


def _unit_factor(values: Floats, rows: Rows, C: Floats, spread: Floats, observed: int) -> Floats:
    """What multiplies a value of zero."""
    if (values != 0.0).all():
        return np.ones_like(values)
    return standardize(np.ones_like(values), rows, C.diagonal(), spread.diagonal(), observed=observed)


def _residual_derivatives(group: GroupCells, sample: GroupSample, theta: Floats) -> tuple[Ints, Floats]:
    """Ordered variables and the derivatives (o, k) of their residual variances."""
    from analysis.sem.estimation.wls import structure_of
    from analysis.sem.estimation.wls_moments import residual_derivatives, with_residuals

    structure = structure_of(group, sample)
    return structure.ordered, residual_derivatives(structure, with_residuals(structure, theta)).T


def definition_values(
    definitions: tuple[Any, ...], solved: Solved, names: dict[str, int], *, derivatives: bool = True
) -> Solved:
    """Values and derivatives of := rows; names: label to the table row whose value it stands for.

    Derivatives are left at 0 where they are not wanted: they take most of the time.
    """
    known: dict[str, Any] = {name: solved.values[row] for name, row in names.items()}
    by: dict[str, Floats] = {name: solved.by_theta[row] for name, row in names.items()}
    out, out_by = np.empty(len(definitions)), np.zeros((len(definitions), solved.by_theta.shape[1]))
    for d, definition in enumerate(definitions):
        if derivatives:
            out[d], slopes = value_and_slopes(definition.expression, known)
            for name, slope in slopes.items():
                out_by[d] += slope * by[name]
        else:
            out[d] = value_of(definition.expression, known)
        known[definition.name], by[definition.name] = out[d], out_by[d]
    return Solved(out, out_by)
