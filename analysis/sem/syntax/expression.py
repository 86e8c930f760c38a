"""Expression trees of ``:=``, ``==`` and numeric modifiers: the types only."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TypeAlias


@dataclass(frozen=True, slots=True)
class Number:
    """A literal number."""

    value: float


@dataclass(frozen=True, slots=True)
class Name:
    """A label, a plabel (``.p7.``) or the left-hand side of another ``:=``."""

    name: str


@dataclass(frozen=True, slots=True)
class Call:
    """A function of one argument: ``exp``, ``log``, ``sqrt``, ``abs`` …, or ``-`` for unary minus."""

    function: str
    argument: Expression


@dataclass(frozen=True, slots=True)
class Binary:
    """``left operator right`` with operator one of ``+ - * / ^``."""

    operator: str
    left: Expression
    right: Expression


Expression: TypeAlias = Number | Name | Call | Binary


def names_in(expression: Expression) -> tuple[str, ...]:
    """Names an expression refers to, each once, in order of appearance."""
    if isinstance(expression, Name):
        return (expression.name,)
    if isinstance(expression, Call):
        return names_in(expression.argument)
    if isinstance(expression, Binary):
        return tuple(dict.fromkeys(names_in(expression.left) + names_in(expression.right)))
    return ()
