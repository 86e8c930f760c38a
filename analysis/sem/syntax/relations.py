"""Term trees of ``:=`` and ``==`` to expressions."""

from __future__ import annotations

from analysis.sem.syntax.expression import FUNCTIONS, Binary, Call, Expression, Name, Number
from analysis.sem.syntax.source import Source
from analysis.sem.syntax.terms import Apply, Join, Literal, Symbol, Term, Text


def as_expression(source: Source, term: Term) -> Expression:
    """The arithmetic a term stands for.

    Raises ModelError at an unknown function, a wrong number of arguments, or NA.
    Left-deep sums are walked in a loop: they may be as long as the model.
    """
    spine: list[Join] = []
    while isinstance(term, Join):
        spine.append(term)
        term = term.left
    result = _leaf(source, term)
    for join in reversed(spine):
        if join.operator == "?":
            raise source.fault(join.position, "“?” gives starting values; it means nothing in an expression")
        result = Binary(join.operator, result, as_expression(source, join.right))
    return result


def names_with_positions(term: Term) -> tuple[tuple[str, int], ...]:
    """Every name in a term and where it stands."""
    found: list[tuple[str, int]] = []
    stack = [term]
    while stack:
        node = stack.pop()
        if isinstance(node, Join):
            stack.extend((node.right, node.left))
        elif isinstance(node, Apply):
            stack.extend(reversed(node.arguments))
        elif isinstance(node, Symbol):
            found.append((node.name, node.position))
        elif isinstance(node, Text):
            found.append((node.text, node.position))
    return tuple(found)


def _leaf(source: Source, term: Term) -> Expression:
    if isinstance(term, Literal):
        return Number(term.value)
    if isinstance(term, Symbol) and term.name != "NA":
        return Name(term.name)
    if isinstance(term, Text):
        return Name(term.text)
    if isinstance(term, Apply):
        if term.function not in FUNCTIONS:
            known = ", ".join(sorted(FUNCTIONS - {"-"}))
            raise source.fault(term.position, f"unknown function “{term.function}”", f"known are {known}")
        if len(term.arguments) != 1:
            raise source.fault(term.position, f"“{term.function}” takes one argument")
        return Call(term.function, as_expression(source, term.arguments[0]))
    raise source.fault(term.position, "this has no value in an expression")
