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
    """Probit of ``codes`` (n,) on ``x`` (n, q); every category must occur, x be of full rank."""
    counts = np.bincount(codes, minlength=n_categories)
    thresholds = ndtri(np.cumsum(counts[:-1]) / len(codes))
    theta = np.concatenate([thresholds, np.zeros(x.shape[1])])
    if x.shape[1]:
        theta = _probit(codes, x, theta, n_categories - 1)
    gradient, _ = _probit_derivatives(codes, x, theta, n_categories - 1)
    return OrdinalMargin(codes, theta[: n_categories - 1], theta[n_categories - 1 :], gradient)


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


def _probit(codes: Codes, x: Array, theta: Array, n_thresholds: int) -> Array:
    """Newton's method with step halving; the log-likelihood is concave (Pratt, 1981)."""
    value = _log_likelihood(codes, x, theta, n_thresholds)
    for _ in range(MAX_ITERATIONS):
        scores, hessian = _probit_derivatives(codes, x, theta, n_thresholds)
        step = np.linalg.solve(-hessian, scores.sum(axis=0))
        for _ in range(30):
            new = _log_likelihood(codes, x, theta + step, n_thresholds)
            if new >= value - 1e-12 * abs(value):
                break
            step = step / 2.0
        theta, value = theta + step, new
        if np.abs(step).max() < STEP_TOLERANCE:
            break
    return theta


def _log_likelihood(codes: Codes, x: Array, theta: Array, n_thresholds: int) -> float:
    if np.any(np.diff(theta[:n_thresholds]) <= 0.0):
        return -np.inf
    lower, upper = interval(theta[:n_thresholds], codes, x @ theta[n_thresholds:])
    return float(np.log(np.maximum(interval_probability(lower, upper), SMALLEST_PROBABILITY)).sum())


def _probit_derivatives(codes: Codes, x: Array, theta: Array, n_thresholds: int) -> tuple[Array, Array]:
    """Casewise scores (n, K−1+q) and the summed Hessian."""
    n = len(codes)
    lower, upper = interval(theta[:n_thresholds], codes, x @ theta[n_thresholds:])
    probability = np.maximum(interval_probability(lower, upper), SMALLEST_PROBABILITY)
    at_upper, at_lower = normal_density(upper) / probability, normal_density(lower) / probability
    upper_design = np.zeros((n, n_thresholds + 2))
    upper_design[np.arange(n), codes + 1] = 1.0
    lower_design = np.zeros((n, n_thresholds + 2))
    lower_design[np.arange(n), codes] = 1.0
    upper_rows = np.column_stack([upper_design[:, 1:-1], -x])
    lower_rows = np.column_stack([lower_design[:, 1:-1], -x])
    scores = upper_rows * at_upper[:, None] - lower_rows * at_lower[:, None]
    hessian = (
        -(upper_rows * (upper * at_upper)[:, None]).T @ upper_rows
        + (lower_rows * (lower * at_lower)[:, None]).T @ lower_rows
        - scores.T @ scores
    )
    return scores, hessian
