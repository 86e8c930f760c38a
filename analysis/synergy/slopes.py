"""Simple slopes and the regions where they differ from 0."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from itertools import permutations

import numpy as np
from scipy.special import ndtri
from scipy.stats import norm

from analysis.synergy.surface import Surface

AT = (-1.0, 0.0, 1.0)
"""Standard deviations of the moderator at which slopes are shown (Aiken & West 1991)."""


@dataclass(frozen=True, slots=True)
class SimpleSlope:
    """The effect of ``predictor`` where ``moderator`` stands ``at`` standard deviations from its mean.

    ``held`` names a third variable of the equation's triple and ``held_at`` where it stands; every other
    variable stands at its mean.
    """

    predictor: str
    moderator: str
    at: float
    held: str
    held_at: float
    slope: float
    se: float
    ci_lower: float
    ci_upper: float
    pvalue: float


class Shape(StrEnum):
    """Where a slope differs from 0."""

    OUTSIDE = "outside the bounds"
    BETWEEN = "between the bounds"
    ABOVE = "above the bound"
    BELOW = "below the bound"
    EVERYWHERE = "everywhere"
    NOWHERE = "nowhere"


@dataclass(frozen=True, slots=True)
class Region:
    """Johnson–Neyman region: values of ``moderator`` at which ``predictor`` has a significant slope.

    ``bounds``: none, one or two standardised values, ascending; ``observed``: smallest and largest
    standardised mean of the moderator's indicators; ``inside``: whether each bound lies in that range.
    """

    predictor: str
    moderator: str
    shape: Shape
    bounds: tuple[float, ...]
    observed: tuple[float, float]

    @property
    def inside(self) -> tuple[bool, ...]:
        """For each bound, whether anybody stands on both sides of it."""
        return tuple(self.observed[0] < bound < self.observed[1] for bound in self.bounds)


def moderations(surface: Surface) -> Iterator[tuple[str, str]]:
    """Every (predictor, moderator) of the products of two different variables."""
    for pair in surface.pairs:
        yield from permutations(pair)


def simple_slopes(surface: Surface, confidence: float, at: Sequence[float] = AT) -> tuple[SimpleSlope, ...]:
    """Slopes of every predictor at values of every moderator, and of the third variable of a triple.

    Estimates are linear in the coefficients, so their errors are exact given the coefficients' covariance.
    """
    reach = float(ndtri((1 + confidence) / 2))
    out = []
    for predictor, moderator in moderations(surface):
        third = _third(surface, predictor, moderator)
        for held_at in at if third else (0.0,):
            for value in at:
                point = {moderator: value} | ({third: held_at} if third else {})
                estimate, se = surface.combine(surface.slope(predictor, point))
                pvalue = float(2 * norm.sf(abs(estimate) / se)) if se > 0 else float("nan")
                low, high = estimate - reach * se, estimate + reach * se
                out.append(
                    SimpleSlope(predictor, moderator, value, third, held_at, estimate, se, low, high, pvalue)
                )
    return tuple(out)


def johnson_neyman(
    surface: Surface, predictor: str, moderator: str, confidence: float, observed: tuple[float, float]
) -> Region:
    """Where the slope of ``predictor`` is significant at 1 − confidence (Johnson & Neyman 1936).

    With slope a + b·m and covariance V the bounds are the roots of (a + b·m)² = z²·Var(a + b·m), a quadratic
    in m (Bauer & Curran 2005, eq. 13). The third variable of a triple stands at its mean.
    """
    base = surface.slope(predictor, {})
    change = surface.slope(predictor, {moderator: 1.0}) - base
    a, b = float(base @ surface.estimates), float(change @ surface.estimates)
    z2 = float(ndtri((1 + confidence) / 2)) ** 2
    v_a, v_b, v_ab = (
        float(x @ surface.covariance @ y) for x, y in ((base, base), (change, change), (base, change))
    )
    shape, bounds = _solve(b * b - z2 * v_b, 2 * (a * b - z2 * v_ab), a * a - z2 * v_a)
    return Region(predictor, moderator, shape, bounds, observed)


def _solve(square: float, linear: float, constant: float) -> tuple[Shape, tuple[float, ...]]:
    """Where square·m² + linear·m + constant > 0."""
    if square == 0.0:
        if linear == 0.0:
            return (Shape.EVERYWHERE if constant > 0 else Shape.NOWHERE), ()
        return (Shape.ABOVE if linear > 0 else Shape.BELOW), (-constant / linear,)
    inside = linear * linear - 4 * square * constant
    if inside <= 0.0:
        return (Shape.EVERYWHERE if square > 0 else Shape.NOWHERE), ()
    # The larger root in size first, the other by their product: no cancellation where square is tiny.
    far = -(linear + float(np.copysign(np.sqrt(inside), linear))) / 2
    roots = sorted((far / square, constant / far))
    return (Shape.OUTSIDE if square > 0 else Shape.BETWEEN), (roots[0], roots[1])


def _third(surface: Surface, predictor: str, moderator: str) -> str:
    for term in surface.terms:
        if len(term) == 3 and {predictor, moderator} < set(term):
            return next((v for v in term if v not in (predictor, moderator)), "")
    return ""
