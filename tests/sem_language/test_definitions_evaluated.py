"""Values and derivatives of := and == expressions: Python's own arithmetic, and complex-step derivatives."""

import cmath
import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from analysis.sem.syntax import evaluate, jacobian, parse_model
from analysis.sem.table import Definition, build_table

# Complex-step derivatives are exact to rounding, which the deepest generated trees amplify.
RELATIVE = 1e-9
STEP = 1e-30

VALUES = {"a": 0.7, "b": -1.3, "c": 2.5}

EXPRESSIONS = {
    "a + b*c": 0.7 - 1.3 * 2.5,
    "a - b - c": 0.7 + 1.3 - 2.5,
    "a / b / c": 0.7 / -1.3 / 2.5,
    "-a^2": -(0.7**2),
    "(-a)^2": 0.49,
    "2^a^2": 2 ** (0.7**2),
    "c**a": 2.5**0.7,
    "2^-1": 0.5,
    "- -a": 0.7,
    "b^2": 1.69,
    "exp(a)*log(c)": math.exp(0.7) * math.log(2.5),
    "sqrt(c)/abs(b)": math.sqrt(2.5) / 1.3,
    "log10(c) + log2(c) + log1p(a) + expm1(a)": math.log10(2.5)
    + math.log2(2.5)
    + math.log1p(0.7)
    + math.expm1(0.7),
    "sin(a) + cos(b) + tan(c) + tanh(b) + atan(b)": math.sin(0.7)
    + math.cos(-1.3)
    + math.tan(2.5)
    + math.tanh(-1.3)
    + math.atan(-1.3),
    "1e-3 + .5 + 2.": 2.501,
}


def definitions(text: str) -> tuple[Definition, ...]:
    return build_table(parse_model("y ~ a*x1 + b*x2 + c*x3\n" + text)).definitions


@pytest.mark.parametrize(("text", "expected"), EXPRESSIONS.items(), ids=list(EXPRESSIONS))
def test_values(text: str, expected: float) -> None:
    value = evaluate(definitions(f"d := {text}"), VALUES)
    np.testing.assert_allclose(value, [expected], rtol=RELATIVE)


def test_a_batch_of_draws_is_each_draw() -> None:
    found = definitions("d := a*b\ne := d + c\nf := 3")
    draws = {"a": np.array([[1.0, 2.0], [3.0, 4.0]]), "b": np.array([5.0, 6.0]), "c": 1.0}
    value = evaluate(found, draws)
    slope = jacobian(found, draws, ["c", "a", "b"])
    assert value.shape == (2, 2, 3)
    assert slope.shape == (2, 2, 3, 3)
    for index in np.ndindex(2, 2):
        one = {"a": draws["a"][index], "b": draws["b"][index[1]], "c": 1.0}
        np.testing.assert_array_equal(value[index], evaluate(found, one))
        np.testing.assert_array_equal(slope[index], jacobian(found, one, ["c", "a", "b"]))


def test_no_definitions_have_shape_zero() -> None:
    assert evaluate([], {"a": np.ones(4)}).shape == (4, 0)
    assert jacobian([], {"a": np.ones(4)}, ["a"]).shape == (4, 0, 1)


def test_what_has_no_value_is_nan_without_a_warning() -> None:
    found = definitions("d := log(b)\ne := a/(a - a)\nf := b^.5")
    assert not np.isfinite(evaluate(found, VALUES)).any()


def test_constant_powers_of_negative_numbers_have_derivatives() -> None:
    np.testing.assert_allclose(jacobian(definitions("d := b^3"), VALUES, ["b"]), [[3 * 1.69]], rtol=RELATIVE)


def test_definitions_may_use_later_ones_and_doubling_stays_cheap() -> None:
    chain = "\n".join(f"d{k + 1} := d{k} + d{k}" for k in reversed(range(60))) + "\nd0 := a"
    found = {d.name: d for d in definitions(chain)}
    last = [found["d60"]]
    np.testing.assert_allclose(evaluate(last, VALUES), [0.7 * 2.0**60], rtol=RELATIVE)
    np.testing.assert_allclose(jacobian(last, VALUES, ["a"]), [[2.0**60]], rtol=RELATIVE)


def test_constraints_are_left_minus_right_with_definitions_filled_in() -> None:
    table = build_table(parse_model("y ~ a*x1 + b*x2 + c*x3\nd := a*b\nd == 2*c"))
    np.testing.assert_allclose(evaluate(table.constraints, VALUES), [0.7 * -1.3 - 5.0], rtol=RELATIVE)
    np.testing.assert_allclose(jacobian(table.constraints, VALUES, list("abc")), [[-1.3, 0.7, -2.0]])


leaf = st.sampled_from(["a", "b", "c"]) | st.integers(1, 9).map(str)
tree = st.recursive(
    leaf,
    lambda inner: (
        st.tuples(inner, st.sampled_from(["+", "-", "*", "/"]), inner).map(lambda t: f"({t[0]}{t[1]}{t[2]})")
        | inner.map(lambda t: f"exp({t}/100)")
        | inner.map(lambda t: f"sqrt({t}*{t} + 1)")
        | inner.map(lambda t: f"-{t}")
        | inner.map(lambda t: f"({t})^2")
    ),
    max_leaves=12,
)


def complex_value(text: str, values: dict[str, complex]) -> complex:
    # The oracle: Python evaluates the same text (its grammar is the same but for ^).
    return eval(text.replace("^", "**"), {"exp": cmath.exp, "sqrt": cmath.sqrt, **values})


@settings(deadline=None)
@given(tree)
def test_values_and_derivatives_of_any_tree(text: str) -> None:
    try:
        expected = complex_value(text, {name: complex(value) for name, value in VALUES.items()}).real
        slopes = [
            complex_value(text, {n: complex(v, STEP if n == name else 0.0) for n, v in VALUES.items()}).imag
            / STEP
            for name in VALUES
        ]
    except (ZeroDivisionError, OverflowError):
        return
    found = definitions(f"d := {text}")
    np.testing.assert_allclose(evaluate(found, VALUES)[0], expected, rtol=1e-6)
    np.testing.assert_allclose(jacobian(found, VALUES, list(VALUES))[0], slopes, rtol=1e-6, atol=1e-6)
