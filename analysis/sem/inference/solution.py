"""The solution row by row: values, errors, standardised values, definitions; plain arrays in table order."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from analysis.sem.inference.standardized import log_derivatives, rows_of, standardize, variance_derivatives
from analysis.sem.model.cells import DELTA, Cells, GroupCells, S
from analysis.sem.sample.moments import GroupSample
from analysis.sem.syntax.evaluation import evaluate, value_and_slopes

__all__ = ["Solved", "completed", "definition_values", "flats_of", "row_values", "standardized_values"]

Floats = NDArray[np.float64]
Ints = NDArray[np.intp]


@dataclass(frozen=True, slots=True, eq=False)
class Solved:
    """Values (R,) of table rows and their derivatives (R, q)."""

    values: Floats
    by_theta: Floats


def flats_of(cells: Cells, samples: tuple[GroupSample, ...], theta: Floats) -> list[Floats]:
    """Flat matrices of each group, residual variances of ordered variables filled in."""
    return [
        completed(group, sample, theta, group.flat(theta))
        for group, sample in zip(cells.groups, samples, strict=True)
    ]


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


def row_values(cells: Cells, flats: list[Floats], n_rows: int) -> Solved:
    """Value of every cell row and its derivative by theta."""
    values, by = np.full(n_rows, np.nan), np.zeros((n_rows, cells.q))
    for group, flat in zip(cells.groups, flats, strict=True):
        values[group.all_rows] = flat[group.all_places]
        by[group.rows, group.free] = 1.0
    return Solved(values, by)


def standardized_values(
    cells: Cells,
    samples: tuple[GroupSample, ...],
    theta: Floats,
    n_rows: int,
    *,
    latent_only: bool = False,
    derivatives: bool = True,
) -> Solved:
    """Standardised value of every cell row; derivatives are exact."""
    values, by = np.full(n_rows, np.nan), np.zeros((n_rows, cells.q))
    for group, sample in zip(cells.groups, samples, strict=True):
        observed = group.p if latent_only else 0
        own, own_by = _standardized_group(group, sample, theta, observed, derivatives)
        values[group.all_rows] = own
        if own_by is not None:
            by[np.ix_(group.all_rows, group.free)] = own_by
    return Solved(values, by)


def _standardized_group(
    group: GroupCells, sample: GroupSample, theta: Floats, observed: int, derivatives: bool
) -> tuple[Floats, Floats | None]:
    v = group.size
    flat = completed(group, sample, theta, group.flat(theta))
    A, spread = flat[: v * v].reshape(v, v), flat[v * v : 2 * v * v].reshape(v, v)
    B: Floats = np.asarray(np.linalg.inv(np.eye(v) - A))
    C = B @ spread @ B.T
    rows = rows_of(group)
    values = flat[group.all_places]
    out = standardize(values, rows, C.diagonal(), spread.diagonal(), observed=observed)
    if not derivatives:
        return out, None
    by_variance, by_residual = log_derivatives(out, rows, v, observed=observed)
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
    return out, by


def _unit_factor(values: Floats, rows: Any, C: Floats, spread: Floats, observed: int) -> Floats:
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
            out[d] = evaluate((definition,), known)[0]
        known[definition.name], by[definition.name] = out[d], out_by[d]
    return Solved(out, out_by)
