"""Factor scores from ordered indicators: the mode of the latent variables' distribution given the answers.

Empirical Bayes modes (Muthen, 1998-2004, appendix 11): with prior eta ~ N(m, V) and indicators that are
independent given eta, minimise (eta - m)' V^-1 (eta - m) / 2 - sum log P(y | eta); an ordered indicator's P
is Phi(u) - Phi(l), u and l the distances of its category's thresholds from its expectation, in residual
standard deviations. The function is convex, and Newton's method takes all cases at once. With continuous
indicators only this is the regression method.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.special import log_ndtr

__all__ = ["Indicators", "bayes_modes"]

Floats = NDArray[np.float64]

MAX_ITERATIONS = 100
# Largest last step, in units of the latent variables.
TOLERANCE = 1e-9
LOG_ROOT = 0.5 * float(np.log(2.0 * np.pi))


@dataclass(frozen=True, slots=True, eq=False)
class Indicators:
    """How p indicators depend on m latent variables.

    loading: (p, m); residual: (p,) standard deviations; intercept: (n, p) or (1, p) expectations at eta = 0.
    lower, upper: (n, p) thresholds round the answer given, equal to each other and to it where the
    indicator is continuous; NaN where it is missing.
    """

    loading: Floats
    residual: Floats
    intercept: Floats
    lower: Floats
    upper: Floats


def bayes_modes(indicators: Indicators, prior_mean: Floats, prior_cov: Floats) -> Floats:
    """Modes (n, m), given prior means (n, m) and covariance matrix (m, m); NaN for cases without any answer.

    Raises numpy.linalg.LinAlgError where the prior is singular.
    """
    precision = np.linalg.inv(prior_cov)
    eta = np.array(np.broadcast_to(prior_mean, (len(indicators.lower), len(precision))))
    slope = indicators.loading / indicators.residual[:, None]
    for _ in range(MAX_ITERATIONS):
        pull, curve = _derivatives(indicators, eta)
        gradient = (eta - prior_mean) @ precision - pull @ slope
        hessian = precision + np.einsum("np,pa,pb->nab", curve, slope, slope, optimize=True)
        step = np.linalg.solve(hessian, gradient[:, :, None])[:, :, 0]
        # Steps are kept within two prior standard deviations: far out the curvature of an answer vanishes.
        longest = np.abs(step / np.sqrt(np.diagonal(prior_cov))).max(axis=1, keepdims=True)
        eta = eta - step / np.maximum(1.0, longest / 2.0)
        if np.abs(step).max(initial=0.0) < TOLERANCE:
            break
    eta[np.isnan(indicators.lower).all(axis=1)] = np.nan
    return eta


def _derivatives(indicators: Indicators, eta: Floats) -> tuple[Floats, Floats]:
    """First and minus second derivatives (n, p) of log P by the standardised expectation, 0 where missing."""
    expected = indicators.intercept + eta @ indicators.loading.T
    lower = (indicators.lower - expected) / indicators.residual
    upper = (indicators.upper - expected) / indicators.residual
    exact = indicators.lower == indicators.upper
    below, above = np.where(exact, 0.0, lower), np.where(exact, 0.0, upper)
    # Where both are positive their mirror images keep the difference of the two tails exact.
    mirrored = below > 0
    low, high = np.where(mirrored, -above, below), np.where(mirrored, -below, above)
    # The density beyond forty standard deviations is zero, and so it may be.
    with np.errstate(under="ignore"):
        log_high = log_ndtr(high)
        log_probability = log_high + np.log1p(-np.exp(np.where(exact, -np.inf, log_ndtr(low) - log_high)))
        d_low, d_high = _density(low, log_probability), _density(high, log_probability)
    first = d_low - d_high
    curve = first**2 + _times(high, d_high) - _times(low, d_low)
    pull = np.where(exact, lower, np.where(mirrored, -first, first))
    curve = np.where(exact, 1.0, curve)
    missing = np.isnan(indicators.lower)
    return np.where(missing, 0.0, pull), np.where(missing, 0.0, np.maximum(curve, 0.0))


def _density(z: Floats, log_probability: Floats) -> Floats:
    """Normal density over the probability, 0 at infinity."""
    finite = np.isfinite(z)
    square = np.where(finite, z, 0.0) ** 2
    return np.exp(np.where(finite, -0.5 * square - LOG_ROOT - log_probability, -np.inf))


def _times(z: Floats, density: Floats) -> Floats:
    return np.where(np.isfinite(z), z, 0.0) * density
