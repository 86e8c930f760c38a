"""The full-information likelihood: derivatives against differences, and laws at complete data."""

import json
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from analysis.sem.inference.fiml_corrected import complete_discrepancy, complete_information
from analysis.sem.sample.full_information import (
    discrepancy,
    expected_information,
    log_likelihood,
    observed_information,
    scores,
)
from analysis.sem.sample.patterns import pattern_statistics
from analysis.sem.sample.saturated import saturated_moments

REFERENCE = Path(__file__).parent / "reference"
XS = [f"x{i}" for i in range(1, 10)]
# Central differences with step 1e-5 are right to about 1e-9 of values of size 1.
DIFFERENCES = 1e-7
ROUNDING = 1e-10


@pytest.fixture(scope="module")
def values():
    table = pd.read_csv(REFERENCE / "holzinger.csv")[XS].to_numpy()
    return table[~np.isnan(table).all(axis=1)]


@pytest.fixture(autouse=True)
def strict():
    with np.errstate(all="raise"):
        yield


def moments(x, p):
    j, i = np.triu_indices(p)
    sigma = np.zeros((p, p))
    sigma[i, j] = sigma[j, i] = x[p:]
    return sigma, x[:p]


def stacked(patterns, x, p):
    """Derivative of the log-likelihood per row in (mu, vech Sigma)."""
    at = discrepancy(patterns, *moments(x, p))
    j, i = np.triu_indices(p)
    return -0.5 * np.concatenate([at.dmu, (at.dsigma * (2.0 - np.eye(p)))[i, j]])


@pytest.fixture(scope="module")
def point(values):
    saturated = saturated_moments(pattern_statistics(values))
    rng = np.random.default_rng(2)
    p = len(saturated.mean)
    sigma = saturated.cov + np.diag(rng.uniform(0.1, 0.5, p))
    j, i = np.triu_indices(p)
    return np.concatenate([saturated.mean + 0.1, sigma[i, j]])


def test_gradient_equals_differences_of_the_value(values, point):
    patterns, step = pattern_statistics(values), 1e-5
    p = values.shape[1]
    numeric = [
        discrepancy(patterns, *moments(point + step * e, p)).value
        - discrepancy(patterns, *moments(point - step * e, p)).value
        for e in np.eye(len(point))
    ]
    assert np.allclose(-0.25 * np.array(numeric) / step, stacked(patterns, point, p), atol=DIFFERENCES)


def test_observed_information_equals_differences_of_the_gradient(values, point):
    patterns, step = pattern_statistics(values), 1e-5
    p = values.shape[1]
    numeric = [
        (stacked(patterns, point - step * e, p) - stacked(patterns, point + step * e, p)) / (2 * step)
        for e in np.eye(len(point))
    ]
    information = observed_information(patterns, *moments(point, p))
    assert np.allclose(information, np.array(numeric), atol=DIFFERENCES)


def test_scores_add_up_to_the_gradient(values, point):
    p = values.shape[1]
    mean = scores(values, *moments(point, p)).mean(axis=0)
    assert np.allclose(mean, stacked(pattern_statistics(values), point, p), atol=ROUNDING)


def test_patterns_with_few_and_with_many_missing_values_share_one_formula():
    """Deleting rows from the inverse and inverting what is left are the same."""
    rng = np.random.default_rng(5)
    sigma = np.cov(rng.standard_normal((20, 6)).T)
    for missing in range(6):
        row = rng.standard_normal((1, 6))
        row[0, :missing] = np.nan
        kept = slice(missing, None)
        at = discrepancy(pattern_statistics(row), sigma, np.zeros(6))
        part, y = sigma[kept, kept], row[0, kept]
        assert at.value == pytest.approx(np.linalg.slogdet(part)[1] + y @ np.linalg.solve(part, y), rel=1e-9)
        assert not at.dsigma[:missing].any()
        assert not at.dmu[:missing].any()


def test_complete_rows_give_the_complete_data_functions():
    rng = np.random.default_rng(3)
    rows = rng.standard_normal((50, 4)) @ rng.standard_normal((4, 4))
    patterns = pattern_statistics(rows)
    cov, mean = np.cov(rows.T, bias=True), rows.mean(axis=0)
    saturated = saturated_moments(patterns)
    assert saturated.steps == 1
    assert np.allclose(saturated.cov, cov)
    assert np.allclose(saturated.mean, mean)
    sigma, mu = cov + np.eye(4), mean + 0.3
    distance = discrepancy(patterns, sigma, mu).value - saturated.value
    assert distance == pytest.approx(complete_discrepancy(cov, mean, sigma, mu), rel=1e-10)
    assert np.allclose(expected_information(patterns, cov, mean), complete_information(cov))
    assert np.allclose(observed_information(patterns, cov, mean), complete_information(cov), atol=ROUNDING)


def test_saturated_moments_equal_lavaans(values):
    """lavInspect(sem(cfa3, hs, missing = "fiml"), "sampstat"); its EM stops at changes of 1e-5."""
    case = json.loads((REFERENCE / "cases.json").read_text())["cfa_ml"]
    patterns = pattern_statistics(values)
    saturated = saturated_moments(patterns)
    assert saturated.converged
    unrestricted = case["fit"]["unrestricted.logl"]
    assert log_likelihood(patterns, saturated.value) == pytest.approx(unrestricted, abs=1e-6)


def test_saturated_moments_are_a_stationary_point(values):
    patterns = pattern_statistics(values)
    saturated = saturated_moments(patterns)
    at = discrepancy(patterns, saturated.cov, saturated.mean)
    assert np.abs(at.dsigma).max() < 1e-7
    assert np.abs(at.dmu).max() < 1e-7


def test_rescaling_an_item_rescales_the_saturated_moments(values):
    scale = np.array([1.0, 100.0, 1, 1, 0.01, 1, 1, 1, 1])
    plain = saturated_moments(pattern_statistics(values))
    scaled = saturated_moments(pattern_statistics(values * scale))
    assert np.allclose(scaled.cov, plain.cov * np.outer(scale, scale), rtol=1e-6)
    assert np.allclose(scaled.mean, plain.mean * scale, rtol=1e-6)
