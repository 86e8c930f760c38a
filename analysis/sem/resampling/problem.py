"""A model and its units as one batched minimisation, from the whole sample's estimates and curvature."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from analysis.sem.model.cells import Cells
from analysis.sem.resampling.batched_moments import gradient, moments
from analysis.sem.resampling.compact import Compact
from analysis.sem.resampling.means import intercepts_of
from analysis.sem.resampling.quasi_newton import minimise
from analysis.sem.resampling.refit import watch
from analysis.sem.resampling.units import Resampled, Units
from analysis.sem.resampling.values import Watched

__all__ = ["Problem", "Solutions", "curvature", "free_gradient", "solve", "solve_moments", "whitening"]

Floats = NDArray[np.float64]
Ints = NDArray[np.intp]

# Distance that a draw may keep from its exact solution before the last step, in joint standard errors of
# the whole sample; after that step a tenth of it is left. Simulation alone moves a standard error from
# 5,000 draws by 1%. docs/decisions/0003-bootstrap-kernel.md has the effect on intervals.
TOLERANCE = 5e-3
# Step of the differences that give the curvature, in standard errors: error of order 1e-6 of the curvature.
DIFFERENCE = 1e-3
# Least curvature in any direction, of the mean one, where the whole sample's is not positive definite.
LEAST_CURVATURE = 1e-3


@dataclass(frozen=True, slots=True, eq=False)
class Problem:
    """Free rows theta = K alpha + shift (q), reduced parameters alpha (r).

    alpha: (r,) whole-sample solution; whiten: (r, r) inverse of a factor of the curvature there.
    statistic: whether the discrepancy's value is wanted too; watched: moments of the draw to hand on.
    intercepts: the cells of the model where theta here has means in the slots of intercepts (see `means`).
    """

    cells: tuple[Compact, ...]
    units: tuple[Units, ...]
    K: Floats
    shift: Floats
    alpha: Floats
    whiten: Floats
    statistic: bool = False
    watched: tuple[Watched, ...] = ()
    intercepts: Cells | None = None

    def theta(self, alpha: Floats) -> Floats:
        """Free rows (b, q) at alpha (b, r)."""
        return alpha @ self.K.T + self.shift


@dataclass(frozen=True, slots=True, eq=False)
class Solutions:
    """theta (b, q), watched moments (b, w), statistic (b,) and which draws settled (b,)."""

    theta: Floats
    watched: Floats
    statistic: Floats
    settled: NDArray[np.bool_]


def solve(problem: Problem, counts: Sequence[Floats], tolerance: float = TOLERANCE) -> Solutions:
    """Minimise the discrepancy of every draw; counts: (b, units) per group.

    The statistic is the likelihood ratio's where the problem wants it, else NaN. A draw that ends where
    Sigma is not positive definite has not settled.
    """
    return solve_moments(
        problem, [u.resample(c) for u, c in zip(problem.units, counts, strict=True)], tolerance
    )


def solve_moments(
    problem: Problem, resampled: Sequence[Resampled], tolerance: float = TOLERANCE
) -> Solutions:
    """`solve` for draws whose statistics are known, one entry a group."""
    n = np.sum([x.n for x in resampled], axis=0)

    def of(alpha: Floats, draws: Ints) -> Floats:
        now = resampled if len(draws) == len(n) else [x.take(draws) for x in resampled]
        return free_gradient(problem.cells, now, problem.theta(alpha)) @ problem.K

    start = np.repeat(problem.alpha[None], len(n), axis=0)
    alike = not any(len(c.exo_to) or len(c.exo_mean_to) for c in problem.cells)
    first = of(start[:1] if alike else start, np.arange(len(n)))
    solved = minimise(of, start, first, problem.whiten, np.sqrt(n), tolerance)
    settled = solved.left <= tolerance
    theta = problem.theta(np.where(settled[:, None], solved.alpha, problem.alpha))
    statistic = np.zeros(len(n)) if problem.statistic else np.full(len(n), np.nan)
    for cells, x in zip(problem.cells, resampled, strict=True):
        at = moments(cells, theta, x.cov, x.mean)
        settled &= _positive_definite(at.sigma)
        if problem.statistic:
            statistic += x.n * x.discrepancy(at)
    covs, means = [x.cov for x in resampled], [x.mean for x in resampled]
    if problem.intercepts is not None:
        theta = intercepts_of(problem.intercepts, theta, means)
    return Solutions(theta, watch(problem.watched, covs, means), statistic, settled)


def _positive_definite(sigma: Floats) -> NDArray[np.bool_]:
    try:
        np.linalg.cholesky(sigma)
    except np.linalg.LinAlgError:
        return np.asarray(np.linalg.eigvalsh(sigma)[:, 0] > 0.0)
    return np.ones(len(sigma), dtype=bool)


def free_gradient(cells: Sequence[Compact], resampled: Sequence[Resampled], theta: Floats) -> Floats:
    """Gradient (b, q) of F / 2 by the free rows; NaN for draws with singular matrices.

    theta: (b, q), or (1, q) for the same point in all draws, where no moment of the draws is fixed in the
    cells.
    """
    try:
        return _free_gradient(cells, resampled, theta)
    except np.linalg.LinAlgError:
        b = len(resampled[0].n)
        if b == 1:
            return np.full_like(theta, np.nan)
        theta = np.broadcast_to(theta, (b, theta.shape[1]))
        halves = (np.arange(b // 2), np.arange(b // 2, b))
        return np.concatenate(
            [free_gradient(cells, [x.take(h) for x in resampled], theta[h]) for h in halves]
        )


def _free_gradient(cells: Sequence[Compact], resampled: Sequence[Resampled], theta: Floats) -> Floats:
    n = np.sum([x.n for x in resampled], axis=0)
    out = np.zeros((len(n), theta.shape[1]))
    for group, x in zip(cells, resampled, strict=True):
        at = moments(group, theta, x.cov, x.mean)
        dsigma, dmu = x.slope(at)
        part = gradient(group, at, dsigma, dmu)
        out += part if len(cells) == 1 else part * (x.n / n)[:, None]
    return out


def curvature(
    cells: Sequence[Compact], units: Sequence[Units], K: Floats, theta: Floats, scale: Floats
) -> Floats:
    """Hessian (r, r) of F / 2 by alpha in the whole sample, from central differences of the gradient.

    theta: (q,); scale: (r,) rough standard errors of alpha.
    """
    r = K.shape[1]
    whole = [u.resample(np.ones((1, u.size))).take(np.zeros(2 * r, dtype=np.intp)) for u in units]
    step = np.diag(DIFFERENCE * scale)
    points = theta + np.concatenate([step, -step]) @ K.T
    g = free_gradient(cells, whole, points) @ K
    H = (g[:r] - g[r:]) / (2.0 * DIFFERENCE * scale[:, None])
    return np.asarray((H + H.T) / 2.0)


def whitening(H: Floats) -> Floats:
    """Inverse C^-1 (r, r) of a factor H = C C', H raised to positive definite where it is not."""
    d = np.sqrt(np.abs(np.diagonal(H)))
    d = np.where(d > 0.0, d, 1.0)
    values, vectors = np.linalg.eigh(H / np.outer(d, d))
    floor = LEAST_CURVATURE * values.mean()
    return np.asarray((vectors / np.sqrt(np.maximum(values, floor))).T / d)
