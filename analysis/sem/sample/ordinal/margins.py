"""First step, one variable at a time: thresholds by probit, mean and variance by least squares; scores."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.special import ndtr, ndtri

from analysis.sem.sample.ordinal.bivariate_normal import FARTHEST

Array = NDArray[np.float64]
Codes = NDArray[np.intp]

MAX_ITERATIONS = 100
# Newton steps converge quadratically: after a step this small the error left is of the order of its square.
STEP_TOLERANCE = 1e-8
# P(interval) is floored where a case is all but impossible under the current slopes.
SMALLEST_PROBABILITY = 1e-100


class NoMaximumError(ArithmeticError):
    """The probit likelihood has no maximum: covariates tell some categories apart perfectly."""


@dataclass(frozen=True, slots=True)
class OrdinalMargin:
    """Probit model of one ordered variable with K categories given q covariates, n cases.

    codes: (n,) 0 … K−1 · thresholds: (K−1,) · slopes: (q,) · scores: (n, K−1+q), d log-likelihood of each
    case by the thresholds, then by the slopes.
    """

    codes: Codes
    thresholds: Array
    slopes: Array
    scores: Array

    @property
    def n_categories(self) -> int:
        """K."""
        return len(self.thresholds) + 1

    def limits(self, codes: Codes, shift: Array) -> tuple[Array, Array]:
        """Lower and upper standard-normal limit of category ``codes`` where the latent mean is ``shift``."""
        return interval(self.thresholds, codes, shift)


@dataclass(frozen=True, slots=True)
class ContinuousMargin:
    """Normal linear model of one continuous variable given q covariates, n cases.

    intercept and residual variance (divided by n) · slopes: (q,) · residuals: (n,), raw · scores: (n, 1+q) by
    intercept and slopes · variance_scores: (n,).
    """

    intercept: float
    slopes: Array
    variance: float
    residuals: Array
    scores: Array
    variance_scores: Array


def ordinal_margin(codes: Codes, n_categories: int, x: Array) -> OrdinalMargin:
    """Probit of ``codes`` (n,) on ``x`` (n, q); every category must occur, x be of full rank.

    Raises NoMaximumError.
    """
    counts = np.bincount(codes, minlength=n_categories)
    thresholds = ndtri(np.cumsum(counts[:-1]) / len(codes))
    theta = np.concatenate([thresholds, np.zeros(x.shape[1])])
    if x.shape[1]:
        theta = _maximum(codes, x, theta, n_categories - 1)
    scores = _probit(codes, x, theta, n_categories - 1).scores
    return OrdinalMargin(codes, theta[: n_categories - 1], theta[n_categories - 1 :], scores)


def continuous_margin(y: Array, x: Array) -> ContinuousMargin:
    """Least squares of ``y`` (n,) on ``x`` (n, q), x of full rank and y not constant."""
    design = np.column_stack([np.ones(len(y)), x])
    beta, *_ = np.linalg.lstsq(design, y, rcond=None)
    residuals = y - design @ beta
    variance = float(residuals @ residuals / len(y))
    scores = design * (residuals / variance)[:, None]
    variance_scores = (residuals**2 / variance - 1.0) / (2.0 * variance)
    return ContinuousMargin(
        float(beta[0]), np.asarray(beta[1:], dtype=float), variance, residuals, scores, variance_scores
    )


def interval(thresholds: Array, codes: Codes, shift: Array) -> tuple[Array, Array]:
    """Limits τ_{c−1} − shift and τ_c − shift of category c, ±``FARTHEST`` for the open ends."""
    padded = np.concatenate([[-np.inf], thresholds, [np.inf]])
    lower = np.clip(padded[codes] - shift, -FARTHEST, FARTHEST)
    return lower, np.clip(padded[codes + 1] - shift, -FARTHEST, FARTHEST)


def interval_probability(lower: Array, upper: Array) -> Array:
    """Φ(upper) − Φ(lower), taken in the tail where it keeps its digits."""
    flip = lower > 0.0
    return np.asarray(np.where(flip, ndtr(-lower) - ndtr(-upper), ndtr(upper) - ndtr(lower)))


def normal_density(z: Array) -> Array:
    """Standard normal density, exactly 0 at the open ends, so that products with it cannot underflow."""
    near = np.abs(z) < FARTHEST - 1.0
    return np.asarray(np.where(near, np.exp(-z * z / 2.0) / np.sqrt(2.0 * np.pi), 0.0))


def _maximum(codes: Codes, x: Array, theta: Array, n_thresholds: int) -> Array:
    """Newton's method with step halving; the log-likelihood is concave (Pratt, 1981).

    Raises NoMaximumError where it has no maximum: then steps never shrink, or the curvature vanishes.
    """
    value = _log_likelihood(codes, x, theta, n_thresholds)
    for _ in range(MAX_ITERATIONS):
        at = _probit(codes, x, theta, n_thresholds)
        try:
            step = np.linalg.solve(-at.hessian(), at.scores.sum(axis=0))
        except np.linalg.LinAlgError:
            raise NoMaximumError from None
        for _ in range(30):
            new = _log_likelihood(codes, x, theta + step, n_thresholds)
            if new >= value - 1e-12 * abs(value):
                break
            step = step / 2.0
        theta, value = theta + step, new
        if np.abs(step).max() < STEP_TOLERANCE * max(1.0, float(np.abs(theta).max())):
            return theta
    raise NoMaximumError


def _log_likelihood(codes: Codes, x: Array, theta: Array, n_thresholds: int) -> float:
    if np.any(np.diff(theta[:n_thresholds]) <= 0.0):
        return -np.inf
    lower, upper = interval(theta[:n_thresholds], codes, x @ theta[n_thresholds:])
    return float(np.log(np.maximum(interval_probability(lower, upper), SMALLEST_PROBABILITY)).sum())


@dataclass(frozen=True, slots=True)
class _Probit:
    """Casewise limits (n,), density over probability there, and derivatives of the limits (n, K−1+q)."""

    lower: Array
    upper: Array
    at_lower: Array
    at_upper: Array
    lower_rows: Array
    upper_rows: Array

    @property
    def scores(self) -> Array:
        """(n, K−1+q)."""
        return self.upper_rows * self.at_upper[:, None] - self.lower_rows * self.at_lower[:, None]

    def hessian(self) -> Array:
        """Of the summed log-likelihood, (K−1+q, K−1+q)."""
        scores = self.scores
        return np.asarray(
            -(self.upper_rows * (self.upper * self.at_upper)[:, None]).T @ self.upper_rows
            + (self.lower_rows * (self.lower * self.at_lower)[:, None]).T @ self.lower_rows
            - scores.T @ scores
        )


def _probit(codes: Codes, x: Array, theta: Array, n_thresholds: int) -> _Probit:
    lower, upper = interval(theta[:n_thresholds], codes, x @ theta[n_thresholds:])
    probability = np.maximum(interval_probability(lower, upper), SMALLEST_PROBABILITY)
    steps = np.eye(n_thresholds + 2)
    return _Probit(
        lower,
        upper,
        normal_density(lower) / probability,
        normal_density(upper) / probability,
        np.column_stack([steps[codes, 1:-1], -x]),
        np.column_stack([steps[codes + 1, 1:-1], -x]),
    )
