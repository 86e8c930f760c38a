"""Values and exact derivatives of := and == expressions, for one or many draws at once."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any, Protocol

import numpy as np
from numpy.typing import ArrayLike, NDArray

from analysis.sem.syntax.expression import Expression, Name, Number
from analysis.sem.syntax.tape import Step, tape_of

Array = NDArray[np.float64]
Function = Callable[[Any], Any]


class HasExpression(Protocol):
    """A definition or a constraint."""

    @property
    def expression(self) -> Expression:
        """The tree to evaluate."""


# Function and derivative; the derivative of abs at 0 is taken as 0.
_FUNCTIONS: dict[str, tuple[Function, Function]] = {
    "-": (np.negative, lambda x: np.float64(-1.0)),
    "exp": (np.exp, np.exp),
    "log": (np.log, np.reciprocal),
    "log10": (np.log10, lambda x: 1.0 / (x * np.log(10.0))),
    "log2": (np.log2, lambda x: 1.0 / (x * np.log(2.0))),
    "log1p": (np.log1p, lambda x: 1.0 / (1.0 + x)),
    "expm1": (np.expm1, np.exp),
    "sqrt": (np.sqrt, lambda x: 0.5 / np.sqrt(x)),
    "abs": (np.abs, np.sign),
    "sin": (np.sin, np.cos),
    "cos": (np.cos, lambda x: -np.sin(x)),
    "tan": (np.tan, lambda x: 1.0 / np.cos(x) ** 2),
    "tanh": (np.tanh, lambda x: 1.0 - np.tanh(x) ** 2),
    "atan": (np.arctan, lambda x: 1.0 / (1.0 + x * x)),
}


def evaluate(items: Sequence[HasExpression], values: Mapping[str, ArrayLike]) -> Array:
    """Values of definitions or constraints.

    ``values`` maps each name to an array of shape (…), all of one batch shape (scalars broadcast).
    Returns (…, len(items)). Outside a function's domain, and where a division is by zero, the value is
    NaN or infinite, without a warning.
    """
    with np.errstate(all="ignore"):
        columns = [_forward(tape_of(item.expression), values)[-1] for item in items]
    shape = np.broadcast_shapes(*(np.shape(value) for value in values.values()))
    stacked = [np.broadcast_to(column, shape) for column in columns]
    return np.stack(stacked, axis=-1) if stacked else np.empty((*shape, 0))


def jacobian(items: Sequence[HasExpression], values: Mapping[str, ArrayLike], names: Sequence[str]) -> Array:
    """Exact derivatives of definitions or constraints with respect to ``names``, by reverse accumulation.

    Returns (…, len(items), len(names)) for values of shape (…); see ``evaluate``.
    """
    shape = np.broadcast_shapes(*(np.shape(value) for value in values.values()))
    column = {name: index for index, name in enumerate(names)}
    result = np.zeros((*shape, len(items), len(names)))
    for row, item in enumerate(items):
        for name, derivative in value_and_slopes(item.expression, values)[1].items():
            if name in column:
                result[..., row, column[name]] = derivative
    return result


def value_of(expression: Expression, values: Mapping[str, ArrayLike]) -> Any:
    """The value of one expression, of the batch shape of the values it uses."""
    with np.errstate(all="ignore"):
        return _forward(tape_of(expression), values)[-1]


def value_and_slopes(expression: Expression, values: Mapping[str, ArrayLike]) -> tuple[Any, dict[str, Any]]:
    """The value of one expression and its derivative by every name in it, each of the batch shape."""
    with np.errstate(all="ignore"):
        tape = tape_of(expression)
        value = _forward(tape, values)
        return value[-1], _backward(tape, value)


def _forward(tape: Sequence[Step], values: Mapping[str, ArrayLike]) -> list[Any]:
    """The value of every step; single numbers as numpy's scalars, ten times as fast as arrays of one."""
    value: list[Any] = []
    for node, operator, left, right in tape:
        if isinstance(node, Name):
            given = values[node.name]
            value.append(given if type(given) is np.float64 else np.asarray(given, dtype=np.float64)[()])
        elif isinstance(node, Number):
            value.append(np.float64(node.value))
        elif right < 0:
            value.append(_FUNCTIONS[operator][0](value[left]))
        elif operator == "*":
            value.append(value[left] * value[right])
        elif operator == "+":
            value.append(value[left] + value[right])
        elif operator == "-":
            value.append(value[left] - value[right])
        elif operator == "/":
            value.append(value[left] / value[right])
        else:
            value.append(np.power(value[left], value[right]))
    return value


def _backward(tape: Sequence[Step], value: Sequence[Any]) -> dict[str, Any]:
    adjoint: list[Any] = [np.float64(0.0)] * len(tape)
    adjoint[-1] = np.float64(1.0)
    gradient: dict[str, Any] = {}
    for place in range(len(tape) - 1, -1, -1):
        node, operator, left, right = tape[place]
        outer = adjoint[place]
        if isinstance(node, Name):
            gradient[node.name] = gradient.get(node.name, 0.0) + outer
        elif isinstance(node, Number):
            continue
        elif right < 0:
            adjoint[left] = adjoint[left] + outer * _FUNCTIONS[operator][1](value[left])
        elif operator == "*":
            # One after the other: both sides may be the same step.
            adjoint[left] = adjoint[left] + outer * value[right]
            adjoint[right] = adjoint[right] + outer * value[left]
        elif operator == "+":
            adjoint[left] = adjoint[left] + outer
            adjoint[right] = adjoint[right] + outer
        elif operator == "-":
            adjoint[left] = adjoint[left] + outer
            adjoint[right] = adjoint[right] - outer
        elif operator == "/":
            adjoint[left] = adjoint[left] + outer * (1.0 / value[right])
            adjoint[right] = adjoint[right] + outer * (-value[left] / (value[right] * value[right]))
        else:
            base, exponent = value[left], value[right]
            adjoint[left] = adjoint[left] + outer * (exponent * np.power(base, exponent - 1.0))
            # A constant exponent must not meet log(base): base may be negative there.
            if not isinstance(tape[right][0], Number):
                adjoint[right] = adjoint[right] + outer * (np.power(base, exponent) * np.log(base))
    return gradient
