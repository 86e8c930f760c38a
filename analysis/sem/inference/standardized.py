"""Standardised solution with delta-method derivatives, for every row of the table at once.

A row's value is multiplied by powers of standard deviations: a path by sd(predictor)/sd(outcome), a mean by
1/sd, a variance by 1/var, a residual covariance by the residual standard deviations (Bollen, 1989, p. 349).
Derivatives of variances follow from dC = w (Z_u Z_v' + Z_v Z_u') with Z = [B | C | 0] over all variables.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from analysis.sem.model.cells import GroupCells
from analysis.sem.model.rows import DELTA, TAU, A, M, Rows, S

__all__ = ["log_derivatives", "standardize", "variance_derivatives"]

Floats = NDArray[np.float64]


def standardize(
    values: Floats, rows: Rows, variances: Floats, residual: Floats, *, observed: int = 0
) -> Floats:
    """Standardised values (r,).

    variances: (v,) of all variables; residual: (v,) diagonal of S; the first `observed` variables keep
    their scale. NaN where a variance to divide by is not positive; a path from what does not vary is 0.
    """
    with np.errstate(invalid="ignore", divide="ignore"):
        sd = np.sqrt(variances)
        sd_residual = np.sqrt(np.abs(residual))
        source = sd.copy()
        sd[~(sd > 0)] = np.nan
        sd_residual[sd_residual == 0] = np.nan
    sd[:observed] = sd_residual[:observed] = source[:observed] = 1.0
    by = np.concatenate([source, sd, sd_residual, np.ones(1)])
    factor = by[rows.over] / (by[rows.under] * by[rows.under_too])
    out: Floats = values * factor
    if not observed:
        out[rows.kind == DELTA] = 1.0
    return out


def log_derivatives(out: Floats, rows: Rows, v: int, *, observed: int = 0) -> tuple[Floats, Floats]:
    """Derivatives of standardised values (r,) by log variance and log residual variance: (r, v) each."""
    by_variance, by_residual = np.zeros((len(out), v)), np.zeros((len(out), v))
    r, i, j = np.arange(len(out)), rows.row, rows.col
    path, level = rows.kind == A, (rows.kind == M) | (rows.kind == TAU)
    own, pair = (rows.kind == S) & (i == j), (rows.kind == S) & (i != j)
    np.add.at(by_variance, (r[path], j[path]), 0.5 * out[path])
    np.add.at(by_variance, (r[path], i[path]), -0.5 * out[path])
    by_variance[r[level], i[level]] = -0.5 * out[level]
    by_variance[r[own], i[own]] = -out[own]
    by_residual[r[pair], i[pair]] = by_residual[r[pair], j[pair]] = -0.5 * out[pair]
    by_variance[:, :observed] = by_residual[:, :observed] = 0.0
    return by_variance, by_residual


def variance_derivatives(cells: GroupCells, B: Floats, C: Floats) -> tuple[Floats, Floats]:
    """d diag(C) and d diag(S) by the k free cells: (v, k) each."""
    v = cells.size
    Z = np.zeros((v, 2 * v + 1))
    Z[:, :v], Z[:, v : 2 * v] = B, C
    by_residual = np.zeros((v, cells.k))
    own = np.flatnonzero((cells.kind == S) & (cells.row == cells.col))
    by_residual[cells.row[own], own] = 1.0
    return 2.0 * cells.w * Z[:, cells.u] * Z[:, cells.v], by_residual
