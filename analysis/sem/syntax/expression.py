"""Expression trees of ``:=`` and ``==``: types, names, substitution."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TypeAlias

# One argument each; "-" is unary minus. Values and derivatives stand in evaluation.py.
FUNCTIONS = frozenset(
    {"-", "exp", "log", "log10", "log2", "log1p", "expm1", "sqrt", "abs", "sin", "cos", "tan", "tanh", "atan"}
)


@dataclass(frozen=True, slots=True)
class Number:
    """A literal number."""

    value: float


@dataclass(frozen=True, slots=True)
class Name:
    """A label, a plabel (``.p7.``) or the left-hand side of a ``:=``."""

    name: str


@dataclass(frozen=True, slots=True, eq=False)
class Call:
    """A function of one argument, from FUNCTIONS."""

    function: str
    argument: Expression


@dataclass(frozen=True, slots=True, eq=False)
class Binary:
    """``left operator right`` with operator one of ``+ - * / ^``."""

    operator: str
    left: Expression
    right: Expression


Expression: TypeAlias = Number | Name | Call | Binary


def parts(node: Expression) -> tuple[Expression, ...]:
    """The direct arguments of a node."""
    if isinstance(node, Call):
        return (node.argument,)
    if isinstance(node, Binary):
        return (node.left, node.right)
    return ()


def postorder(expression: Expression) -> tuple[Expression, ...]:
    """Every distinct node, arguments before what uses them.

    Without recursion and each shared node once, so that long sums and nested definitions stay cheap.
    """
    done: list[Expression] = []
    seen: set[int] = set()
    stack: list[tuple[Expression, bool]] = [(expression, False)]
    while stack:
        node, expanded = stack.pop()
        if expanded:
            done.append(node)
        elif id(node) not in seen:
            seen.add(id(node))
            stack.append((node, True))
            stack.extend((part, False) for part in reversed(parts(node)))
    return tuple(done)


def names_in(expression: Expression) -> tuple[str, ...]:
    """Names an expression refers to, each once, in order of appearance."""
    return tuple(dict.fromkeys(node.name for node in postorder(expression) if isinstance(node, Name)))


def substitute(expression: Expression, replacements: Mapping[str, Expression]) -> Expression:
    """The expression with names replaced by expressions, which are shared, not copied."""
    new: dict[int, Expression] = {}
    for node in postorder(expression):
        if isinstance(node, Name):
            new[id(node)] = replacements.get(node.name, node)
        elif isinstance(node, Call):
            new[id(node)] = Call(node.function, new[id(node.argument)])
        elif isinstance(node, Binary):
            new[id(node)] = Binary(node.operator, new[id(node.left)], new[id(node.right)])
        else:
            new[id(node)] = node
    return new[id(expression)]
