"""Many small minimisations in step: limited-memory BFGS from one common start and one common curvature.

Coordinates are whitened by the curvature H0 = C C' of the whole sample, phi = C'alpha, in which each draw's
Hessian is near the identity, so that L-BFGS (Nocedal & Wright, 2006, algorithm 7.4) needs few steps and no
line search: a step is halved where the gradient grew. With F / 2 per case, sqrt(n) |gradient| in phi is
the distance that is left in joint standard errors: no parameter is further than that many of its standard
errors from its solution, to first order, by Cauchy and Schwarz.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

__all__ = ["Solved", "minimise"]

Floats = NDArray[np.float64]
Ints = NDArray[np.intp]
# (alpha (b, r), numbers (b,) of the draws) -> gradient (b, r) of F / 2, NaN where it cannot be computed
Gradient: TypeAlias = Callable[[Floats, Ints], Floats]

# Long enough for the few draws that need many steps; the others end before it fills.
MEMORY = 40
MAX_STEPS = 150
# A step is taken back when it makes the gradient longer than this many times.
GROWTH = 2.0
MAX_HALVINGS = 6


@dataclass(frozen=True, slots=True, eq=False)
class Solved:
    """alpha (b, r); left (b,) distance left in standard errors, infinite where given up; steps (b,)."""

    alpha: Floats
    left: Floats
    steps: Ints


class _Memory:
    """Last steps and gradient changes of the draws still running; a pair with rho = 0 is as if absent."""

    def __init__(self) -> None:
        self.pairs: list[tuple[Floats, Floats, Floats]] = []

    def keep(self, which: NDArray[np.bool_]) -> None:
        self.pairs = [(s[which], y[which], r[which]) for s, y, r in self.pairs]

    def add(self, step: Floats, change: Floats, usable: NDArray[np.bool_]) -> None:
        sy = np.einsum("bi,bi->b", step, change)
        good = usable & (sy > 1e-8 * np.einsum("bi,bi->b", step, step))
        rho = np.divide(1.0, sy, out=np.zeros_like(sy), where=good)
        self.pairs = [*self.pairs[-MEMORY + 1 :], (step, np.where(good[:, None], change, 0.0), rho)]

    def direction(self, gradient: Floats) -> Floats:
        z = gradient.copy()
        alphas = []
        for s, y, rho in reversed(self.pairs):
            alphas.append(rho * np.einsum("bi,bi->b", s, z))
            z -= alphas[-1][:, None] * y
        for (s, y, rho), a in zip(self.pairs, reversed(alphas), strict=True):
            z += (a - rho * np.einsum("bi,bi->b", y, z))[:, None] * s
        return -z


def minimise(
    gradient: Gradient, start: Floats, first: Floats, whiten: Floats, scale: Floats, tolerance: float
) -> Solved:
    """Minimise each of b functions from start (b, r), where the gradient is first (b, r).

    whiten: (r, r) inverse of the Cholesky factor C of H0; scale: (b,) square roots of the draws' case
    numbers; tolerance: distance left, in joint standard errors. Gives up on draws silently: see
    `Solved.left`.
    """
    b = len(start)
    alpha, left, steps = start.copy(), np.full(b, np.inf), np.zeros(b, dtype=np.intp)
    active = np.arange(b)
    x = start
    g = first @ whiten.T
    memory, halvings = _Memory(), np.zeros(b, dtype=np.intp)
    d = -g
    with np.errstate(over="ignore", invalid="ignore"):
        for count in range(MAX_STEPS):
            norm = np.sqrt(np.einsum("bi,bi->b", g, g))
            distance = norm * scale[active]
            over = (distance <= tolerance) | ~np.isfinite(distance) | (halvings > MAX_HALVINGS)
            if over.any():
                ended = active[over]
                # The gradient is known here and its step is free, so it is taken: it leaves even less.
                fine = distance[over] <= tolerance
                alpha[ended] = np.where(fine[:, None], x[over] + d[over] @ whiten, x[over])
                left[ended] = np.where(fine, distance[over], np.inf)
                steps[ended] = count
                run = ~over
                active, x, g, d, norm, halvings = (
                    active[run], x[run], g[run], d[run], norm[run], halvings[run],
                )  # fmt: skip
                memory.keep(run)
                if not len(active):
                    break
            trial = x + d @ whiten
            g_trial = gradient(trial, active) @ whiten.T
            size = np.sqrt(np.einsum("bi,bi->b", g_trial, g_trial))
            good = size <= GROWTH * norm
            memory.add(d, g_trial - g, good)
            halvings = np.where(good, 0, halvings + 1)
            if good.all():
                x, g = trial, g_trial
                d = memory.direction(g)
            else:
                x = np.where(good[:, None], trial, x)
                g = np.where(good[:, None], g_trial, g)
                d = np.where(good[:, None], memory.direction(g), 0.5 * d)
    return Solved(alpha, left, steps)
