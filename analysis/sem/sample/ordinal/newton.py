"""Many one-parameter likelihood equations at once: Newton's method kept inside a shrinking bracket."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from analysis.sem.sample.ordinal.bivariate_normal import Array

MAX_ITERATIONS = 100
# Convergence is quadratic: the error after a step this small is of the order of its square.
STEP_TOLERANCE = 1e-7


def solve_correlations(
    derivatives: Callable[[Array], tuple[Array, Array]], start: Array, bound: float
) -> Array:
    """Correlations (P,) in ±``bound`` that maximise P log-likelihoods.

    ``derivatives(rho)`` gives their first and second derivatives. The sign of the score tells on which side
    the maximum lies, so a step that leaves the bracket, or goes where the log-likelihood is convex, is
    replaced by the bracket's middle. A likelihood that rises up to the bound ends there.
    """
    lower, upper = np.full(start.shape, -bound), np.full(start.shape, bound)
    rho = np.clip(start, -0.9 * bound, 0.9 * bound)
    moving = np.ones(start.shape, dtype=bool)
    for _ in range(MAX_ITERATIONS):
        score, hessian = derivatives(rho)
        lower = np.where(score > 0.0, rho, lower)
        upper = np.where(score < 0.0, rho, upper)
        concave = hessian < 0.0
        candidate = rho + score / np.where(concave, -hessian, np.inf)
        # A step within the tolerance is taken even out of the bracket: there the score's sign is rounding
        # error.
        small = concave & (np.abs(candidate - rho) < STEP_TOLERANCE)
        inside = concave & (candidate > lower) & (candidate < upper)
        candidate = np.where(inside | small, candidate, (lower + upper) / 2.0)
        moved = np.abs(candidate - rho) >= STEP_TOLERANCE
        rho = np.where(moving, np.clip(candidate, -bound, bound), rho)
        moving &= moved
        if not moving.any():
            break
    return rho
