"""Which parameters could be added to a model: the candidates of modification indices.

The list and its order are those of lavaan 0.6-14's modindices(): parameters the model fixes, then for each
group loadings of every indicator on every latent variable, covariances among indicators, among exogenous
variables and among latent variables, regressions among the variables that have any, and intercepts.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from itertools import combinations_with_replacement

import numpy as np
import pandas as pd

from analysis.sem.table.parameter_table import ParameterTable
from analysis.sem.table.roles import roles

__all__ = ["extended_table"]


def extended_table(table: ParameterTable) -> ParameterTable:
    """The table with every fixed parameter free and every candidate added as a free row.

    Rows keep their order, candidates follow with user = 10; definitions and constraints are left out. The
    free index counts all rows, so that entry r of a parameter vector is row r.
    """
    rows = table.rows[table.rows["group"] > 0]
    known = {(*_cell(lhs, op, rhs), g) for lhs, op, rhs, g in zip(*_columns(rows), strict=True)}
    added = []
    for group in range(1, table.n_groups + 1):
        own = rows[rows["group"] == group]
        for lhs, op, rhs in _candidates(table, own):
            key = (*_cell(lhs, op, rhs), group)
            if key not in known:
                known.add(key)
                added.append((lhs, op, rhs, group))
    more = pd.DataFrame(added, columns=["lhs", "op", "rhs", "group"])
    more = more.assign(user=10, free=0, ustart=np.nan, exo=0, label="", plabel="")
    everything = pd.concat([rows, more[list(rows.columns)]], ignore_index=True)
    everything["free"] = np.arange(1, len(everything) + 1)
    everything["exo"] = 0
    return replace(table, rows=everything, equalities=(), constraints=(), definitions=())


def _columns(rows: pd.DataFrame) -> list[list[object]]:
    return [rows[name].tolist() for name in ("lhs", "op", "rhs", "group")]


def _cell(lhs: object, op: object, rhs: object) -> tuple[object, object, object]:
    """One name for parameters that are the same cell: a loading is a path, a covariance has no direction."""
    if op == "=~":
        return rhs, "~", lhs
    if op == "~~":
        first, second = sorted((str(lhs), str(rhs)))
        return first, op, second
    return lhs, op, rhs


def _candidates(table: ParameterTable, own: pd.DataFrame) -> Iterator[tuple[str, str, str]]:
    written = own[own["user"] == 1]
    exogenous = set(roles(zip(written["lhs"], written["op"], written["rhs"], strict=True)).exogenous)
    endogenous = [name for name in table.observed if name not in exogenous]
    predictors = [name for name in table.observed if name in exogenous]
    measured = set(own["rhs"][own["op"] == "=~"])
    indicators = [name for name in endogenous if name in measured]
    paths = own[own["op"] == "~"]
    structural = list(dict.fromkeys([*paths["lhs"], *paths["rhs"]]))
    for factor in table.latent:
        yield from ((factor, "=~", name) for name in endogenous if name not in structural)
    for among in (indicators, predictors, table.latent):
        yield from ((a, "~~", b) for a, b in combinations_with_replacement(among, 2))
    for outcome in structural:
        for predictor in structural:
            if outcome != predictor and not (outcome in indicators and predictor in table.latent):
                yield outcome, "~", predictor
    if table.meanstructure:
        yield from ((name, "~1", "") for name in (*table.observed, *table.latent))
    if table.n_groups > 1:
        yield from ((name, "~*~", name) for name in table.ordered)
