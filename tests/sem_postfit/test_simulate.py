"""Simulated data: the population is lavaan's, the draws have its moments, bad populations are told."""

import json
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from scipy import stats

from analysis.sem.errors import ModelError
from analysis.sem.simulate import population, simulate

REFERENCE = json.loads((Path(__file__).parent / "reference" / "cases.json").read_text())["populations"]
# Both sides are a few products of decimal fractions; the reference is written with nine digits.
WRITTEN_DIGITS = 1e-8
MODEL = "f =~ .8*a + .7*b + .6*c\ng =~ .7*d + .6*e + .5*h\ng ~ .4*f"


@pytest.mark.parametrize("name", REFERENCE)
def test_population_moments_are_those_of_simulate_data(name):
    """attr(simulateData(model, return.fit = TRUE), "fit"), lavaan 0.6-14."""
    case = REFERENCE[name]
    (own,) = population(case["model"]).values()
    assert list(own.names) == case["names"]
    assert np.allclose(own.sigma, case["cov"], atol=WRITTEN_DIGITS)
    assert np.allclose(own.mu, case["mean"], atol=WRITTEN_DIGITS)


def test_draws_have_the_population_moments():
    data = simulate(MODEL, 200_000, seed=1)
    (own,) = population(MODEL).values()
    # Five standard errors of a covariance of variables with variance near 1.5.
    assert np.allclose(np.cov(data.T), own.sigma, atol=5 * 1.6 / np.sqrt(200_000) * np.sqrt(2))


def test_standardized_variables_have_variance_one():
    (own,) = population(MODEL, standardized=True).values()
    assert np.allclose(np.diag(own.sigma), 1.0)
    assert own.sigma[0, 3] == pytest.approx(0.8 * 0.4 * 0.7)


def test_thresholds_cut_a_response_of_variance_one():
    data = simulate("f =~ .8*a + .7*b\na | -1*t1 + 0.5*t2\nb | 0*t1", 100_000, seed=2)
    shares = data["a"].value_counts(normalize=True).sort_index()
    expected = np.diff(stats.norm.cdf([-np.inf, -1, 0.5, np.inf]))
    # Five standard errors of a share of 100,000 draws.
    assert np.allclose(shares, expected, atol=5 * 0.5 / np.sqrt(100_000))
    assert set(data["b"]) == {1, 2}


def test_same_seed_same_data_whatever_made_the_generator():
    first = simulate(MODEL, 50, seed=3)
    pd.testing.assert_frame_equal(first, simulate(MODEL, 50, seed=3))
    pd.testing.assert_frame_equal(first, simulate(MODEL, 50, seed=np.random.default_rng(3)))
    assert not first.equals(simulate(MODEL, 50, seed=4))


def test_groups_have_their_own_numbers():
    model = "f =~ c(.8, .4)*a + .7*b + .6*c\nf ~ c(0, 2)*1"
    data = simulate(model, (20_000, 10_000), seed=5, groups=("A", "B"))
    assert data["group"].value_counts().to_dict() == {"A": 20_000, "B": 10_000}
    means = data.groupby("group")["a"].mean()
    assert means["A"] == pytest.approx(0.0, abs=0.05)
    assert means["B"] == pytest.approx(0.8, abs=0.05)


@pytest.mark.parametrize(
    ("model", "n", "says"),
    [
        ("f =~ a + b + c\ny ~ f", 10, "y ~ f has no number"),
        ("f =~ a + b + c\na ~~ 5*b", 10, "not positive definite"),
        ("f =~ 1.2*a + b + c\na | 1*t1", 10, "a a variance above 1"),
        ("f =~ .5*a + b + c\na | 1*t1 + 0*t2", 10, "thresholds of a do not ascend"),
        ("f =~ c(.8, .4)*a + b + c", 10, "2"),
    ],
)
def test_numbers_that_are_no_population_are_refused(model, n, says):
    with pytest.raises(ModelError, match=says):
        simulate(model, n, seed=1)
