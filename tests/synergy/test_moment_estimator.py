"""The moment estimator against known truth and against ordinary regression."""

import numpy as np
import pytest

from analysis.synergy.expressions import parse_expression
from analysis.synergy.moments import bartlett_scores, corrected_product, fit_moments
from analysis.synergy.second_opinion import linear_weights
from analysis.unavailable import Unavailable


def test_without_error_it_is_ordinary_least_squares() -> None:
    rng = np.random.default_rng(1)
    f = rng.normal(size=(200, 2))
    y = 0.3 * f[:, 0] + 0.2 * f[:, 0] * f[:, 1] + rng.normal(size=200)
    scores = np.column_stack([f, y])
    found = fit_moments(scores, np.zeros((3, 3)), [(), (0,), (1,), (0, 1)], 2)
    design = np.column_stack([np.ones(200), f, f[:, 0] * f[:, 1]])
    np.testing.assert_allclose(found.coefficients, np.linalg.lstsq(design, y)[0])


@pytest.mark.parametrize(
    ("columns", "truth"),
    [((0,), 0.0), ((0, 0), 1.0), ((0, 1), 0.5), ((0, 0, 1, 1), 1.5), ((0, 0, 0, 0), 3.0)],
)
def test_corrected_products_have_the_moments_of_the_factors(columns: tuple[int, ...], truth: float) -> None:
    # Isserlis: for standard normals with correlation ρ, E[f²g²] = 1 + 2ρ² and E[f⁴] = 3.
    n = 400_000
    rng = np.random.default_rng(2)
    factors = rng.multivariate_normal([0, 0], [[1, 0.5], [0.5, 1]], n)
    error = np.array([[0.4, 0.1], [0.1, 0.3]])
    scores = factors + rng.multivariate_normal([0, 0], error, n)
    values = corrected_product(scores, error, columns)
    assert abs(values.mean() - truth) < 5 * values.std() / np.sqrt(n)


def test_it_recovers_an_interaction_through_fallible_indicators() -> None:
    n = 20_000
    rng = np.random.default_rng(3)
    s, r = rng.multivariate_normal([0, 0], [[1, 0.5], [0.5, 1]], n).T
    y = 0.3 * s + 0.2 * r + 0.15 * s * r + rng.normal(size=n) * 0.7
    loadings = np.kron(np.eye(3), np.full((3, 1), 0.8))
    data = np.column_stack([s, r, y]) @ loadings.T + 0.6 * rng.normal(size=(n, 9))
    scores, error = bartlett_scores(data, loadings, 0.36 * np.eye(9))
    found = fit_moments(scores, error, [(), (0,), (1,), (0, 1)], 2)
    z = (found.coefficients[1:] - [0.3, 0.2, 0.15]) / np.sqrt(np.diag(found.covariance))[1:]
    assert (np.abs(z) < 4).all()
    np.testing.assert_allclose(found.variances[:2], 1, atol=0.05)


@pytest.mark.parametrize(
    ("text", "weights"),
    [
        ("gS", {"gS": 1}),
        ("(gSR + gSC + gRC)/3", {"gSR": 1 / 3, "gSC": 1 / 3, "gRC": 1 / 3}),
        ("gSR - 1.5*gSRC", {"gSR": 1, "gSRC": -1.5}),
        ("-(a + b)/2", {"a": -0.5, "b": -0.5}),
        ("((a + b)/2 - c)/2", {"a": 0.25, "b": 0.25, "c": -0.5}),
    ],
)
def test_weights_of_a_linear_expression(text: str, weights: dict[str, float]) -> None:
    assert linear_weights(parse_expression(text)) == pytest.approx(weights)


@pytest.mark.parametrize("text", ["a*b", "sqrt(a)", "a + 1", "1/a"])
def test_what_is_not_linear_says_so(text: str) -> None:
    assert isinstance(linear_weights(parse_expression(text)), Unavailable)
