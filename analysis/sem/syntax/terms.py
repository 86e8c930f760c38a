"""Tokens to term trees: one precedence parser for formulas, modifiers and := expressions.

Precedence is R's, from loose to tight: ``+ -``, ``* / ?``, unary minus, ``^`` (right-associative).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TypeAlias

from analysis.sem.errors import ModelError
from analysis.sem.syntax.lines import Line
from analysis.sem.syntax.source import Source
from analysis.sem.syntax.tokens import RELATIONS, Token


@dataclass(frozen=True, slots=True)
class Literal:
    """A number."""

    value: float
    position: int


@dataclass(frozen=True, slots=True)
class Symbol:
    """A name: of a variable, a label, or NA."""

    name: str
    position: int


@dataclass(frozen=True, slots=True)
class Text:
    """A quoted string, without its quotes and blanks."""

    text: str
    position: int


@dataclass(frozen=True, slots=True)
class Apply:
    """A function or unary minus applied to arguments."""

    function: str
    arguments: tuple[Term, ...]
    position: int


@dataclass(frozen=True, slots=True)
class Join:
    """Two terms joined by ``+ - * / ^`` or ``?``."""

    operator: str
    left: Term
    right: Term
    position: int


Term: TypeAlias = Literal | Symbol | Text | Apply | Join

_BINDING = {"+": 1, "-": 1, "*": 2, "/": 2, "?": 2, "^": 4}
SUM, PRODUCT, UNARY = 1, 2, 3
# Far above any model, far below Python's own limit on recursion.
MAX_DEPTH = 100


@dataclass(slots=True)
class Cursor:
    """A place in one logical line."""

    source: Source
    tokens: Line
    index: int = 0
    depth: int = 0

    def peek(self) -> Token:
        """The next token."""
        return self.tokens[self.index]

    def take(self) -> Token:
        """The next token; the cursor moves behind it, but never beyond the end."""
        token = self.tokens[self.index]
        if token.kind != "end":
            self.index += 1
        return token


def parse_term(cursor: Cursor, binding: int = SUM) -> Term:
    """The longest term whose operators bind at least as tightly as ``binding``.

    Raises ModelError where no term can be read.
    """
    cursor.depth += 1
    if cursor.depth > MAX_DEPTH:
        raise cursor.source.fault(cursor.peek().position, "the expression is nested too deeply")
    term = _operators(cursor, _prefix(cursor), binding)
    cursor.depth -= 1
    return term


def _operators(cursor: Cursor, left: Term, binding: int) -> Term:
    while True:
        token = cursor.peek()
        operator = "^" if token.text == "**" else token.text
        strength = _BINDING.get(operator, 0) if token.kind == "symbol" else 0
        if strength < binding:
            return left
        cursor.take()
        right = parse_term(cursor, UNARY if operator == "^" else strength + 1)
        left = Join(operator, left, right, token.position)


def _prefix(cursor: Cursor) -> Term:
    token = cursor.take()
    if token.kind == "number":
        return Literal(float(token.text), token.position)
    if token.kind == "string":
        return Text("".join(token.text[1:-1].split()), token.position)
    if token.kind == "name":
        if cursor.peek().text == "(":
            return Apply(token.text, _arguments(cursor), token.position)
        return Symbol(token.text, token.position)
    if token.text == "-":
        return Apply("-", (parse_term(cursor, UNARY),), token.position)
    if token.text == "+":
        return parse_term(cursor, UNARY)
    if token.text == "(":
        inside = parse_term(cursor)
        _close(cursor)
        return inside
    raise _missing(cursor.source, token)


def _arguments(cursor: Cursor) -> tuple[Term, ...]:
    cursor.take()
    found: list[Term] = []
    while cursor.peek().text != ")":
        found.append(parse_term(cursor))
        if cursor.peek().text != ",":
            break
        cursor.take()
    _close(cursor)
    return tuple(found)


def _close(cursor: Cursor) -> None:
    closing = cursor.take()
    if closing.text != ")":
        raise cursor.source.fault(closing.position, f"“)” should stand before “{closing.text}”")


def _missing(source: Source, token: Token) -> ModelError:
    if token.kind == "end":
        return source.fault(
            token.position, "the formula stops where a variable or number should follow", "complete it"
        )
    if token.text in RELATIONS:
        return source.fault(
            token.position,
            f"“{token.text}” stands where a variable or number should",
            "write one formula a line; is a “+” or an operator left over before it?",
        )
    return source.fault(
        token.position,
        f"“{token.text}” stands where a variable or number should",
        "write terms joined by “+”, such as f =~ x1 + a*x2",
    )
