"""Where starting values go: what of them depends on the model alone, made once a parameter table."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from analysis.sem.kept import kept
from analysis.sem.table.parameter_table import ParameterTable

__all__ = ["LATENT_VARIANCE", "Factors", "GroupPlan", "Relations", "start_plans"]

Floats = NDArray[np.float64]
Ints = NDArray[np.intp]
Row = tuple[str, str, str, int, int, float]

LATENT_VARIANCE = 0.05


@dataclass(frozen=True, slots=True, eq=False)
class Factors:
    """f factors with m observed indicators each: rows (f, m) of loadings, items (f, m), variance (f,) rows.

    unit: variances are fixed at 1. variance is -1 where a factor has no row of its own.
    """

    rows: Ints
    items: Ints
    variance: Ints
    unit: bool


@dataclass(frozen=True, slots=True, eq=False)
class Relations:
    """How f factors with several observed indicators hang together.

    rows, items, factors: (l,) the loadings; variance: (f,) rows; pairs: (c, 3) row of a covariance and its
    factors; regressions: outcome, rows and predictors (factors) of each.
    """

    rows: Ints
    items: Ints
    factors: Ints
    variance: Ints
    pairs: Ints
    regressions: tuple[tuple[int, Ints, Ints], ...]


@dataclass(frozen=True, slots=True, eq=False)
class GroupPlan:
    """The r rows of one group.

    base: (r,) starts that no sample tells, 0 where one does. given: (r,) fixed and start() values, NaN where
    there are none. free, theta: free rows and their places in theta. means, residuals: (., 2) rows of
    intercepts and of residual variances with their variables. thresholds: row, variable and label. single:
    row of a factor's variance, its one indicator, and what the indicator's residual takes of its variance.
    observed: outcome, rows, predictors and row of the residual variance (-1 for none) of regressions in a
    model without latent variables. ordered: whether any variable is.
    """

    base: Floats
    given: Floats
    free: Ints
    theta: Ints
    means: Ints
    residuals: Ints
    thresholds: tuple[tuple[int, str, str], ...]
    factors: tuple[Factors, ...]
    single: tuple[tuple[int, int, float], ...]
    relations: Relations | None
    observed: tuple[tuple[int, Ints, Ints, int], ...]
    ordered: bool


@kept()
def start_plans(table: ParameterTable) -> tuple[GroupPlan, ...]:
    """The plan of each group."""
    c = table.columns
    rows = list(zip(c.lhs, c.op, c.rhs, c.group, c.free, c.ustart, strict=True))
    return tuple(_plan(table, [row for row in rows if row[3] == g]) for g in range(1, table.n_groups + 1))


def _plan(table: ParameterTable, rows: Sequence[Row]) -> GroupPlan:
    place = {name: i for i, name in enumerate(table.observed)}
    latent, ordered = set(table.latent), set(table.ordered)
    loadings: dict[str, list[int]] = defaultdict(list)
    regressions: dict[str, list[int]] = defaultdict(list)
    variance: dict[str, int] = {}
    means, residuals, thresholds = [], [], []
    base = np.zeros(len(rows))
    for r, (lhs, op, rhs, _, _, _) in enumerate(rows):
        if op == "=~":
            base[r] = 0.7 if ordered else 1.0
            loadings[lhs].append(r)
        elif op == "~":
            regressions[lhs].append(r)
        elif op == "~*~":
            base[r] = 1.0
        elif op == "~1" and lhs in place:
            means.append((r, place[lhs]))
        elif op == "|":
            thresholds.append((r, lhs, rhs))
        elif op == "~~" and lhs == rhs:
            variance[lhs] = r
            if lhs in latent:
                base[r] = LATENT_VARIANCE
            elif lhs in ordered:
                base[r] = 1.0
            else:
                residuals.append((r, place[lhs]))
    free = [r for r, row in enumerate(rows) if row[4] > 0]
    return GroupPlan(
        base=base,
        given=np.array([row[5] for row in rows], dtype=np.float64),
        free=_ints(free),
        theta=_ints([rows[r][4] - 1 for r in free]),
        means=_ints(means).reshape(-1, 2),
        residuals=_ints(residuals).reshape(-1, 2),
        thresholds=tuple(thresholds),
        factors=_factors(rows, loadings, variance, place),
        single=tuple(_single(rows, loadings, regressions, variance, place)),
        relations=_relations(rows, loadings, regressions, variance, place),
        observed=()
        if latent
        else tuple(
            (place[y], _ints(own), _ints([place[rows[r][2]] for r in own]), variance.get(y, -1))
            for y, own in regressions.items()
        ),
        ordered=bool(ordered),
    )


def _factors(
    rows: Sequence[Row],
    loadings: Mapping[str, Sequence[int]],
    variance: Mapping[str, int],
    place: Mapping[str, int],
) -> tuple[Factors, ...]:
    """Factors whose indicators are all observed, those of one size together."""
    alike: dict[tuple[int, bool], list[tuple[list[int], list[int], int]]] = defaultdict(list)
    for factor, own in loadings.items():
        items = [rows[r][2] for r in own]
        if any(item not in place for item in items):
            continue
        at = variance.get(factor, -1)
        unit = at >= 0 and rows[at][4] == 0 and rows[at][5] == 1.0
        alike[len(own), unit].append((list(own), [place[item] for item in items], at))
    return tuple(
        Factors(
            rows=_ints([own for own, _, _ in members]),
            items=_ints([items for _, items, _ in members]),
            variance=_ints([at for _, _, at in members]),
            unit=unit,
        )
        for (_, unit), members in alike.items()
    )


def _single(
    rows: Sequence[Row],
    loadings: Mapping[str, Sequence[int]],
    regressions: Mapping[str, Sequence[int]],
    variance: Mapping[str, int],
    place: Mapping[str, int],
) -> list[tuple[int, int, float]]:
    out = []
    for factor, own in loadings.items():
        item = rows[own[0]][2]
        if len(own) > 1 or factor in regressions or factor not in variance or item not in place:
            continue
        residual = rows[variance[item]][5] if item in variance else np.nan
        out.append((variance[factor], place[item], 1.0 if np.isnan(residual) else residual))
    return out


def _relations(
    rows: Sequence[Row],
    loadings: Mapping[str, Sequence[int]],
    regressions: Mapping[str, Sequence[int]],
    variance: Mapping[str, int],
    place: Mapping[str, int],
) -> Relations | None:
    """None where fewer than two factors have several observed indicators."""
    factors = [
        f
        for f, own in loadings.items()
        if f in variance and len(own) > 1 and all(rows[r][2] in place for r in own)
    ]
    if len(factors) < 2:
        return None
    at = {factor: k for k, factor in enumerate(factors)}
    own = [(r, place[rows[r][2]], at[factor]) for factor in factors for r in loadings[factor]]
    pairs = [
        (r, at[lhs], at[rhs])
        for r, (lhs, op, rhs, *_) in enumerate(rows)
        if op == "~~" and lhs != rhs and lhs in at and rhs in at and not {lhs, rhs} & set(regressions)
    ]
    return Relations(
        rows=_ints([r for r, _, _ in own]),
        items=_ints([item for _, item, _ in own]),
        factors=_ints([factor for _, _, factor in own]),
        variance=_ints([variance[factor] for factor in factors]),
        pairs=_ints(pairs).reshape(-1, 3),
        regressions=tuple(
            (at[outcome], _ints(members), _ints([at[rows[r][2]] for r in members]))
            for outcome, members in regressions.items()
            if outcome in at and all(rows[r][2] in at for r in members)
        ),
    )


def _ints(values: Sequence[object]) -> Ints:
    return np.array(values, dtype=np.intp)
