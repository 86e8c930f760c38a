"""Minimisation: Fisher scoring with a trust region, Newton near the minimum, SQP for nonlinear constraints.

The trust region is Levenberg-Marquardt's: H + lambda diag(H), with lambda set by how well the quadratic model
foretold the last decrease (Nocedal & Wright, 2006, ch. 4). Convergence is judged by the Newton decrement,
which no rescaling of a variable changes.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy import optimize
from scipy.linalg import lapack

from analysis.sem.estimation.objective import Objective, Point
from analysis.sem.model.constraints import Constraints
from analysis.sem.model.rows import S

__all__ = ["Solution", "minimise", "minimise_near"]

Floats = NDArray[np.float64]

# Half the decrease that a full Newton step still foretells, on the scale of the value: chi-square to 1e-10
# at N = 1000.
TOLERANCE = 1e-13
MAX_ITERATIONS = 300
# Steps of a search that only looks for a lower minimum than the one found.
SECOND_OPINION = 100
# The observed information takes over once scoring foretells less than this.
NEWTON_BELOW = 3e-2
# While each step leaves less than this share of the decrease that the one before foretold, the last observed
# information is near enough.
CHORD_BELOW = 1e-2
CURVED_TOLERANCE = 1e-9
ROUNDING = 1e-14
# Units of variables may differ by many powers of ten, and information by the fourth power of that.
NO_INFORMATION = 1e-50
# Minima whose values differ by less are the same, or lie on one ridge.
SAME_DEPTH = 1e-7


@dataclass(frozen=True, slots=True, eq=False)
class Solution:
    """Where the search ended: point, whether it converged, steps taken, and why it stopped."""

    point: Point
    converged: bool
    iterations: int
    reason: str


def minimise(
    objective: Objective,
    constraints: Constraints,
    start: Floats,
    other_start: Callable[[], Floats] | None = None,
    last_start: Callable[[], Floats] | None = None,
    enough: float = 0.0,
) -> Solution:
    """Minimum of the objective under the constraints, from theta start (q,).

    There may be several minima, so that a short search from `other_start` is made as well, and the lower
    minimum taken, unless the first is below `enough`. Where the first search does not converge or ends with
    negative variances, surfaces often have ridges, and the second search is a quasi-Newton one; `last_start`
    is for what has not converged then.
    """
    first = _feasible(objective, constraints, start)
    found = _search(objective, constraints, first)
    if constraints.curved or objective.cells.q == 0 or not np.isfinite(first.value):
        return found
    proper = found.converged and (other_start is None or not _negative_variance(objective, found.point))
    if proper and found.point.value <= enough:
        return found
    second = first if other_start is None else _feasible(objective, constraints, other_start())
    if proper:
        if np.array_equal(second.theta, first.theta) or not np.isfinite(second.value):
            return found
        return _better(found, _scoring(objective, constraints, second, SECOND_OPINION))
    best = _better(found, _scoring(objective, constraints, _quasi_newton(objective, constraints, second)))
    if found.converged:
        return best
    best = _better(best, _scoring(objective, constraints, _quasi_newton(objective, constraints, found.point)))
    if best.converged or last_start is None:
        return best
    third = _feasible(objective, constraints, last_start())
    return _better(best, _scoring(objective, constraints, third)) if np.isfinite(third.value) else best


def minimise_near(objective: Objective, constraints: Constraints, start: Floats) -> Solution:
    """Minimum by one search from theta start (q,), which is known to lie near: another sample's estimates.

    Where that search does not settle there, the surface falls towards infinite parameters as a rule (few
    cases, many parameters), and what other methods end at is a place along the way.
    """
    return _search(objective, constraints, _feasible(objective, constraints, start))


def _search(objective: Objective, constraints: Constraints, first: Point) -> Solution:
    if not np.isfinite(first.value):
        return Solution(first, False, 0, "no starting value gives a positive definite covariance matrix")
    if objective.cells.q == 0:
        return Solution(first, True, 0, "nothing to estimate")
    if constraints.curved:
        return _curved(objective, constraints, first)
    return _scoring(objective, constraints, first)


def _better(found: Solution, other: Solution) -> Solution:
    """The converged one, or else the lower one; at the same depth the one nearer to where it started."""
    if found.converged != other.converged:
        return found if found.converged else other
    lower = other.point.value < found.point.value - SAME_DEPTH * (1.0 + abs(found.point.value))
    same = abs(other.point.value - found.point.value) <= SAME_DEPTH * (1.0 + abs(found.point.value))
    return other if lower or (same and other.iterations < found.iterations) else found


def _negative_variance(objective: Objective, point: Point) -> bool:
    own = [g.free[(g.kind == S) & (g.row == g.col)] for g in objective.cells.groups]
    return any(bool((point.theta[places] < 0.0).any()) for places in own)


def _feasible(objective: Objective, constraints: Constraints, start: Floats) -> Point:
    """The start, on the linear constraints; covariances and paths halved until the moments exist."""
    theta = constraints.theta(constraints.alpha(start))
    point = objective.at(theta)
    if np.isfinite(point.value):
        return point
    shrink = np.zeros(len(theta), dtype=bool)
    for group in objective.cells.groups:
        shrink[group.free[(group.kind <= 1) & (group.w == 1.0)]] = True
    for _ in range(30):
        theta = constraints.theta(constraints.alpha(np.where(shrink, 0.5 * theta, theta)))
        point = objective.at(theta)
        if np.isfinite(point.value):
            break
    return point


def _scoring(
    objective: Objective, constraints: Constraints, point: Point, limit: int = MAX_ITERATIONS
) -> Solution:
    K, damping = constraints.K, 0.0
    alpha = constraints.alpha(point.theta)
    newton, chord, last = False, False, np.inf
    has_hessian = objective.estimator.hessian is not None
    for iteration in range(limit):
        g = K.T @ objective.gradient(point)
        # Near the minimum the expected information only scales the damping, and the last one will do.
        if not newton:
            H = expected = K.T @ objective.information(point) @ K
        elif not chord:
            H = K.T @ objective.hessian(point) @ K
        step, decrement, damping = _damped(H, expected.diagonal(), g, damping)
        if step is None:
            return Solution(point, False, iteration, "the information matrix is singular or not finite")
        if decrement < TOLERANCE and damping < 1e-3:
            final = objective.at(constraints.theta(alpha + step))
            return Solution(final if final.value <= point.value else point, True, iteration, "converged")
        trial = objective.at(constraints.theta(alpha + step))
        gain = point.value - trial.value
        # Rounding in the value hides decreases that the gradient still sees.
        rounding = abs(gain) <= ROUNDING * (1.0 + abs(point.value)) and decrement < 1e-10
        if gain > 1e-4 * decrement or rounding:
            alpha, point = alpha + step, trial
            ratio = 1.0 if rounding else gain / decrement
            chord = newton and decrement < CHORD_BELOW * last
            newton, last = has_hessian and decrement < NEWTON_BELOW, decrement
            if ratio > 0.75:
                damping = damping / 10.0 if damping > 1e-4 else 0.0
            elif ratio < 0.25:
                damping = max(4.0 * damping, 0.01)
        else:
            damping = max(4.0 * damping, 0.01)
            if damping > 1e12:
                return Solution(point, False, iteration, "no step lowers the discrepancy")
    return Solution(point, False, limit, "the iteration limit was reached")


def _damped(H: Floats, spread: Floats, g: Floats, damping: float) -> tuple[Floats | None, float, float]:
    """Step -(H + lambda D)^-1 g, the decrease it foretells, and lambda raised until that is solvable.

    D is the diagonal of the expected information, so that nothing depends on the scale of a variable.
    """
    if not len(g):
        return g, 0.0, damping
    top = float(spread.max()) or 1.0
    scale = 1.0 / np.sqrt(np.where(spread > NO_INFORMATION * top, spread, top))
    scaled, gradient = H * scale * scale[:, None], g * scale
    if not (np.isfinite(scaled).all() and np.isfinite(gradient).all()):
        return None, 0.0, damping
    for _ in range(40):
        _, step, not_definite = lapack.dposv(scaled + damping * np.eye(len(g)), -gradient)
        if not_definite:
            damping = max(4.0 * damping, 1e-6)
            continue
        foretold = float(-(gradient @ step) - 0.5 * step @ scaled @ step)
        return step * scale, foretold, damping
    return None, 0.0, damping


def _quasi_newton(objective: Objective, constraints: Constraints, point: Point) -> Point:
    """BFGS on parameters scaled by their information, for surfaces where scoring stalls."""
    K = constraints.K
    spread = (K.T @ objective.information(point) @ K).diagonal()
    top = float(spread.max(initial=0.0)) or 1.0
    scale = 1.0 / np.sqrt(np.where(spread > NO_INFORMATION * top, spread, top))

    def both(x: Floats) -> tuple[float, Floats]:
        at = objective.at(constraints.theta(x * scale))
        if not np.isfinite(at.value):
            return 1e10, np.zeros_like(x)
        return at.value, scale * (K.T @ objective.gradient(at))

    start = constraints.alpha(point.theta) / scale
    with np.errstate(all="ignore"):
        found = optimize.minimize(
            both, start, jac=True, method="BFGS", options={"gtol": 1e-7, "maxiter": 200 + 20 * len(start)}
        )
    end = objective.at(constraints.theta(np.asarray(found.x) * scale))
    return end if end.value < point.value else point


def _curved(objective: Objective, constraints: Constraints, point: Point) -> Solution:
    """Sequential quadratic programming with an l1 merit function (Nocedal & Wright, 2006, ch. 18)."""
    K = constraints.K
    alpha = constraints.alpha(point.theta)
    penalty, r = 1.0, K.shape[1]
    for iteration in range(MAX_ITERATIONS):
        h, jac = constraints.curved_at(point.theta)
        J = jac @ K
        g = K.T @ objective.gradient(point)
        H = K.T @ objective.information(point) @ K
        system = np.block([[H, J.T], [J, np.zeros((len(h), len(h)))]])
        solution = np.linalg.lstsq(system, np.concatenate([-g, -h]), rcond=None)[0]
        step, multipliers = solution[:r], solution[r:]
        penalty = max(penalty, 2.0 * float(np.abs(multipliers).max(initial=0.0)))
        decrease = float(-(g @ step)) + penalty * float(np.abs(h).sum())
        if np.abs(h).max(initial=0.0) < CURVED_TOLERANCE and 0.5 * float(step @ H @ step) < TOLERANCE:
            return Solution(point, True, iteration, "converged")
        merit = point.value + penalty * float(np.abs(h).sum())
        length = 1.0
        for _ in range(40):
            trial = objective.at(constraints.theta(alpha + length * step))
            if np.isfinite(trial.value):
                new_h, _ = constraints.curved_at(trial.theta)
                lower = merit - trial.value - penalty * float(np.abs(new_h).sum())
                if lower >= 1e-4 * length * decrease - 1e-15:
                    break
            length *= 0.5
        else:
            return Solution(point, False, iteration, "no step lowers the discrepancy under the constraints")
        alpha, point = alpha + length * step, trial
    return Solution(point, False, MAX_ITERATIONS, "the iteration limit was reached")
