"""Exact moments of polynomials in independent standard normal variables."""

from __future__ import annotations

from collections import Counter
from math import prod

Polynomial = dict[tuple[int, ...], float]
"""Monomial → coefficient; a monomial lists its variables in order: (0, 0, 2) is z₀²z₂, () is 1."""


def add(left: Polynomial, right: Polynomial, weight: float = 1.0) -> Polynomial:
    """left + weight · right."""
    total = dict(left)
    for monomial, coefficient in right.items():
        total[monomial] = total.get(monomial, 0.0) + weight * coefficient
    return total


def multiply(left: Polynomial, right: Polynomial) -> Polynomial:
    """left · right."""
    total: Polynomial = {}
    for a, x in left.items():
        for b, y in right.items():
            monomial = tuple(sorted(a + b))
            total[monomial] = total.get(monomial, 0.0) + x * y
    return total


def expectation(polynomial: Polynomial) -> float:
    """E of the polynomial: a power k of a standard normal has mean (k − 1)!! when even, 0 when odd."""
    return sum(coefficient * _normal_moment(monomial) for monomial, coefficient in polynomial.items())


def centred(polynomial: Polynomial) -> Polynomial:
    """The polynomial minus its expectation."""
    return add(polynomial, {(): 1.0}, -expectation(polynomial))


def covariance(left: Polynomial, right: Polynomial) -> float:
    """Cov(left, right)."""
    return expectation(multiply(left, right)) - expectation(left) * expectation(right)


def _normal_moment(monomial: tuple[int, ...]) -> float:
    powers = Counter(monomial).values()
    if any(power % 2 for power in powers):
        return 0.0
    return float(prod(prod(range(1, power, 2)) for power in powers))
