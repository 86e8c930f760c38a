"""Which free parameters share one value, and which constraints semopy must be told, group by group."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from analysis.sem.external.dialect import NotExpressibleError
from analysis.sem.syntax.expression import Binary, Expression, Name, Number, names_in, substitute
from analysis.sem.table.parameter_table import ParameterTable


@dataclass(frozen=True, slots=True, eq=False)
class TiedParameters:
    """Ties and constraints of a table.

    sets: free indices that share one value, where more than one does; labels: a label for each free index,
    the same within a set; constraints: expressions that are to be 0, names of fixed parameters replaced by
    their values; names: free index of each name in them; groups: the group of each constraint.
    """

    sets: Sequence[Sequence[int]]
    labels: Mapping[int, str]
    constraints: Sequence[Expression]
    names: Mapping[str, int]
    groups: Sequence[int]

    def binds(self, free: int) -> bool:
        """Whether a free parameter is tied to another or stands in a constraint."""
        constrained = {self.names[name] for constraint in self.constraints for name in names_in(constraint)}
        return free in constrained or any(free in members for members in self.sets)


def tied_parameters(table: ParameterTable) -> TiedParameters:
    """Ties from labels and from ``a == b``, other constraints as expressions.

    Raises NotExpressibleError where a tie or a constraint reaches across groups.
    """
    c = table.columns
    rows = [row for row in zip(c.free, c.group, c.label, c.plabel, c.ustart, strict=True) if row[1] > 0]
    group_of = {free: group for free, group, *_ in rows if free}
    free_of: dict[str, int] = {}
    fixed: dict[str, Expression] = {}
    for free, _, label, plabel, value in rows:
        for name in (label, plabel):
            if name and free:
                free_of.setdefault(name, free)
            elif name:
                fixed.setdefault(name, Number(value))
    parent = {free: free for free in group_of}

    def root(free: int) -> int:
        while parent[free] != free:
            free = parent[free]
        return free

    def tie(one: int, other: int) -> None:
        first, second = sorted((root(one), root(other)))
        parent[second] = first

    for first, other in table.equalities:
        tie(free_of[first], free_of[other])
    remaining: list[Expression] = []
    for constraint in table.constraints:
        expression = substitute(constraint.expression, fixed)
        match expression:
            case Binary("-", Name(a), Name(b)):
                tie(free_of[a], free_of[b])
            case _:
                remaining.append(expression)
    sets: dict[int, list[int]] = {}
    for free in parent:
        sets.setdefault(root(free), []).append(free)
    for members in sets.values():
        _check_one_group({group_of[free] for free in members})
    groups = [_check_one_group({group_of[free_of[n]] for n in names_in(c)} or {1}) for c in remaining]
    return TiedParameters(
        sets=[members for members in sets.values() if len(members) > 1],
        labels={free: f"p{root(free)}" for free in parent},
        constraints=remaining,
        names=free_of,
        groups=groups,
    )


def _check_one_group(groups: set[int]) -> int:
    if len(groups) > 1:
        raise NotExpressibleError("semopy cannot tie parameters across groups")
    return groups.pop()
