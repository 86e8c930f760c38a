"""The names in a model's syntax: a light scan, enough to tell a misspelt one before anything is fitted."""

from __future__ import annotations

import ast
import re
from dataclasses import dataclass

_STATEMENT = re.compile(r"[;\n]")
_OPERATOR = re.compile(r":=|==|=~|~~|~1|[~|<>]")
_NAME = re.compile(r"[A-Za-z][A-Za-z0-9_.]*")
_LABELS = re.compile(r"^c\((.*)\)$")
_FUNCTIONS = frozenset({"sqrt", "exp", "log", "abs", "min", "max"})
_ARITHMETIC = (
    *(ast.Expression, ast.BinOp, ast.UnaryOp, ast.Call, ast.Name, ast.Constant, ast.Load),
    *(ast.operator, ast.unaryop),
)
MAX_EXPRESSION = 500
"""Characters; an estimand longer than that is not one a reader could follow."""
_RESERVED = frozenset({"NA", "start", "equal"})


@dataclass(frozen=True, slots=True)
class ModelWords:
    """What a model's syntax names: its variables, its parameter labels and latents of its own."""

    variables: frozenset[str] = frozenset()
    labels: frozenset[str] = frozenset()
    latents: frozenset[str] = frozenset()
    faults: tuple[str, ...] = ()

    def __or__(self, other: ModelWords) -> ModelWords:
        return ModelWords(
            self.variables | other.variables,
            self.labels | other.labels,
            self.latents | other.latents,
            self.faults + other.faults,
        )


def scan(syntax: str) -> ModelWords:
    """Names of a structural model in lavaan's language; ``S:R`` names both variables of a product."""
    found = ModelWords()
    text = re.sub(r"[#!].*", "", syntax)
    # A line that ends in an operator or a plus goes on in the next one.
    text = re.sub(r"([+~*=])[ \t]*\n", r"\1 ", text)
    for statement in filter(None, map(str.strip, _STATEMENT.split(text))):
        found |= _statement(statement)
    return found


def names(expression: str) -> frozenset[str]:
    """Labels that an expression over parameters uses."""
    return frozenset(_NAME.findall(expression)) - _FUNCTIONS


def is_expression(text: str) -> bool:
    """Whether ``text`` is arithmetic over names: ``+ - * / ^``, brackets, numbers and known functions."""
    if len(text) > MAX_EXPRESSION:
        return False
    try:
        tree = ast.parse(text.strip().replace("^", "**"), mode="eval")
    except (SyntaxError, ValueError, MemoryError, RecursionError):
        return False
    return all(isinstance(node, _ARITHMETIC) for node in ast.walk(tree))


def _statement(statement: str) -> ModelWords:
    operator = _OPERATOR.search(statement)
    if operator is None:
        return ModelWords(faults=(statement,))
    left, right = statement[: operator.start()].strip(), statement[operator.end() :].strip()
    if operator[0] == ":=":
        return ModelWords(labels=frozenset({left}))
    if operator[0] in ("==", "<", ">"):
        return ModelWords()
    variables = {name for term in left.split("+") for name in _factors(term)}
    labels: set[str] = set()
    for term in filter(None, map(str.strip, right.split("+"))):
        *modifiers, variable = term.split("*")
        variables |= _factors(variable)
        labels |= {label for modifier in modifiers for label in _modifier_labels(modifier.strip())}
    latents = frozenset({left}) if operator[0] == "=~" else frozenset()
    return ModelWords(frozenset(variables) - {"1", ""}, frozenset(labels), latents)


def _factors(term: str) -> set[str]:
    return {factor.strip() for factor in term.split(":")}


def _modifier_labels(modifier: str) -> set[str]:
    several = _LABELS.match(modifier)
    parts = several[1].split(",") if several else [modifier]
    return {part.strip() for part in parts if _NAME.fullmatch(part.strip())} - _RESERVED
