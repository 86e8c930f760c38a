"""Mean and covariance matrix of incomplete rows when nothing restricts them: EM, then Newton's method.

An EM step for the normal distribution (Dempster, Laird & Rubin, 1977; Little & Rubin, 2002, section 8.2) is a
scaled gradient step on the same discrepancy that full-information estimation minimises:
mu + Sigma g and Sigma - Sigma (dF/dSigma) Sigma - (Sigma g)(Sigma g)', g = -(dF/dmu) / 2. Two of them give
one extrapolation (SQUAREM, Varadhan & Roland, 2008, scheme S3), taken only when the likelihood does not fall.
EM's rate is the share of information that is missing, so that with many values missing it hardly moves; the
observed information (Savalei, 2010) ends the search in a handful of steps from where EM has come near.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.linalg import lapack

from analysis.sem.sample.full_information import Discrepancy, discrepancy, moment_slope, observed_information
from analysis.sem.sample.patterns import Patterns, never_together

__all__ = ["Saturated", "saturated_moments"]

Floats = NDArray[np.float64]

# A step below this, in standard deviations, leaves the log-likelihood unchanged to rounding.
TOLERANCE = 1e-9
MAX_CYCLES = 2000
# EM steps below this, in standard deviations, are near enough to try Newton's method; where it fails,
# steps of a fifth of that are, and so on.
NEAR, NEARER = 1e-2, 0.2
NEWTON_STEPS = 30
# Halvings of a Newton step that raises the discrepancy.
HALVINGS = 6
# Moments up to which the information is formed: 60 variables.
NEWTON_SIZE = 1900


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
    steps, p = 1, patterns.observed.shape[1]
    if patterns.observed.all():
        return Saturated(here.sigma, here.mu, here.at.value, steps, True)
    newton = p * (p + 3) // 2 <= NEWTON_SIZE and not never_together(patterns)
    near = NEAR
    for _ in range(MAX_CYCLES):
        one = _em(patterns, here)
        two = _em(patterns, one)
        steps += 2
        distance = _distance(one, two)
        if distance < TOLERANCE:
            return Saturated(two.sigma, two.mu, two.at.value, steps, True)
        if newton and distance < near:
            near = NEARER * distance
            if (end := _newton(patterns, two)) is not None:
                return Saturated(end.sigma, end.mu, end.at.value, steps, True)
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


def _newton(patterns: Patterns, x: _Point) -> _Point | None:
    """The minimum by Newton's method, or None where the way there is not downhill all along."""
    p = len(x.mu)
    j, i = np.triu_indices(p)
    for _ in range(NEWTON_STEPS):
        information = observed_information(patterns, x.sigma, x.mu)
        _, step, not_definite = lapack.dposv(information, -0.5 * moment_slope(x.at))
        if not_definite:
            return None
        change = np.zeros((p, p))
        change[i, j] = change[j, i] = step[p:]
        lower = _downhill(patterns, x, change, step[:p])
        if lower is None:
            return None
        if _distance(x, lower) < TOLERANCE:
            return lower
        x = lower
    return None


def _downhill(patterns: Patterns, x: _Point, sigma: Floats, mu: Floats) -> _Point | None:
    """The first of the step, half of it and so on that does not raise the discrepancy."""
    for halving in range(HALVINGS):
        length = 0.5**halving
        try:
            there = _point(patterns, x.sigma + length * sigma, x.mu + length * mu)
        except np.linalg.LinAlgError:
            continue
        # At the minimum rounding may raise it.
        if there.at.value <= x.at.value + 1e-13 * (1.0 + abs(x.at.value)):
            return there
    return None


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
