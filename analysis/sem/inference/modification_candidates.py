"""Which parameters could be added to a model: the candidates of modification indices.

The list and its order are those of lavaan 0.6-14's modindices(): parameters the model fixes, then for each
group loadings of every indicator on every latent variable, covariances among indicators, among exogenous
variables and among latent variables, regressions among the variables that have any, and intercepts.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import combinations_with_replacement

from analysis.sem.kept import kept
from analysis.sem.table.columns import Columns
from analysis.sem.table.parameter_table import ParameterTable
from analysis.sem.table.roles import roles

__all__ = ["extended_table"]


@kept()
def extended_table(table: ParameterTable) -> ParameterTable:
    """The table with every fixed parameter free and every candidate added as a free row.

    Rows keep their order, candidates follow with user = 10; definitions and constraints are left out. The
    free index counts all rows, so that entry r of a parameter vector is row r.
    """
    c = table.columns
    # Rows of := and == come last, with group 0.
    n = sum(g > 0 for g in c.group)
    formulas = list(zip(c.lhs, c.op, c.rhs, c.group, strict=True))[:n]
    known = {(*_cell(lhs, op, rhs), g) for lhs, op, rhs, g in formulas}
    for group in range(1, table.n_groups + 1):
        own = [
            (lhs, op, rhs, u) for (lhs, op, rhs, g), u in zip(formulas, c.user, strict=False) if g == group
        ]
        for lhs, op, rhs in _candidates(table, own):
            key = (*_cell(lhs, op, rhs), group)
            if key not in known:
                known.add(key)
                formulas.append((lhs, op, rhs, group))
    total = len(formulas)
    more = total - n
    wide = Columns(
        lhs=tuple(f[0] for f in formulas),
        op=tuple(f[1] for f in formulas),
        rhs=tuple(f[2] for f in formulas),
        user=c.user[:n] + (10,) * more,
        group=tuple(f[3] for f in formulas),
        free=tuple(range(1, total + 1)),
        ustart=c.ustart[:n] + (math.nan,) * more,
        exo=(0,) * total,
        label=c.label[:n] + ("",) * more,
        plabel=c.plabel[:n] + ("",) * more,
    )
    return replace(table, columns=wide, equalities=(), constraints=(), definitions=())


def _cell(lhs: str, op: str, rhs: str) -> tuple[str, str, str]:
    """One name for parameters that are the same cell: a loading is a path, a covariance has no direction."""
    if op == "=~":
        return rhs, "~", lhs
    if op == "~~":
        first, second = sorted((lhs, rhs))
        return first, op, second
    return lhs, op, rhs


def _candidates(
    table: ParameterTable, own: Sequence[tuple[str, str, str, int]]
) -> Iterator[tuple[str, str, str]]:
    exogenous = set(roles((lhs, op, rhs) for lhs, op, rhs, user in own if user == 1).exogenous)
    endogenous = [name for name in table.observed if name not in exogenous]
    predictors = [name for name in table.observed if name in exogenous]
    measured = {rhs for _, op, rhs, _ in own if op == "=~"}
    indicators = [name for name in endogenous if name in measured]
    paths = [(lhs, rhs) for lhs, op, rhs, _ in own if op == "~"]
    structural = list(dict.fromkeys([*(lhs for lhs, _ in paths), *(rhs for _, rhs in paths)]))
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
