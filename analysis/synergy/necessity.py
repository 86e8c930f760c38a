"""Necessary condition analysis: the empty corner where a high outcome meets a low condition."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from analysis.unavailable import Unavailable

PERMUTATIONS = 2000
OUTCOME_LEVELS = tuple(range(0, 101, 10))


@dataclass(frozen=True, slots=True, eq=False)
class Ceiling:
    """One ceiling over n points.

    ``effect``: d, the empty zone above the ceiling as a share of the scope (Dul 2016, eq. 1). ``pvalue``:
    how often an outcome exchanged between respondents leaves a zone as large (Dul, van der Laan & Kuik
    2020), never 0. ``accuracy``: share of points on or below the ceiling. ``needed``: level of the condition
    without which each of ``OUTCOME_LEVELS`` was not reached, both in percent of their observed ranges; None
    where none was needed.
    """

    name: str
    effect: float
    pvalue: float
    accuracy: float
    needed: tuple[float | None, ...]


@dataclass(frozen=True, slots=True, eq=False)
class Necessity:
    """How far ``condition`` was necessary for ``outcome`` among n respondents: a description, no test."""

    condition: str
    outcome: str
    n: int
    ceilings: tuple[Ceiling, ...]

    @property
    def frame(self) -> pd.DataFrame:
        """One row a ceiling: ``condition outcome n ceiling effect pvalue accuracy``, ``needed_<percent>``."""
        rows = []
        for c in self.ceilings:
            levels = dict(zip((f"needed_{level}" for level in OUTCOME_LEVELS), c.needed, strict=True))
            rows.append(
                {
                    "condition": self.condition,
                    "outcome": self.outcome,
                    "n": self.n,
                    "ceiling": c.name,
                    "effect": c.effect,
                    "pvalue": c.pvalue,
                    "accuracy": c.accuracy,
                    **levels,
                }
            )
        return pd.DataFrame(rows)


def necessity(
    x: np.ndarray,
    y: np.ndarray,
    rng: np.random.Generator,
    *,
    condition: str,
    outcome: str,
    permutations: int = PERMUTATIONS,
) -> Necessity | Unavailable:
    """Ceilings CE-FDH and CR-FDH of y (n,) over x (n,); rows with a missing value are left out."""
    known = np.isfinite(x) & np.isfinite(y)
    x, y = x[known], y[known]
    if len(x) < 3 or np.ptp(x) == 0 or np.ptp(y) == 0:
        return Unavailable(f"{condition} and {outcome} have no range to look for an empty corner in")
    order = np.argsort(x, kind="stable")
    x, y = x[order], y[order]
    drawn = np.stack([rng.permutation(y) for _ in range(permutations)])
    step, line = _step_effects(x, y[None])[0], _line_effects(x, y[None])[0]
    steps, lines = _step_effects(x, drawn), _line_effects(x, drawn)
    below_step = np.ones(len(x), dtype=bool)  # by construction
    ceilings = [
        Ceiling("CE-FDH", float(step), _share(steps, step), float(below_step.mean()), _needed_by_step(x, y))
    ]
    found = ceiling_line(x, y)
    if found is not None:
        intercept, slope = found
        below = y <= intercept + slope * x + 1e-9 * np.ptp(y)
        needed = _needed_by_line(x, y, intercept, slope)
        ceilings.append(Ceiling("CR-FDH", float(line), _share(lines, line), float(below.mean()), needed))
    return Necessity(condition, outcome, len(x), tuple(ceilings))


def peers(x: np.ndarray, y: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """The points at which the step ceiling rises, by ascending x: coordinates (k,) and (k,).

    x and y: (n,), ascending in x. Of points with the same x only the highest counts.
    """
    starts, top = _tops(x, y[None])
    level = np.maximum.accumulate(top[0])
    rises = np.concatenate([[True], level[1:] > level[:-1]])
    return x[starts][rises], level[rises]


def ceiling_line(x: np.ndarray, y: np.ndarray) -> tuple[float, float] | None:
    """CR-FDH: least squares through the peers (Dul 2016); None where one peer gives no line."""
    px, py = peers(x, y)
    if len(px) < 2:
        return None
    slope = float(np.sum((px - px.mean()) * (py - py.mean())) / np.sum((px - px.mean()) ** 2))
    return float(py.mean() - slope * px.mean()), slope


def _tops(x: np.ndarray, ys: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """First place of each distinct x (k,) and the highest y there, for rows of ys (b, n): (b, k)."""
    starts = np.flatnonzero(np.concatenate([[True], x[1:] > x[:-1]]))
    return starts, np.maximum.reduceat(ys, starts, axis=1)


def _step_effects(x: np.ndarray, ys: np.ndarray) -> np.ndarray:
    """d under the step ceiling for every row of ys (b, n): (b,)."""
    starts, top = _tops(x, ys)
    level = np.maximum.accumulate(top, axis=1)
    highest, scope = ys.max(axis=1), np.ptp(x) * np.ptp(ys, axis=1)
    empty = ((highest[:, None] - level)[:, :-1] * np.diff(x[starts])).sum(axis=1)
    return np.asarray(empty / scope)


def _line_effects(x: np.ndarray, ys: np.ndarray) -> np.ndarray:
    """d under the line through the peers for every row of ys (b, n): (b,); 0 where there is no line."""
    out = np.zeros(len(ys))
    for k, y in enumerate(ys):
        found = ceiling_line(x, y)
        if found is not None:
            out[k] = zone(*found, x[0], x[-1], float(y.min()), float(y.max())) / (np.ptp(x) * np.ptp(y))
    return out


def zone(intercept: float, slope: float, x0: float, x1: float, y0: float, y1: float) -> float:
    """Area above a line inside a rectangle: the trapezium of the line clipped to it."""
    if slope == 0:
        return (x1 - x0) * (y1 - min(max(intercept, y0), y1))
    # Where the clipped line bends: at the corners it leaves through. Between bends it is straight.
    bends = [(level - intercept) / slope for level in (y0, y1)]
    at = np.unique(np.clip(np.array([x0, *bends, x1]), x0, x1))
    gap = y1 - np.clip(intercept + slope * at, y0, y1)
    return float(np.sum((gap[1:] + gap[:-1]) / 2 * np.diff(at)))


def _share(drawn: np.ndarray, found: float) -> float:
    return float((np.sum(drawn >= found - 1e-12) + 1) / (len(drawn) + 1))


def _needed_by_step(x: np.ndarray, y: np.ndarray) -> tuple[float | None, ...]:
    px, py = peers(x, y)
    out: list[float | None] = []
    for level in _levels(y):
        first = px[np.flatnonzero(py >= level - 1e-12 * np.ptp(y))[0]]
        out.append(_percent(float(first), x))
    return tuple(out)


def _needed_by_line(x: np.ndarray, y: np.ndarray, intercept: float, slope: float) -> tuple[float | None, ...]:
    if slope <= 0:
        return tuple(None for _ in OUTCOME_LEVELS)
    return tuple(_percent(float(min((level - intercept) / slope, x[-1])), x) for level in _levels(y))


def _levels(y: np.ndarray) -> Sequence[float]:
    return [float(y.min() + np.ptp(y) * level / 100) for level in OUTCOME_LEVELS]


def _percent(value: float, x: np.ndarray) -> float | None:
    share = 100 * (value - float(x[0])) / float(np.ptp(x))
    return share if share > 0 else None
