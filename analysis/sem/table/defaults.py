"""Rows of one group: the user's, then those ``sem()`` adds, free or fixed by default.

The rules and the order are those of lavaan 0.6-14 (Rosseel, 2012) with model.type "sem".
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterator, Sequence
from itertools import combinations, combinations_with_replacement

from analysis.sem.syntax.statements import ParameterStatement
from analysis.sem.table.roles import Roles
from analysis.sem.table.row import Options, Row


def group_rows(
    statements: Sequence[ParameterStatement], roles: Roles, ordered: Sequence[str], options: Options
) -> list[Row]:
    """All rows of one group, before modifiers: ``user`` rows first, then defaults in lavaan's order."""
    rows = [Row(s.lhs, s.op, s.rhs, s) for s in statements]
    written = {row.formula for row in rows}
    added = [
        Row(*formula) for formula in _default_formulas(roles, ordered, options) if formula not in written
    ]
    rows += added
    _fix_scales_of_latents(rows, roles, options)
    _fix_single_indicators(rows)
    _fix_means_and_covariances(rows, roles, ordered, options)
    _fix_exogenous(rows, roles, options)
    _fix_ordered(rows, ordered)
    return rows


def _default_formulas(
    roles: Roles, ordered: Sequence[str], options: Options
) -> Iterator[tuple[str, str, str]]:
    for name in ordered:
        yield from ((name, "|", f"t{k + 1}") for k in range(options.ordered.get(name, 0)))
    yield from ((name, "~~", name) for name in (*roles.endogenous, *roles.latent))
    yield from ((a, "~~", b) for a, b in combinations(roles.latent_predictors, 2))
    yield from ((a, "~~", b) for a, b in combinations(roles.outcomes, 2))
    yield from ((a, "~~", b) for a, b in combinations_with_replacement(roles.exogenous, 2))
    yield from ((name, "~*~", name) for name in ordered)
    if options.meanstructure:
        yield from ((name, "~1", "") for name in (*roles.observed, *roles.latent))


def _fix_scales_of_latents(rows: list[Row], roles: Roles, options: Options) -> None:
    """Variance 1 with std_lv, otherwise loading 1 of the first indicator."""
    marked: set[str] = set()
    for row in rows:
        if options.std_lv and row.is_variance and row.lhs in roles.latent:
            row.fix(1.0)
        if not options.std_lv and row.op == "=~" and row.lhs not in marked:
            marked.add(row.lhs)
            row.fix(1.0)


def _fix_single_indicators(rows: list[Row]) -> None:
    """The residual of a latent variable's only indicator is 0, unless another variable loads on it."""
    loadings = [row for row in rows if row.op == "=~"]
    indicators = Counter(row.lhs for row in loadings)
    measured = Counter(row.rhs for row in loadings)
    single = {
        row.rhs
        for row in loadings
        if indicators[row.lhs] == 1 and measured[row.rhs] == 1 and row.lhs != row.rhs
    }
    for row in rows:
        if row.is_variance and row.lhs in single and not row.user:
            row.fix(0.0)


def _fix_means_and_covariances(
    rows: list[Row], roles: Roles, ordered: Sequence[str], options: Options
) -> None:
    for row in rows:
        if row.user:
            continue
        if options.orthogonal and row.op == "~~" and row.lhs != row.rhs:
            if row.lhs in roles.latent and row.rhs in roles.latent:
                row.fix(0.0)
        elif row.op == "~1" and (row.lhs in roles.latent or row.lhs in ordered):
            row.fix(0.0)


def _fix_exogenous(rows: list[Row], roles: Roles, options: Options) -> None:
    """Moments of observed predictors are those of the sample."""
    if not (options.fixed_x or options.conditional_x):
        return
    x = roles.exogenous
    for row in rows:
        moment = (row.op == "~~" and row.lhs in x and row.rhs in x) or (row.op == "~1" and row.lhs in x)
        if moment and not row.user:
            row.fix(math.nan)
            row.exo = True
        elif options.conditional_x and row.op == "~" and row.rhs in x:
            row.exo = True


def _fix_ordered(rows: list[Row], ordered: Sequence[str]) -> None:
    """Delta parameterisation: unit scales; the residual variance is a remainder, shown as 1."""
    for row in rows:
        if not row.user and ((row.is_variance and row.lhs in ordered) or row.op == "~*~"):
            row.fix(1.0)
