"""Modification indices: the fall in chi-square each missing parameter would bring, and its expected value.

A score test of one parameter at a time (Sorbom, 1989; Satorra, 1989): with gradient g and information I
per case over model and candidate parameters, V = I_cc - I_cm (I_mm)^-1 I_mc, mi = N g_c^2 / V_cc and
epc = -g_c / V_cc, the inverse taken on what the model's constraints leave free.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from analysis.sem.estimation.objective import Objective
from analysis.sem.inference.exogenous_information import information_given
from analysis.sem.inference.generalised_inverse import generalised_inverse
from analysis.sem.inference.modification_candidates import extended_table
from analysis.sem.inference.standardized import standardize
from analysis.sem.model.cells import GroupCells, compile_cells
from analysis.sem.model.implied import Implied
from analysis.sem.model.rows import DELTA, M
from analysis.sem.table.names import named
from analysis.sem.table.parameter_table import ParameterTable

__all__ = ["ScoreTests", "modification_indices", "score_tests", "standardizing_factors"]

Floats = NDArray[np.float64]
Ints = NDArray[np.intp]

# A candidate with less than this share of its information left is confounded with the model's parameters.
IDENTIFIED = 1e-4


@dataclass(frozen=True, slots=True, eq=False)
class ScoreTests:
    """mi and epc of each candidate: (c,), NaN where it is not identified beside the model's parameters."""

    mi: Floats
    epc: Floats


def score_tests(
    gradient: Floats, information: Floats, model: Ints, candidates: Ints, K: Floats, n: int
) -> ScoreTests:
    """One-parameter score tests.

    gradient (t,) of the value and information (t, t), per case; model (q,) and candidates (c,) are places
    among the t; K (q, r) spans the directions in which the model's parameters can move.
    """
    among = information[np.ix_(model, model)]
    across = K.T @ information[np.ix_(model, candidates)]
    explained = np.einsum("rc,rc->c", across, generalised_inverse(K.T @ among @ K) @ across)
    own = information[candidates, candidates]
    left = own - explained
    identified = (own > 0.0) & (left > IDENTIFIED * own)
    V = np.where(identified, left, np.nan)
    g = gradient[candidates]
    return ScoreTests(n * g**2 / V, -g / V)


def modification_indices(
    table: ParameterTable, values: Floats, objective: Objective, K: Floats
) -> pd.DataFrame:
    """lhs op rhs group mi epc sepc_all of every parameter that could be freed or added, largest mi first.

    values: (rows of the groups,) the value of each row of the table; objective: of the fit; K: (q, r) as in
    `score_tests`. Parameters that the model's own make unidentified are left out. sepc_all is the expected
    change in standard deviations; for residual covariances as a correlation of residuals.
    """
    wide = extended_table(table)
    theta = np.zeros(wide.n_free)
    theta[: len(values)] = values
    cells = compile_cells(wide)
    wider = Objective(objective.estimator, cells, objective.samples)
    is_free = np.array(table.columns.free[: len(values)], dtype=np.intp) > 0
    free = np.flatnonzero(is_free)
    fixed_x = np.flatnonzero((np.array(table.columns.exo[: len(values)]) == 1) & ~is_free)
    given = theta.copy()
    if table.conditional_x:
        # The statistics are given the exogenous variables, whose moments play no part.
        theta[fixed_x] = 0.0
    point = wider.at(theta)
    candidates = np.setdiff1d(np.arange(len(theta)), np.concatenate([free, fixed_x]))
    exogenous = np.array([table.observed.index(name) for name in table.exogenous], dtype=np.intp)
    given_x = len(exogenous) > 0 and not table.conditional_x
    tests = score_tests(
        wider.gradient(point),
        information_given(wider, point, exogenous) if given_x else wider.information(point),
        free,
        candidates,
        K,
        sum(s.n for s in objective.samples),
    )
    factors = np.empty(len(theta))
    for group, state in zip(cells.groups, point.states, strict=True):
        factors[group.all_rows] = standardizing_factors(group, *_variances(group, state.at, given))
    known = candidates[~np.isnan(tests.mi)]
    order = np.argsort(-tests.mi[~np.isnan(tests.mi)], kind="stable")
    places = known[order]
    mi, epc = (x[~np.isnan(tests.mi)][order] for x in (tests.mi, tests.epc))
    names = named(wide)
    return pd.DataFrame(
        {name: names[name][places] for name in ("lhs", "op", "rhs", "group")}
        | {"mi": mi, "epc": epc, "sepc_all": epc * factors[places]}
    )


def _variances(group: GroupCells, at: Implied, theta: Floats) -> tuple[Floats, Floats]:
    """Total and residual variances (v,); `at` may be given exogenous variables, theta has their moments."""
    A, S, _, _, _ = group.matrices(theta)
    I_A = np.eye(group.size) - A
    residual = np.einsum("ij,jk,ik->i", I_A, at.C, I_A, optimize=True)
    # Where moments are given exogenous variables, these have no variance in them.
    absent = np.diag(np.where(residual == 0.0, 1.0, 0.0))
    through = at.B @ absent @ S @ absent @ at.B.T
    return np.diagonal(at.C) + np.diagonal(through), residual


def standardizing_factors(group: GroupCells, total: Floats, residual: Floats) -> Floats:
    """Factor (r,) of each cell row when all variables are put to variance 1, given their variances (v,).

    Residual covariances become correlations of residuals; NaN where a variance is not positive.
    """
    rows = group.where
    # The scale of a latent response goes with its standard deviation, as a mean does.
    scale = rows.kind == DELTA
    rows = replace(
        rows,
        kind=np.where(scale, M, rows.kind),
        under=np.where(scale, group.size + rows.row, rows.under),
    )
    return standardize(np.ones(len(rows.kind)), rows, total, residual)
