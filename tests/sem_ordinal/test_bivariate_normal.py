"""The bivariate normal against closed forms, symmetries and an independent quadrature."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.integrate import quad
from scipy.special import ndtr

from analysis.sem.sample.ordinal.bivariate_normal import (
    FARTHEST,
    association,
    cdf,
    density,
    density_slope,
)

# Gauss–Legendre with these nodes is exact to 1e-15; sums of a few such terms stay below this.
TOLERANCE = 1e-13
# Adaptive quadrature of the conditional distribution, the reference, is asked for 1e-13.
QUADRATURE_TOLERANCE = 1e-11
CORRELATIONS = [-0.9999, -0.99, -0.93, -0.92, -0.7, -0.3, 0.0, 0.1, 0.31, 0.76, 0.924, 0.926, 0.97, 0.999]
# Rounded: squares of numbers below 1e-154 underflow, and no threshold or correlation is such a number.
point = st.floats(-6, 6).map(lambda value: round(value, 6))
correlation = st.floats(-0.9999, 0.9999).map(lambda value: round(value, 6))


def one(function, h, k, rho):
    with np.errstate(all="raise"):
        return float(function(np.array([h]), np.array([k]), np.array([rho]))[0])


@pytest.mark.parametrize("rho", CORRELATIONS)
def test_quadrant_at_zero_is_an_arcsine(rho):
    assert one(cdf, 0.0, 0.0, rho) == pytest.approx(0.25 + np.arcsin(rho) / (2 * np.pi), abs=TOLERANCE)


@pytest.mark.parametrize("rho", CORRELATIONS)
@pytest.mark.parametrize(("h", "k"), [(0.3, -1.2), (-2.0, -2.1), (1.5, 1.4), (-0.5, 2.5)])
def test_agrees_with_quadrature_of_the_conditional_distribution(h, k, rho):
    root = np.sqrt((1 - rho) * (1 + rho))

    def inner(x):
        return np.exp(-x * x / 2) / np.sqrt(2 * np.pi) * ndtr((k - rho * x) / root)

    edge = np.clip(k / rho if rho else 0.0, -9.0, h)
    expected = sum(
        quad(inner, a, b, epsabs=1e-13, limit=400)[0]
        for a, b in zip(*(lambda s: (s[:-1], s[1:]))(sorted({-9.0, edge, h})), strict=True)
    )
    assert one(cdf, h, k, rho) == pytest.approx(expected, abs=QUADRATURE_TOLERANCE)


@given(point, point, correlation)
def test_symmetry_and_reflection(h, k, rho):
    assert one(cdf, h, k, rho) == pytest.approx(one(cdf, k, h, rho), abs=TOLERANCE)
    assert one(cdf, h, k, rho) + one(cdf, h, -k, -rho) == pytest.approx(ndtr(h), abs=TOLERANCE)


@given(point, point, st.floats(-0.95, 0.95).map(lambda value: round(value, 6)))
def test_grows_with_the_correlation_at_the_rate_of_the_density(h, k, rho):
    step = 1e-4
    change = one(association, h, k, rho + step) - one(association, h, k, rho - step)
    # Central differences: error of the order of step² times the third derivative, at most about 1e6 here.
    assert change / (2 * step) == pytest.approx(one(density, h, k, rho), rel=1e-2, abs=2e-3)
    assert change >= -TOLERANCE


def test_density_slope_is_the_derivative_of_its_logarithm():
    h, k, rho = np.array([0.4, -1.0, 2.0]), np.array([-0.3, -0.7, 1.0]), np.array([0.5, -0.8, 0.2])
    step = 1e-6
    difference = np.log(density(h, k, rho + step)) - np.log(density(h, k, rho - step))
    np.testing.assert_allclose(density_slope(h, k, rho), difference / (2 * step), rtol=1e-7)


@pytest.mark.parametrize("rho", [-0.99, -0.5, 0.5, 0.99])
def test_the_far_corners_raise_no_floating_point_error(rho):
    ends = [-FARTHEST, 0.0, FARTHEST]
    for h in ends:
        for k in ends:
            assert one(cdf, h, k, rho) + TOLERANCE >= 0.0
