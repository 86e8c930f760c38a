"""One formula line (``=~ ~ ~~ | ~*~``) to parameter statements."""

from __future__ import annotations

import re
from collections.abc import Iterator

from analysis.sem.errors import ModelError
from analysis.sem.syntax.lines import Line
from analysis.sem.syntax.modifiers import constant, merge, read_modifiers
from analysis.sem.syntax.source import Source
from analysis.sem.syntax.statements import NO_MODIFIERS, Modifiers, ParameterStatement
from analysis.sem.syntax.terms import PRODUCT, Apply, Cursor, Join, Literal, Symbol, Term, parse_term
from analysis.sem.syntax.tokens import Token

# Stand for the right-hand sides 1 and 0; no variable can have these names.
_INTERCEPT, _ZERO = "1", "0"


def read_formula(source: Source, line: Line, operator: Token, block: str) -> Iterator[ParameterStatement]:
    """The parameters of one formula: every left-hand side with every term of the right-hand side.

    Raises ModelError at anything that is not understood.
    """
    cursor = Cursor(source, line)
    lhs = _left_side(cursor, operator)
    cursor.take()
    terms = _right_side(cursor, operator)
    for left in lhs:
        for name, (modifiers, position) in terms.items():
            op, rhs, modifiers = _resolve(source, left.name, operator, name, modifiers, position, len(terms))
            yield ParameterStatement(left.name, op, rhs, modifiers, block, left.position, position)


def _left_side(cursor: Cursor, operator: Token) -> list[Symbol]:
    names: list[Symbol] = []
    while True:
        term = parse_term(cursor, PRODUCT)
        if isinstance(term, Join) and isinstance(term.left, Apply) and term.left.function == "efa":
            raise cursor.source.fault(term.left.position, "exploratory blocks (efa) are not supported")
        if not isinstance(term, Symbol) or term.name == "NA":
            raise cursor.source.fault(
                term.position,
                f"on the left of “{operator.text}” only names can stand",
                "write modifiers on the right: y ~ a*x",
            )
        names.append(term)
        token = cursor.peek()
        if token is operator:
            return names
        if token.text != "+":
            raise cursor.source.fault(
                token.position, f"“{token.text}” cannot stand here", "join left-hand sides by “+”"
            )
        cursor.take()


def _right_side(cursor: Cursor, operator: Token) -> dict[str, tuple[Modifiers, int]]:
    """Terms by name, those of one name merged, in order of first appearance."""
    terms: dict[str, tuple[Modifiers, int]] = {}
    while True:
        name, modifiers, position = _read_term(cursor.source, parse_term(cursor, PRODUCT))
        if name in terms:
            modifiers = merge(cursor.source, position, terms[name][0], modifiers)
            position = terms[name][1]
        terms[name] = (modifiers, position)
        token = cursor.take()
        if token.kind == "end":
            return terms
        if token.text == "+":
            continue
        raise _stray(cursor.source, token, operator)


def _stray(source: Source, token: Token, operator: Token) -> ModelError:
    if token.text == ":":
        return source.fault(
            token.position,
            "interaction terms are not supported in the model text",
            "add the product to the data as a column of its own and use its name",
        )
    if token.kind == "operator":
        return source.fault(
            token.position,
            f"a second operator after “{operator.text}”",
            "write one formula a line; is a “+” left over at the end of the line before?",
        )
    return source.fault(token.position, f"“{token.text}” cannot stand here", "join terms by “+”")


def _read_term(source: Source, term: Term) -> tuple[str, Modifiers, int]:
    if isinstance(term, Join) and term.operator == "*":
        return _target(source, term.right), read_modifiers(source, term.left), term.right.position
    if isinstance(term, Join) and term.operator == "?":
        start = Modifiers(start=(constant(source, term.left),))
        return _target(source, term.right), start, term.right.position
    if isinstance(term, Literal) and term.value == 0:
        return _ZERO, Modifiers(fixed=(0.0,)), term.position
    return _target(source, term), NO_MODIFIERS, term.position


def _target(source: Source, term: Term) -> str:
    if isinstance(term, Symbol) and term.name != "NA":
        return term.name
    if isinstance(term, Literal) and term.value == 1:
        return _INTERCEPT
    raise source.fault(
        term.position, "a variable should stand here", "write modifier*variable, such as 2*x1, a*x1 or a*1"
    )


def _resolve(
    source: Source, lhs: str, operator: Token, name: str, modifiers: Modifiers, position: int, n_terms: int
) -> tuple[str, str, Modifiers]:
    """Operator, right-hand side and modifiers of one parameter, checked against the operator."""
    op = operator.text
    if name in (_INTERCEPT, _ZERO):
        if op == "~":
            return "~1", "", modifiers
        if op == "=~" and name == _ZERO and n_terms == 1:
            return op, lhs, modifiers
        raise source.fault(position, f"“{name}” after “{op}” is no variable", "intercepts are written y ~ 1")
    if op == "|" and not re.fullmatch(r"t[1-9][0-9]*", name):
        raise source.fault(position, "thresholds are named t1, t2, …", f"write  {lhs} | t1 + t2")
    if op == "~*~" and name != lhs:
        raise source.fault(position, "a scale is that of one variable", f"write  {lhs} ~*~ {lhs}")
    if op == "=~" and name == lhs:
        raise source.fault(position, f"“{lhs}” cannot be measured by itself")
    if op == "~" and name == lhs:
        raise source.fault(position, f"“{lhs}” cannot be regressed on itself", "for its variance write ~~")
    return op, name, modifiers
