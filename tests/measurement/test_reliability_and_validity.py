"""Reliability, validity and factorability against semTools 0.5.6 and psych 2.2.9 (tests/golden/make.R)."""

import json
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from factor_analyzer import calculate_bartlett_sphericity, calculate_kmo
from hypothesis import given
from hypothesis import strategies as st

from analysis.measurement.correlation import correlation_matrix
from analysis.measurement.exploratory import Factors, explore
from analysis.measurement.factorability import bartlett_sphericity, kmo
from analysis.measurement.reliability import (
    alpha_interval,
    average_variance_extracted,
    composite_reliability,
    cronbach_alpha,
    item_total,
    omega,
)
from analysis.measurement.retention import minimum_average_partial, parallel_analysis
from analysis.measurement.validity import fornell_larcker, htmt
from analysis.unavailable import Unavailable

GOLDEN = Path(__file__).parents[1] / "golden"
CLOSED = 1e-8  # the same closed form; the reference is printed with 10 digits
ESTIMATED = 1e-5  # rests on an ML solution that lavaan stops at its own tolerance
ITEMS = [f"x{i}" for i in range(1, 10)]
BLOCKS = {"visual": [0, 1, 2], "textual": [3, 4, 5], "speed": [6, 7, 8]}


@pytest.fixture(scope="module")
def reference() -> dict:
    return json.loads((GOLDEN / "cases" / "hs_reliability.json").read_text())


@pytest.fixture(scope="module")
def solution() -> pd.DataFrame:
    return pd.DataFrame(json.loads((GOLDEN / "cases" / "hs_cfa_ml.json").read_text())["estimates"])


@pytest.fixture(scope="module")
def answers() -> pd.DataFrame:
    return pd.read_csv(GOLDEN / "data" / "holzinger_swineford_1939.csv")[ITEMS]


@pytest.fixture(scope="module")
def correlation(answers: pd.DataFrame) -> np.ndarray:
    return correlation_matrix(answers.to_numpy())


def one_factor(solution: pd.DataFrame, factor: str) -> tuple[np.ndarray, np.ndarray, float]:
    rows = solution[(solution.op == "=~") & (solution.lhs == factor)]
    variances = solution[(solution.op == "~~") & (solution.lhs == solution.rhs)].set_index("lhs").est
    return rows.est.to_numpy(), variances[rows.rhs].to_numpy(), float(variances[factor])


@pytest.mark.parametrize("factor", BLOCKS)
def test_alpha_is_psychs(factor: str, answers: pd.DataFrame, reference: dict) -> None:
    found = cronbach_alpha(answers.iloc[:, BLOCKS[factor]])
    assert found.alpha == pytest.approx(reference["alpha"][factor][0]["raw_alpha"], rel=CLOSED)
    assert (found.n, found.k) == (301, 3)
    assert found.ci_lower < found.alpha < found.ci_upper


@pytest.mark.parametrize("factor", BLOCKS)
def test_omega_composite_and_ave_are_semtools(
    factor: str, solution: pd.DataFrame, answers: pd.DataFrame, reference: dict
) -> None:
    loadings, residuals, variance = one_factor(solution, factor)
    table = {row["_row"]: row[factor] for row in reference["reliability"]}
    # lavaan's sample covariance divides by n.
    observed = np.cov(answers.iloc[:, BLOCKS[factor]].to_numpy(), rowvar=False, ddof=0)
    assert omega(loadings, residuals, variance) == pytest.approx(table["omega"], rel=ESTIMATED)
    assert composite_reliability(loadings, observed, variance) == pytest.approx(
        reference["composite"][factor], rel=ESTIMATED
    )
    assert average_variance_extracted(loadings, residuals, variance) == pytest.approx(
        table["avevar"], rel=ESTIMATED
    )


def test_htmt2_is_semtools(correlation: np.ndarray, reference: dict) -> None:
    found = htmt(correlation, list(BLOCKS.values()), geometric=True)
    expected = np.array([[row[name] for name in BLOCKS] for row in reference["htmt"]])
    np.testing.assert_allclose(found, expected, rtol=CLOSED)


def test_htmt_is_semtools_with_arithmetic_means(correlation: np.ndarray) -> None:
    # R: semTools::htmt(model, HolzingerSwineford1939, htmt2 = FALSE), printed with three digits
    found = htmt(correlation, list(BLOCKS.values()))
    np.testing.assert_allclose(found[np.tril_indices(3, -1)], [0.424, 0.467, 0.290], atol=5e-4)


def test_a_single_item_has_no_htmt(correlation: np.ndarray) -> None:
    assert np.isnan(htmt(correlation, [[0], [3, 4, 5]])[0, 1])


def test_kmo_and_bartlett_are_psychs(correlation: np.ndarray, reference: dict) -> None:
    overall, items = kmo(correlation)
    assert overall == pytest.approx(reference["kmo"]["overall"], rel=CLOSED)
    np.testing.assert_allclose(items, [reference["kmo"]["items"][i] for i in ITEMS], rtol=CLOSED)
    chisq, df, p = bartlett_sphericity(correlation, 301)
    assert (chisq, df) == (pytest.approx(reference["bartlett"]["chisq"], rel=CLOSED), 36)
    assert p == pytest.approx(reference["bartlett"]["p.value"], rel=1e-6)


def test_kmo_and_bartlett_are_factor_analyzers(answers: pd.DataFrame, correlation: np.ndarray) -> None:
    items, overall = calculate_kmo(answers)
    assert kmo(correlation)[0] == pytest.approx(overall, rel=CLOSED)
    np.testing.assert_allclose(kmo(correlation)[1], items, rtol=1e-6)
    assert bartlett_sphericity(correlation, 301)[0] == pytest.approx(
        calculate_bartlett_sphericity(answers)[0], rel=1e-8
    )


def test_map_is_psychs(correlation: np.ndarray, reference: dict) -> None:
    np.testing.assert_allclose(minimum_average_partial(correlation, 5), reference["vss_map"], rtol=1e-7)


def test_parallel_analysis_finds_the_three_factors_and_repeats(correlation: np.ndarray) -> None:
    first = parallel_analysis(correlation, 301, seed=4, draws=50)
    again = parallel_analysis(correlation, 301, seed=4, draws=50)
    assert first.n_factors == 3
    np.testing.assert_array_equal(first.random_quantile, again.random_quantile)
    assert first.eigenvalues.sum() == pytest.approx(9)


def test_exploratory_factors_recover_the_tests(correlation: np.ndarray) -> None:
    found = explore(correlation, 3)
    assert isinstance(found, Factors)
    strongest = np.abs(found.loadings).argmax(axis=1)
    assert [len(set(strongest[block])) for block in BLOCKS.values()] == [1, 1, 1]
    assert len(set(strongest)) == 3
    np.testing.assert_allclose(np.diag(found.correlations), 1)
    assert found.variance[0].sum() == pytest.approx(found.communalities.sum())


@pytest.mark.parametrize(("factors", "why"), [(0, "no factor"), (5, "too many")])
def test_impossible_numbers_of_factors_say_so(correlation: np.ndarray, factors: int, why: str) -> None:
    found = explore(correlation, factors)
    assert isinstance(found, Unavailable)
    assert why in found.reason


def test_fornell_larcker_puts_the_root_of_ave_on_the_diagonal() -> None:
    table = fornell_larcker(np.array([[1, 0.5], [0.5, 1]]), np.array([0.64, 0.49]))
    np.testing.assert_allclose(table, [[0.8, 0.5], [0.5, 0.7]])


def test_alpha_interval_is_psychs() -> None:
    # R: psych::alpha.ci(.8, n.obs = 100, n.var = 5, digits = 6) → .7305582, .8558867
    assert alpha_interval(0.8, 100, 5, 0.95) == pytest.approx((0.7305582, 0.8558867), abs=1e-7)


def test_alpha_says_why_it_has_no_value() -> None:
    same = pd.DataFrame({"a": [4.0] * 5, "b": [4.0] * 5})
    assert "same total" in cronbach_alpha(same).reason
    assert "two items" in cronbach_alpha(same[["a"]]).reason
    assert "respondents answered" in cronbach_alpha(same.head(2)).reason


def test_item_total_is_the_correlation_with_the_rest(answers: pd.DataFrame) -> None:
    block = answers.iloc[:, :3]
    expected = [block["x1"].corr(block["x2"] + block["x3"])]
    np.testing.assert_allclose(item_total(block.to_numpy())[:1], expected)


@given(st.floats(0.1, 50), st.permutations(range(9)))
def test_kmo_ignores_scale_and_order_of_items(factor: float, order: list[int]) -> None:
    rng = np.random.default_rng(3)
    data = rng.normal(size=(80, 1)) + rng.normal(size=(80, 9))
    scaled = data[:, order] * np.array([factor, *[1.0] * 8])
    original, _ = kmo(correlation_matrix(data))
    assert kmo(correlation_matrix(scaled))[0] == pytest.approx(original)
