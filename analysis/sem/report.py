"""The frames of a fit: arrays in table order put beside the parameters' names."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy.special import ndtr, ndtri

from analysis.sem.inference.solution import (
    Solved,
    definition_values,
    flats_of,
    row_values,
    standardized_values,
)
from analysis.sem.kept import kept
from analysis.sem.table.columns import named

if TYPE_CHECKING:
    from analysis.sem.fit import Fit
    from analysis.sem.table.parameter_table import ParameterTable

__all__ = ["defined", "estimates", "explained", "rows_solved", "standardized", "values", "variances"]

Floats = NDArray[np.float64]

# A standard error below this is rounding: lavaan prints 0 for a standardised value that cannot vary.
NO_ERROR = np.finfo(float).eps ** 0.25


def estimates(fit: Fit, level: float = 0.95) -> pd.DataFrame:
    """The columns of the contract; fixed rows have se 0 and no z."""
    solved = rows_solved(fit, "raw")
    numbers = _inferred(solved.values, _errors(solved, fit.vcov), level)
    numbers["std_lv"] = rows_solved(fit, "latent", derivatives=False).values
    numbers["std_all"] = rows_solved(fit, "all", derivatives=False).values
    return _frame(fit, numbers)


def standardized(fit: Fit, level: float) -> pd.DataFrame:
    """lhs op rhs group label est_std se z pvalue ci_lower ci_upper."""
    solved = rows_solved(fit, "all")
    errors = _errors(solved, fit.vcov)
    errors[errors < NO_ERROR] = 0.0
    numbers = _inferred(solved.values, errors, level)
    return _frame(fit, {"est_std" if name == "est" else name: column for name, column in numbers.items()})


def defined(fit: Fit, names: Sequence[str]) -> tuple[Floats, Floats]:
    """Estimates (d,) and covariance (d, d) of definitions; KeyError for a name that ``:=`` does not give."""
    c = fit.table.columns
    place = {lhs: i for i, (lhs, op) in enumerate(zip(c.lhs, c.op, strict=True)) if op == ":="}
    rows = [place[name] for name in names]
    solved = rows_solved(fit, "raw")
    slopes = solved.by_theta[rows]
    return solved.values[rows], np.asarray(slopes @ fit.vcov @ slopes.T)


def values(fit: Fit) -> Floats:
    """Value of every row of the groups, in table order."""
    solved = rows_solved(fit, "raw", derivatives=False).values
    return solved[np.array(fit.table.columns.group) > 0]


def rows_solved(fit: Fit, scale: str, *, derivatives: bool = True) -> Solved:
    """Values and derivatives of all table rows, := included; scale raw, latent or all."""
    c = fit.table.columns
    if scale == "raw":
        solved = row_values(fit.cells, flats_of(fit.cells, fit.samples, fit.theta), len(c))
    else:
        solved = standardized_values(
            fit.cells, fit.samples, fit.theta, len(c), latent_only=scale == "latent", derivatives=derivatives
        )
    if not fit.table.definitions:
        return solved
    names, at, order = _places(fit.table)
    defined = definition_values(fit.table.definitions, solved, names, derivatives=derivatives)
    solved.values[at], solved.by_theta[at] = defined.values[order], defined.by_theta[order]
    return solved


@kept()
def _places(table: ParameterTable) -> tuple[dict[str, int], list[int], list[int]]:
    """Row that each label and plabel stands for; rows of := and which definition each of them is."""
    c = table.columns
    names: dict[str, int] = {}
    for r, (label, plabel, op) in enumerate(zip(c.label, c.plabel, c.op, strict=True)):
        if op not in (":=", "=="):
            for name in (label, plabel):
                names.setdefault(name, r)
    place = {d.name: i for i, d in enumerate(table.definitions)}
    at = [r for r, op in enumerate(c.op) if op == ":="]
    return names, at, [place[c.lhs[r]] for r in at]


def explained(fit: Fit) -> pd.DataFrame:
    """1 - residual/total variance of every variable that something points to."""
    out = []
    flats = flats_of(fit.cells, fit.samples, fit.theta)
    for group, sample, flat in zip(fit.cells.groups, fit.samples, flats, strict=True):
        A, S, _, _, _ = group.split(flat)
        B = np.linalg.inv(np.eye(group.size) - A)
        total = (B @ S @ B.T).diagonal()
        pointed_at = np.zeros(group.size, dtype=bool)
        pointed_at[group.all_places[group.all_places < group.size**2] // group.size] = True
        for i in np.flatnonzero(pointed_at):
            ratio = S[i, i] / total[i]
            out.append((fit.cells.variables[i], sample.label, 1.0 - ratio if 0.0 <= ratio <= 1.0 else np.nan))
    return pd.DataFrame(out, columns=["lhs", "group", "r2"])


def variances(fit: Fit) -> pd.DataFrame:
    """Total variance of every observed and latent variable (rows), one column a group."""
    columns = {}
    flats = flats_of(fit.cells, fit.samples, fit.theta)
    for group, sample, flat in zip(fit.cells.groups, fit.samples, flats, strict=True):
        A, S, _, _, _ = group.split(flat)
        B = np.linalg.inv(np.eye(group.size) - A)
        columns[sample.label] = (B @ S @ B.T).diagonal()
    return pd.DataFrame(columns, index=list(fit.cells.variables))


def _frame(fit: Fit, numbers: dict[str, Floats]) -> pd.DataFrame:
    """Names from the table beside numbers (R,); rows of == left out."""
    frame = pd.DataFrame(named(fit.table) | numbers)
    op = fit.table.columns.op
    if "==" not in op:
        return frame
    return frame[[each != "==" for each in op]].reset_index(drop=True)


def _errors(solved: Solved, vcov: Floats) -> Floats:
    J = solved.by_theta
    moving = (J != 0.0).any(axis=1)
    out = np.zeros(len(J))
    # A parameter without an error spoils only what depends on it.
    unknown = np.isnan(vcov.diagonal())
    own = J[moving]
    out[moving] = np.sum((own @ np.where(np.isnan(vcov), 0.0, vcov)) * own, axis=1)
    out[(J[:, unknown] != 0.0).any(axis=1)] = np.nan
    return np.sqrt(np.where(out < 0.0, np.nan, out))


def _inferred(est: Floats, se: Floats, level: float) -> dict[str, Floats]:
    width = float(ndtri(0.5 + level / 2.0))
    z = np.where(se > 0.0, est / np.where(se > 0.0, se, 1.0), np.nan)
    return {
        "est": est,
        "se": se,
        "z": z,
        "pvalue": 2.0 * ndtr(-np.abs(z)),
        "ci_lower": est - width * se,
        "ci_upper": est + width * se,
    }
