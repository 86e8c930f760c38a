"""The frames of a fit: arrays in table order put beside the parameters' names."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy.special import ndtr, ndtri

from analysis.sem.inference.fitted import Fitted
from analysis.sem.inference.solution import Solved, definition_values, row_values, standardized_values
from analysis.sem.kept import kept
from analysis.sem.model.rows import A
from analysis.sem.syntax.expression import names_in
from analysis.sem.table.names import named
from analysis.sem.table.parameter_table import ParameterTable

__all__ = ["defined", "estimates", "explained", "measures", "standardized", "values", "variances"]

Floats = NDArray[np.float64]

# A standard error below this is rounding: lavaan prints 0 for a standardised value that cannot vary.
NO_ERROR = np.finfo(float).eps ** 0.25


def estimates(fit: Fitted, level: float = 0.95) -> pd.DataFrame:
    """The columns of the contract; fixed rows have se 0 and no z."""
    solved = _solved(fit, "raw")
    numbers = _inferred(solved.values, _errors(solved, fit.vcov), level)
    numbers["std_lv"] = _solved(fit, "latent", derivatives=False).values
    numbers["std_all"] = _solved(fit, "all", derivatives=False).values
    return _frame(fit, numbers)


def standardized(fit: Fitted, level: float) -> pd.DataFrame:
    """lhs op rhs group label est_std se z pvalue ci_lower ci_upper."""
    solved = _solved(fit, "all")
    errors = _errors(solved, fit.vcov)
    errors[errors < NO_ERROR] = 0.0
    numbers = _inferred(solved.values, errors, level)
    return _frame(fit, {"est_std" if name == "est" else name: column for name, column in numbers.items()})


def defined(fit: Fitted, names: Sequence[str]) -> tuple[Floats, Floats]:
    """Estimates (d,) and covariance (d, d) of definitions; KeyError for a name that ``:=`` does not give."""
    c = fit.table.columns
    place = {lhs: i for i, (lhs, op) in enumerate(zip(c.lhs, c.op, strict=True)) if op == ":="}
    rows = [place[name] for name in names]
    solved = _solved(fit, "raw")
    slopes = solved.by_theta[rows]
    return solved.values[rows], np.asarray(slopes @ fit.vcov @ slopes.T)


def values(fit: Fitted) -> Floats:
    """Value of every row of the groups, in table order."""
    solved = _solved(fit, "raw", derivatives=False).values
    return solved[np.array(fit.table.columns.group) > 0]


def measures(found: dict[str, float]) -> pd.Series[float]:
    """Fit measures by name."""
    # A view, so that nobody who renames the index renames that of other fits.
    return pd.Series(
        np.array(list(found.values()), dtype=np.float64), index=_index(*found).view(), name="fit"
    )


@kept()
def _index(*names: str) -> pd.Index[str]:
    return pd.Index(names)


def _solved(fit: Fitted, scale: str, *, derivatives: bool = True) -> Solved:
    """Values and derivatives of all table rows, := included; scale raw, latent or all."""
    n_rows = len(fit.table.columns)
    if scale == "raw":
        solved = row_values(fit.cells, fit.filled, n_rows)
    else:
        latent_only = scale == "latent"
        solved = standardized_values(
            fit.estimated, fit.filled, n_rows, latent_only=latent_only, derivatives=derivatives
        )
    if not fit.table.definitions:
        return solved
    names, at, order = _places(fit.table)
    defined = definition_values(fit.table.definitions, solved, names, derivatives=derivatives)
    solved.values[at], solved.by_theta[at] = defined.values[order], defined.by_theta[order]
    return solved


@kept()
def _places(table: ParameterTable) -> tuple[dict[str, int], list[int], list[int]]:
    """Row that each label and plabel in a definition stands for; rows of := and which definition each is."""
    c = table.columns
    used = {name for definition in table.definitions for name in names_in(definition.expression)}
    names: dict[str, int] = {}
    for r, (label, plabel, op) in enumerate(zip(c.label, c.plabel, c.op, strict=True)):
        if op not in (":=", "=="):
            for name in used & {label, plabel}:
                names.setdefault(name, r)
    place = {d.name: i for i, d in enumerate(table.definitions)}
    at = [r for r, op in enumerate(c.op) if op == ":="]
    return names, at, [place[c.lhs[r]] for r in at]


def explained(fit: Fitted) -> pd.DataFrame:
    """1 - residual/total variance of every variable that something points to."""
    out = []
    for group, sample, at in zip(fit.cells.groups, fit.samples, fit.filled, strict=True):
        residual, total = at.S.diagonal(), at.C.diagonal()
        for i in np.unique(group.where.row[group.where.kind == A]):
            ratio = residual[i] / total[i]
            out.append((fit.cells.variables[i], sample.label, 1.0 - ratio if 0.0 <= ratio <= 1.0 else np.nan))
    return pd.DataFrame(out, columns=["lhs", "group", "r2"])


def variances(fit: Fitted) -> pd.DataFrame:
    """Total variance of every observed and latent variable (rows), one column a group."""
    columns = {sample.label: at.C.diagonal() for sample, at in zip(fit.samples, fit.filled, strict=True)}
    return pd.DataFrame(columns, index=list(fit.cells.variables))


def _frame(fit: Fitted, numbers: dict[str, Floats]) -> pd.DataFrame:
    """Names from the table beside numbers (R,); rows of == left out."""
    columns = np.column_stack(list(numbers.values()))
    frame = pd.concat([_names(fit.table), pd.DataFrame(columns, columns=_index(*numbers))], axis=1)
    op = fit.table.columns.op
    if "==" not in op:
        return frame
    return frame[[each != "==" for each in op]].reset_index(drop=True)


@kept()
def _names(table: ParameterTable) -> pd.DataFrame:
    return pd.DataFrame(named(table))


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
