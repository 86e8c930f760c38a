"""Figures over replications, their Monte Carlo errors and the N of a target, against closed forms."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.special import ndtr

from analysis.planning.power_figures import mean, proportion, spread
from analysis.planning.power_needed import crossing, increasing, needed_n

SIZES = np.array([200.0, 400.0, 800.0, 1600.0])
BINOMIAL = 0.002
"""The Jeffreys posterior's spread differs from √(p(1 − p)/R) by less than this from R = 200 on."""
ROUNDED_UP = 1.0
"""N is a whole number, rounded up."""


def z_test_power(n: np.ndarray | float, effect: float = 0.1) -> np.ndarray:
    """Power of a one-sided z test of a mean in SD units at .025."""
    return np.asarray(ndtr(effect * np.sqrt(n) - 1.959963984540054))


@pytest.mark.parametrize(("hits", "total"), [(40, 200), (100, 200), (385, 500)])
def test_the_error_of_a_share_is_the_binomial_one(hits: int, total: int) -> None:
    share, error = proportion(hits, total)
    assert share == hits / total
    assert error == pytest.approx(np.sqrt(share * (1 - share) / total), abs=BINOMIAL)


def test_no_share_is_certain() -> None:
    assert proportion(0, 100).error > 0
    assert proportion(100, 100).error == pytest.approx(proportion(0, 100).error)
    assert np.isnan(proportion(0, 0)).all()


def test_errors_of_mean_and_spread_are_those_found_by_repeating() -> None:
    draws = np.random.default_rng(3).normal(2.0, 3.0, (4000, 50))
    assert mean(draws[0]).error == pytest.approx(np.std(draws.mean(axis=1)), rel=0.25)
    repeated = np.mean([mean(row).error for row in draws])
    assert repeated == pytest.approx(np.std(draws.mean(axis=1)), rel=0.05)
    repeated = np.mean([spread(row).error for row in draws])
    assert repeated == pytest.approx(np.std(np.std(draws, axis=1, ddof=1)), rel=0.05)


def test_too_few_replications_have_no_error() -> None:
    assert np.isnan(mean(np.array([]))).all()
    assert np.isnan(mean(np.array([1.0])).error)
    assert np.isnan(spread(np.array([1.0]))).all()


@pytest.mark.parametrize("target", [0.5, 0.8, 0.9])
def test_interpolation_is_exact_for_a_z_test(target: float) -> None:
    found = crossing(SIZES, z_test_power(SIZES), target)
    assert z_test_power(found) == pytest.approx(target, abs=1e-9)


def test_n_comes_with_its_uncertainty() -> None:
    hits = np.round(z_test_power(SIZES) * 500)
    need = needed_n(SIZES, hits, np.full(4, 500.0), 0.80)
    exact = (0.8416212335729143 + 1.959963984540054) ** 2 / 0.1**2
    assert need.lower is not None
    assert need.upper is not None
    assert need.n is not None
    assert need.lower <= exact <= need.upper
    assert need.n == pytest.approx(exact, rel=0.02)
    wider = needed_n(SIZES, np.round(hits / 10), np.full(4, 50.0), 0.80)
    assert (wider.upper or np.inf) - (wider.lower or 0) > need.upper - need.lower


def test_nothing_is_extrapolated() -> None:
    low = needed_n(SIZES[:2], np.array([20.0, 30.0]), np.full(2, 100.0), 0.80)
    assert (low.n, low.upper, low.at_most) == (None, None, False)
    high = needed_n(SIZES[:2], np.array([95.0, 99.0]), np.full(2, 100.0), 0.80)
    assert (high.n, high.lower, high.at_most) == (200, None, True)


def test_a_single_size_reaches_the_target_or_not() -> None:
    assert needed_n(np.array([300.0]), np.array([99.0]), np.array([100.0]), 0.8).at_most
    assert needed_n(np.array([300.0]), np.array([50.0]), np.array([100.0]), 0.8).n is None


def test_a_target_met_exactly_at_a_size_is_that_size() -> None:
    need = needed_n(SIZES[:2], np.array([50.0, 80.0]), np.full(2, 100.0), 0.80)
    assert need.n == pytest.approx(400, abs=ROUNDED_UP)


@given(st.lists(st.floats(0, 1), min_size=1, max_size=8))
def test_pooling_keeps_the_mean_and_never_falls(values: list[float]) -> None:
    raised = increasing(np.array(values))
    assert np.all(np.diff(raised) >= 0)
    assert raised.mean() == pytest.approx(np.mean(values), abs=1e-12)
    np.testing.assert_allclose(increasing(raised), raised)
