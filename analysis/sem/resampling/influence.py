"""Empirical influence of each unit on each value, summed to what the acceleration of BCa needs."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from analysis.sem.errors import DataError
from analysis.sem.resampling.intervals import acceleration
from analysis.sem.resampling.problem import Problem, free_gradient
from analysis.sem.resampling.refit import DrawFailed, Refit, watch
from analysis.sem.threads import one_thread

__all__ = ["accelerations_by_jackknife", "accelerations_by_nudging"]

Floats = NDArray[np.float64]

# Weight added to a unit's 1: small enough that the gradient is linear in it, far above rounding.
NUDGE = 1e-4
BLOCK = 256


def accelerations_by_nudging(problem: Problem, by: Floats) -> Floats:
    """Accelerations (m,) of values with derivatives `by` (m, q + w) by theta and the watched moments, from
    infinitesimal changes of weight.

    To first order a change of the weights moves alpha by -H^-1 times the change of the gradient (the
    infinitesimal jackknife of Jaeckel, 1972; Efron & Tibshirani, 1993, section 22.6).
    """
    q = problem.K.shape[0]
    to_values = -by[:, :q] @ problem.K @ problem.whiten.T @ problem.whiten
    sums = []
    with one_thread(), np.errstate(all="ignore"):
        for g, units in enumerate(problem.units):
            one, two, three = (np.zeros(len(by)) for _ in range(3))
            for start in range(0, units.size, BLOCK):
                slope, moved = _changes(problem, g, start, min(start + BLOCK, units.size))
                U = slope @ to_values.T + moved @ by[:, q:].T
                one += U.sum(axis=0)
                two += (U**2).sum(axis=0)
                three += (U**3).sum(axis=0)
            sums.append((one, two, three))
    one, two, three = (np.stack(x) for x in zip(*sums, strict=True))
    return acceleration((np.array([float(u.size) for u in problem.units]), one, two, three))


def _changes(problem: Problem, group: int, start: int, stop: int) -> tuple[Floats, Floats]:
    """Derivatives of the gradient (units, r) and watched moments (units, w) by the weight of each unit."""
    b = stop - start
    whole = np.zeros(b, dtype=np.intp)
    resampled = [
        units.nudged(start, stop, NUDGE)
        if g == group
        else units.resample(np.ones((1, units.size))).take(whole)
        for g, units in enumerate(problem.units)
    ]
    still = [units.resample(np.ones((1, units.size))) for units in problem.units]
    theta = problem.theta(np.repeat(problem.alpha[None], b, axis=0))
    base = free_gradient(problem.cells, still, theta[:1])
    slope = (free_gradient(problem.cells, resampled, theta) - base) @ problem.K / NUDGE
    now, before = (
        watch(problem.watched, [x.cov for x in xs], [x.mean for x in xs]) for xs in (resampled, still)
    )
    return slope, (now - before) / NUDGE


def accelerations_by_jackknife(
    refit: Refit, sizes: tuple[int, ...], values: Callable[[Floats, Floats], Floats]
) -> Floats:
    """Accelerations (m,) from leaving out each unit (Efron & Tibshirani, 1993, equation 14.15).

    values: free rows (b, q) and watched moments (b, w) to (b, m). Raises DataError where the model cannot
    be fitted without some unit.
    """
    sums = []
    with one_thread(), np.errstate(all="ignore"):
        for g, size in enumerate(sizes):
            theta, watched = np.empty((size, len(refit.theta))), np.empty((size, len(refit.watched)))
            for u in range(size):
                counts = [np.ones(n) for n in sizes]
                counts[g][u] = 0.0
                try:
                    theta[u], watched[u], _ = refit.draw(counts)
                except DrawFailed as failed:
                    raise DataError(
                        f"the acceleration of BCa needs a fit without each case, and one has none: {failed}",
                        place="ci",
                        mend='Use ci="perc".',
                    ) from failed
            U = values(theta, watched)
            U = U.mean(axis=0) - U
            sums.append((U.sum(axis=0), (U**2).sum(axis=0), (U**3).sum(axis=0)))
    one, two, three = (np.stack(x) for x in zip(*sums, strict=True))
    return acceleration((np.array(sizes, dtype=np.float64), one, two, three))
