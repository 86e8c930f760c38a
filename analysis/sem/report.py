"""The frames of a fit: arrays in table order put beside the parameters' names."""

from __future__ import annotations

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

if TYPE_CHECKING:
    from analysis.sem.fit import Fit

__all__ = ["estimates", "explained", "rows_solved", "standardized", "values"]

Floats = NDArray[np.float64]

# A standard error below this is rounding: lavaan prints 0 for a standardised value that cannot vary.
NO_ERROR = np.finfo(float).eps ** 0.25


def estimates(fit: Fit, level: float = 0.95) -> pd.DataFrame:
    """The columns of the contract; fixed rows have se 0 and no z."""
    solved = rows_solved(fit, "raw")
    errors = _errors(solved, fit.vcov)
    frame = _names(fit)
    for name, column in _inferred(solved.values, errors, level).items():
        frame[name] = column
    frame["std_lv"] = rows_solved(fit, "latent", derivatives=False).values
    frame["std_all"] = rows_solved(fit, "all", derivatives=False).values
    return frame[_kept(fit)].reset_index(drop=True)


def standardized(fit: Fit, level: float) -> pd.DataFrame:
    """lhs op rhs group label est_std se z pvalue ci_lower ci_upper."""
    solved = rows_solved(fit, "all")
    errors = _errors(solved, fit.vcov)
    errors[errors < NO_ERROR] = 0.0
    frame = _names(fit)
    for name, column in _inferred(solved.values, errors, level).items():
        frame["est_std" if name == "est" else name] = column
    return frame[_kept(fit)].reset_index(drop=True)


def values(fit: Fit) -> Floats:
    """Value of every row of the groups, in table order."""
    solved = rows_solved(fit, "raw", derivatives=False).values
    return solved[np.asarray(fit.table.rows["group"] > 0)]


def rows_solved(fit: Fit, scale: str, *, derivatives: bool = True) -> Solved:
    """Values and derivatives of all table rows, := included; scale raw, latent or all."""
    rows = fit.table.rows
    n = len(rows)
    if scale == "raw":
        solved = row_values(fit.cells, flats_of(fit.cells, fit.samples, fit.theta), n)
    else:
        solved = standardized_values(
            fit.cells, fit.samples, fit.theta, n, latent_only=scale == "latent", derivatives=derivatives
        )
    if not fit.table.definitions:
        return solved
    names: dict[str, int] = {}
    for r, (label, plabel, op) in enumerate(zip(rows["label"], rows["plabel"], rows["op"], strict=True)):
        if op not in (":=", "=="):
            for name in (label, plabel):
                if name:
                    names.setdefault(name, r)
    defined = definition_values(fit.constraints, fit.table.definitions, solved, names)
    place = {d.name: i for i, d in enumerate(fit.table.definitions)}
    for r in np.flatnonzero((rows["op"] == ":=").to_numpy()):
        d = place[rows["lhs"].iat[r]]
        solved.values[r], solved.by_theta[r] = defined.values[d], defined.by_theta[d]
    return solved


def explained(fit: Fit) -> pd.DataFrame:
    """1 - residual/total variance of every variable that something points to."""
    out = []
    flats = flats_of(fit.cells, fit.samples, fit.theta)
    for group, sample, flat in zip(fit.cells.groups, fit.samples, flats, strict=True):
        A, S, _, _, _ = group.split(flat)
        B = np.linalg.inv(np.eye(group.size) - A)
        total = (B @ S @ B.T).diagonal()
        pointed_at = np.zeros(group.size, dtype=bool)
        pointed_at[_path_rows(fit, group.all_rows, group.all_places, group.size)] = True
        for i in np.flatnonzero(pointed_at):
            ratio = S[i, i] / total[i]
            out.append((fit.cells.variables[i], sample.label, 1.0 - ratio if 0.0 <= ratio <= 1.0 else np.nan))
    return pd.DataFrame(out, columns=["lhs", "group", "r2"])


def _path_rows(fit: Fit, all_rows: NDArray[np.intp], places: NDArray[np.intp], size: int) -> NDArray[np.intp]:
    return np.unique(places[places < size * size] // size)


def _names(fit: Fit) -> pd.DataFrame:
    rows = fit.table.rows
    groups = np.array(["", *(fit.table.groups or ("",))], dtype=object)
    frame = rows[["lhs", "op", "rhs"]].copy()
    frame["group"] = groups[rows["group"].to_numpy()]
    frame["label"] = rows["label"]
    return frame


def _kept(fit: Fit) -> NDArray[np.bool_]:
    return np.asarray(fit.table.rows["op"] != "==")


def _errors(solved: Solved, vcov: Floats) -> Floats:
    J = solved.by_theta
    moving = (J != 0.0).any(axis=1)
    out = np.zeros(len(J))
    out[moving] = np.einsum("rq,qs,rs->r", J[moving], vcov, J[moving], optimize=True)
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
