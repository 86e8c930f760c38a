"""Mean and covariance matrix of incomplete rows when nothing restricts them: EM, accelerated.

An EM step for the normal distribution (Dempster, Laird & Rubin, 1977; Little & Rubin, 2002, section 8.2) is a
scaled gradient step on the same discrepancy that full-information estimation minimises:
mu + Sigma g and Sigma - Sigma (dF/dSigma) Sigma - (Sigma g)(Sigma g)', g = -(dF/dmu) / 2. Two of them give
one extrapolation (SQUAREM, Varadhan & Roland, 2008, scheme S3), taken only when the likelihood does not fall.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from analysis.sem.sample.full_information import Discrepancy, discrepancy
from analysis.sem.sample.patterns import Patterns

__all__ = ["Saturated", "saturated_moments"]

Floats = NDArray[np.float64]

# A step below this, in standard deviations, leaves the log-likelihood unchanged to rounding.
TOLERANCE = 1e-9
MAX_CYCLES = 2000


@dataclass(frozen=True, slots=True, eq=False)
class Saturated:
    """cov (p, p), mean (p,), value: the discrepancy there, steps: EM steps taken, converged: they settled."""

    cov: Floats
    mean: Floats
    value: float
    steps: int
    converged: bool


@dataclass(frozen=True, slots=True, eq=False)
class _Point:
    sigma: Floats
    mu: Floats
    at: Discrepancy


def saturated_moments(patterns: Patterns) -> Saturated:
    """Maximum-likelihood mean and covariance matrix from pattern statistics.

    Every variable needs at least two different values. Raises numpy.linalg.LinAlgError where the matrix
    becomes singular on the way (variables that are exact sums of others).
    """
    here = _em(patterns, _start(patterns))
    steps = 1
    if patterns.observed.all():
        return Saturated(here.sigma, here.mu, here.at.value, steps, True)
    for _ in range(MAX_CYCLES):
        one = _em(patterns, here)
        two = _em(patterns, one)
        steps += 2
        if _distance(one, two) < TOLERANCE:
            return Saturated(two.sigma, two.mu, two.at.value, steps, True)
        here = _extrapolated(patterns, here, one, two)
    return Saturated(here.sigma, here.mu, here.at.value, steps, False)


def _start(patterns: Patterns) -> _Point:
    """Means and variances of the available values, no covariances."""
    count = patterns.n @ patterns.observed
    mean = (patterns.n @ patterns.mean) / count
    between = np.where(patterns.observed, patterns.mean - mean, 0.0)
    within = np.diagonal(patterns.cross, axis1=1, axis2=2).sum(axis=0)
    variance = (within + patterns.n @ between**2) / count
    return _point(patterns, np.diag(variance), mean)


def _point(patterns: Patterns, sigma: Floats, mu: Floats) -> _Point:
    return _Point(sigma, mu, discrepancy(patterns, sigma, mu))


def _em(patterns: Patterns, x: _Point) -> _Point:
    step = -0.5 * x.sigma @ x.at.dmu
    sigma = x.sigma - x.sigma @ x.at.dsigma @ x.sigma - np.outer(step, step)
    return _point(patterns, (sigma + sigma.T) / 2.0, x.mu + step)


def _distance(a: _Point, b: _Point) -> float:
    """Largest change in standard deviations (means) and products of them (covariances)."""
    sd = np.sqrt(np.diagonal(b.sigma))
    moved = np.abs(b.sigma - a.sigma) / np.outer(sd, sd)
    return float(max(moved.max(), (np.abs(b.mu - a.mu) / sd).max()))


def _extrapolated(patterns: Patterns, zero: _Point, one: _Point, two: _Point) -> _Point:
    """The squared-extrapolation point, or `two` where that is no better."""
    sd = np.sqrt(np.diagonal(two.sigma))
    scale = np.concatenate([sd, np.outer(sd, sd).ravel()])
    x0, x1, x2 = (np.concatenate([x.mu, x.sigma.ravel()]) / scale for x in (zero, one, two))
    r, v = x1 - x0, (x2 - x1) - (x1 - x0)
    curvature = float(np.linalg.norm(v))
    if curvature == 0.0:
        return two
    length = max(1.0, float(np.linalg.norm(r)) / curvature)
    far = (x0 + 2.0 * length * r + length**2 * v) * scale
    p = len(sd)
    try:
        point = _point(patterns, far[p:].reshape(p, p), far[:p])
    except np.linalg.LinAlgError:
        return two
    return point if point.at.value <= two.at.value else two
