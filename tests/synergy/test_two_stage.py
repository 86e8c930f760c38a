"""Two-stage estimation against ordinary regression, closed forms and known truth."""

import numpy as np
import pandas as pd
import pytest

from analysis import sem
from analysis.synergy.compiled import CompiledModel
from analysis.synergy.second_opinion import LabelledEffects, linear_part
from analysis.synergy.two_stage import (
    SKEWED,
    Stage,
    excess_skewness,
    expected_terms,
    skewness_of_factors,
    standardised_regression,
    two_stage_effects,
)
from analysis.unavailable import Unavailable

MEASUREMENT = "x =~ x1 + x2 + x3\nz =~ z1 + z2 + z3\ny =~ y1 + y2 + y3"
STRUCTURE = "y ~ a*x + b*z + p*xz + q*xx"
PRODUCTS = {"xz": ("x", "z"), "xx": ("x", "x")}
COMPILED = CompiledModel("quad", MEASUREMENT, STRUCTURE, (), {}, {}, PRODUCTS)
TRUTH = {"a": 0.3, "b": 0.2, "p": 0.15, "q": -0.10}
ROUNDING = 1e-8


def drawn(seed: int, n: int, truth: dict[str, float] = TRUTH) -> pd.DataFrame:
    """Three indicators a factor, reliability .64 each; x and z standard normal, correlated .5."""
    rng = np.random.default_rng(seed)
    x, z = rng.multivariate_normal([0, 0], [[1, 0.5], [0.5, 1]], n).T
    y = truth["a"] * x + truth["b"] * z + truth["p"] * (x * z - 0.5) + truth["q"] * (x * x - 1)
    y = y + 0.7 * rng.standard_normal(n)
    columns = {
        f"{name}{k}": 0.8 * f + 0.6 * rng.standard_normal(n)
        for name, f in (("x", x), ("z", z), ("y", y))
        for k in (1, 2, 3)
    }
    return pd.DataFrame(columns)


def estimated(data: pd.DataFrame) -> LabelledEffects:
    fit = sem.fit(linear_part(COMPILED), data, estimator="MLR")
    found = two_stage_effects(COMPILED, fit, data[list(fit.cells.observed)].to_numpy())
    assert isinstance(found, LabelledEffects), found
    return found


def test_without_error_it_is_ordinary_least_squares() -> None:
    rng = np.random.default_rng(1)
    f = rng.normal(size=(200, 2))
    y = 0.3 * f[:, 0] + 0.2 * f[:, 0] * f[:, 1] + rng.normal(size=200)
    data = np.column_stack([f, y])
    # Residuals next to nothing stand for none, which would be singular.
    stage = Stage(np.eye(3), 1e-12 * np.eye(3), np.cov(data.T))
    found, _ = standardised_regression(data, stage, [(0,), (1,), (0, 1)], 2)
    centred = data - data.mean(axis=0)
    design = np.column_stack([np.ones(200), centred[:, :2], centred[:, 0] * centred[:, 1]])
    b = np.linalg.lstsq(design, centred[:, 2])[0]
    sd = data.std(axis=0, ddof=1)
    np.testing.assert_allclose(found, b[1:] * [sd[0], sd[1], sd[0] * sd[1]] / sd[2], atol=ROUNDING)


def test_expectations_of_one_factor_are_those_of_the_normal_posterior() -> None:
    # One indicator with loading 1, error .5 and Φ = 1: reliability 2/3, posterior mean 2s/3, variance 1/3.
    scores = np.array([-1.0, 0.0, 1.0])
    stage = Stage(np.eye(2), np.diag([0.5, 0.1]), np.eye(2))
    design, response = expected_terms(np.column_stack([scores, scores]), stage, [(0,), (0, 0), (0, 0, 0)], 1)
    mean = 2 * scores / 3
    np.testing.assert_allclose(design[:, 1], mean, atol=ROUNDING)
    np.testing.assert_allclose(design[:, 2], mean**2 + 1 / 3, atol=ROUNDING)
    np.testing.assert_allclose(design[:, 3], mean**3 + 3 * mean / 3, atol=ROUNDING)
    np.testing.assert_allclose(response, scores, atol=ROUNDING)


def test_it_recovers_squares_and_products_through_fallible_indicators() -> None:
    found = estimated(drawn(3, 20_000))
    a, b, p, q = TRUTH.values()
    linear = a * a + b * b + 2 * 0.5 * a * b
    # Isserlis: Var xz = 1 + ρ², Var x² = 2, Cov(xz, x²) = 2ρ.
    products = p * p * 1.25 + q * q * 2 + 2 * p * q * 1.0
    sd = np.sqrt(linear + products + 0.49)
    z = (found.estimates - np.array([a, b, p, q]) / sd) / np.sqrt(np.diag(found.covariance))
    assert found.labels == ("a", "b", "p", "q")
    assert (np.abs(z) < 4).all()


def test_errors_are_the_spread_over_samples() -> None:
    reps = 120
    runs = [estimated(drawn(100 + k, 500)) for k in range(reps)]
    spread = np.std([run.estimates for run in runs], axis=0, ddof=1)
    told = np.mean([np.sqrt(np.diag(run.covariance)) for run in runs], axis=0)
    # The standard error of a standard deviation is about s/√(2R), 6.5%: three of them.
    np.testing.assert_allclose(told / spread, 1.0, atol=0.20)


def test_the_first_stage_counts_in_the_error() -> None:
    data = drawn(5, 300)
    fit = sem.fit(linear_part(COMPILED), data, estimator="MLR")
    influence = fit.influence()
    np.testing.assert_allclose(influence.sum(axis=0), 0, atol=1e-3)
    np.testing.assert_allclose(influence.T @ influence / len(data) ** 2, fit.vcov, rtol=1e-6)


def test_leaving_a_case_out_moves_the_estimates_by_its_influence() -> None:
    data = drawn(6, 300)
    fit = sem.fit(linear_part(COMPILED), data, estimator="MLR")
    case = int(np.argmax(np.abs(fit.influence()).sum(axis=1)))
    less = sem.fit(linear_part(COMPILED), data.drop(index=case), estimator="MLR")
    moved = len(data) * (fit.theta - less.theta)
    # First order only: the second-order part is of the size of the leverage.
    expected = fit.influence()[case]
    assert np.linalg.norm(moved - expected) < 0.1 * np.linalg.norm(expected)


@pytest.mark.parametrize(
    ("structure", "products", "reason"),
    [
        ("y ~ a*x + p*xz\nz ~ q*xx", PRODUCTS, "products in one equation"),
        ("y1 ~ p*xz", {"xz": ("x", "z")}, "not a latent variable"),
    ],
)
def test_what_it_cannot_do_says_so(structure: str, products: dict[str, tuple[str, ...]], reason: str) -> None:
    data = drawn(7, 300)
    fit = sem.fit(MEASUREMENT, data)
    compiled = CompiledModel("m", MEASUREMENT, structure, (), {}, {}, products)
    found = two_stage_effects(compiled, fit, data[list(fit.cells.observed)].to_numpy())
    assert isinstance(found, Unavailable)
    assert reason in found.reason


def test_skewness_is_mardias_less_its_mean() -> None:
    # One variable: b₁ is the square of its skewness, and 1·2·3/n is what normal samples have on average.
    values = np.array([0.0, 0.0, 0.0, 1.0])
    centred = values - values.mean()
    skewness = (centred**3).mean() / (centred**2).mean() ** 1.5
    assert excess_skewness(values[:, None]) == pytest.approx(skewness**2 - 6 / 4)
    normal = np.random.default_rng(8).standard_normal((100, 500, 3))
    assert np.mean([excess_skewness(v) for v in normal]) == pytest.approx(0, abs=0.02)


def test_skewed_factors_are_seen_and_normal_ones_are_not() -> None:
    data = drawn(9, 1000)
    bent = data.copy()
    # e^x of a standard normal x: as skewed as factors of questionnaires hardly ever are.
    for name in ("x1", "x2", "x3"):
        bent[name] = np.exp(data[name])
    found = []
    for table in (data, bent):
        fit = sem.fit(linear_part(COMPILED), table, estimator="MLR")
        found.append(skewness_of_factors(COMPILED, fit, table[list(fit.cells.observed)].to_numpy()))
    assert found[0] < SKEWED < found[1]
