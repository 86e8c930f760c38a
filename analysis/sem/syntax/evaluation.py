"""Values and exact derivatives of := and == expressions, for one or many draws at once."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Protocol

import numpy as np
from numpy.typing import ArrayLike, NDArray

from analysis.sem.syntax.expression import Binary, Call, Expression, Name, Number, parts, postorder

Array = NDArray[np.float64]
Function = Callable[[Array], Array]


class HasExpression(Protocol):
    """A definition or a constraint."""

    @property
    def expression(self) -> Expression:
        """The tree to evaluate."""


# Function and derivative; the derivative of abs at 0 is taken as 0.
_FUNCTIONS: dict[str, tuple[Function, Function]] = {
    "-": (np.negative, lambda x: np.full_like(x, -1.0)),
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
        columns = [_forward(postorder(item.expression), values)[id(item.expression)] for item in items]
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
    with np.errstate(all="ignore"):
        for row, item in enumerate(items):
            for name, derivative in _gradient(item.expression, values).items():
                if name in column:
                    result[..., row, column[name]] = derivative
    return result


def _forward(nodes: Sequence[Expression], values: Mapping[str, ArrayLike]) -> dict[int, Array]:
    value: dict[int, Array] = {}
    for node in nodes:
        if isinstance(node, Number):
            value[id(node)] = np.asarray(node.value)
        elif isinstance(node, Name):
            value[id(node)] = np.asarray(values[node.name], dtype=np.float64)
        elif isinstance(node, Call):
            value[id(node)] = _FUNCTIONS[node.function][0](value[id(node.argument)])
        else:
            value[id(node)] = _binary(node.operator, value[id(node.left)], value[id(node.right)])
    return value


def _binary(operator: str, left: Array, right: Array) -> Array:
    if operator == "+":
        return np.asarray(left + right)
    if operator == "-":
        return np.asarray(left - right)
    if operator == "*":
        return np.asarray(left * right)
    if operator == "/":
        return np.asarray(left / right)
    return np.asarray(np.power(left, right))


def _gradient(expression: Expression, values: Mapping[str, ArrayLike]) -> dict[str, Array]:
    nodes = postorder(expression)
    value = _forward(nodes, values)
    adjoint: dict[int, Array] = {id(expression): np.ones(())}
    gradient: dict[str, Array] = {}
    for node in reversed(nodes):
        outer = adjoint[id(node)]
        if isinstance(node, Name):
            gradient[node.name] = gradient.get(node.name, np.zeros(())) + outer
        for part, slope in zip(parts(node), _slopes(node, value), strict=True):
            adjoint[id(part)] = adjoint.get(id(part), np.zeros(())) + outer * slope
    return gradient


def _slopes(node: Expression, value: Mapping[int, Array]) -> tuple[Array, ...]:
    """Derivatives of a node with respect to its direct arguments."""
    if isinstance(node, Call):
        return (_FUNCTIONS[node.function][1](value[id(node.argument)]),)
    if not isinstance(node, Binary):
        return ()
    left, right = value[id(node.left)], value[id(node.right)]
    one = np.ones(())
    if node.operator in "+-":
        return one, one if node.operator == "+" else -one
    if node.operator == "*":
        return right, left
    if node.operator == "/":
        return np.asarray(1.0 / right), np.asarray(-left / right**2)
    # A constant exponent must not meet log(left): left may be negative there.
    in_right = np.zeros(()) if isinstance(node.right, Number) else np.power(left, right) * np.log(left)
    return np.asarray(right * np.power(left, right - 1.0)), np.asarray(in_right)
