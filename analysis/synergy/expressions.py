"""Expression trees back to text, with names replaced on the way."""

from __future__ import annotations

from collections.abc import Callable

from analysis.sem.syntax import parse_model
from analysis.sem.syntax.expression import Call, Expression, Name, Number

Rename = Callable[[str], str]


def render(expression: Expression, rename: Rename) -> str:
    """The text of an expression, fully bracketed; ``rename`` gives what stands for each name."""
    if isinstance(expression, Number):
        return f"{expression.value:.17g}" if expression.value >= 0 else f"({expression.value:.17g})"
    if isinstance(expression, Name):
        return rename(expression.name)
    if isinstance(expression, Call):
        inside = render(expression.argument, rename)
        return f"(-{inside})" if expression.function == "-" else f"{expression.function}({inside})"
    left, right = render(expression.left, rename), render(expression.right, rename)
    return f"({left} {expression.operator} {right})"


def parse_expression(text: str) -> Expression:
    """The tree of an expression over labels; sem.ModelError with the place where it is not one."""
    # A model text needs a formula; this one only lets the definition be read.
    return parse_model(f"value := {text}\nx ~~ x").relations[0].expression
