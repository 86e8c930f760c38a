"""What a model text says, as plain frozen statements; no defaults yet."""

from __future__ import annotations

from dataclasses import dataclass

from analysis.sem.syntax.expression import Expression
from analysis.sem.syntax.source import Source


@dataclass(frozen=True, slots=True)
class Modifiers:
    """What stands before ``*``: each field is empty, or has one entry, or one for each group.

    - fixed: the value a parameter is fixed at, None for NA (free)
    - start: the starting value
    - label: the label, "" for none in that group
    """

    fixed: tuple[float | None, ...] = ()
    start: tuple[float, ...] = ()
    label: tuple[str, ...] = ()


NO_MODIFIERS = Modifiers()


@dataclass(frozen=True, slots=True)
class ParameterStatement:
    """One parameter: ``lhs op rhs`` with its modifiers.

    ``op`` is one of ``=~ ~ ~~ ~1 | ~*~``; rhs is "" for ``~1``. ``f =~ 0``, a latent variable without
    indicators, is f =~ f fixed at 0. ``block`` is what stood behind ``group:``, "" without such blocks.
    Positions are those of lhs and of the term it is joined with.
    """

    lhs: str
    op: str
    rhs: str
    modifiers: Modifiers
    block: str
    lhs_position: int
    position: int


@dataclass(frozen=True, slots=True)
class RelationStatement:
    """``lhs := rhs`` or ``lhs == rhs``; ``expression`` is rhs, or lhs − rhs for ``==``.

    ``names`` are the names referred to, with their positions; lhs and rhs are texts without blanks.
    """

    op: str
    lhs: str
    rhs: str
    expression: Expression
    names: tuple[tuple[str, int], ...]
    position: int


@dataclass(frozen=True, slots=True)
class ModelStatements:
    """A parsed model. ``blocks`` are the ``group:`` labels in order of appearance, empty without blocks."""

    source: Source
    parameters: tuple[ParameterStatement, ...]
    relations: tuple[RelationStatement, ...]
    blocks: tuple[str, ...] = ()

    @property
    def thresholded(self) -> tuple[str, ...]:
        """Variables that ``|`` declares as ordered, in order of appearance."""
        return tuple(dict.fromkeys(s.lhs for s in self.parameters if s.op == "|"))
