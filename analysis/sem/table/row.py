"""A row of the parameter table while it is being built, and the options that shape it."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, field

from analysis.sem.syntax.statements import ParameterStatement


@dataclass(frozen=True, slots=True)
class Options:
    """How defaults are chosen; see ``build_table``."""

    groups: tuple[str, ...] = ()
    group_equal: frozenset[str] = frozenset()
    group_partial: frozenset[str] = frozenset()
    meanstructure: bool = False
    std_lv: bool = False
    orthogonal: bool = False
    ordered: Mapping[str, int] = field(default_factory=dict)
    fixed_x: bool = True
    conditional_x: bool = False

    @property
    def n_groups(self) -> int:
        """Number of groups, at least 1."""
        return max(1, len(self.groups))


@dataclass(slots=True)
class Row:
    """One parameter of one group."""

    lhs: str
    op: str
    rhs: str
    statement: ParameterStatement | None = None
    group: int = 1
    free: bool = True
    ustart: float = math.nan
    exo: bool = False
    label: str = ""

    @property
    def user(self) -> bool:
        """Written in the model, not added by default."""
        return self.statement is not None

    @property
    def formula(self) -> tuple[str, str, str]:
        """What the row is about, whatever its group."""
        return self.lhs, self.op, self.rhs

    @property
    def is_variance(self) -> bool:
        """A (residual) variance."""
        return self.op == "~~" and self.lhs == self.rhs

    def fix(self, value: float) -> None:
        """Fix the parameter at a value."""
        self.free, self.ustart = False, value

    def release(self) -> None:
        """Free the parameter."""
        self.free, self.ustart = True, math.nan
