"""Polyserial correlations (Olsson, Drasgow and Dorans, 1982); scores of pairs with a continuous variable."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy.special import ndtr

from analysis.sem.sample.ordinal.bivariate_normal import FARTHEST, Array
from analysis.sem.sample.ordinal.margins import interval_probability, normal_density
from analysis.sem.sample.ordinal.newton import solve_correlations

BOUND = 0.995
SMALLEST_PROBABILITY = float(np.finfo(float).eps)


@dataclass(frozen=True, slots=True)
class PolyserialScores:
    """Casewise derivatives (n,) of the log-likelihood of one continuous and one ordered variable.

    rho, mean and variance (of the continuous variable) · upper, lower: by the threshold above and below the
    case's category · shift: by the ordered variable's latent mean.
    """

    rho: Array
    mean: Array
    variance: Array
    upper: Array
    lower: Array

    @property
    def shift(self) -> Array:
        """Moving the latent mean up moves both thresholds down."""
        return -(self.upper + self.lower)


@dataclass(frozen=True, slots=True)
class PearsonScores:
    """Casewise derivatives of the log-likelihood of two continuous variables; rho: (n,), the rest (2, n)."""

    rho: Array
    means: Array
    variances: Array


def polyserial(z: Array, lower: Array, upper: Array, start: float) -> float:
    """Correlation of ``z`` (n,), standardised, with categories' limits (n,), margins held."""

    def derivatives(rho: Array) -> tuple[Array, Array]:
        root2 = 1.0 - rho * rho
        root = np.sqrt(root2)
        below, above = _conditional(lower, z, rho, root), _conditional(upper, z, rho, root)
        probability = np.maximum(interval_probability(below, above), SMALLEST_PROBABILITY)
        turn_below, turn_above = lower * rho - z, upper * rho - z
        at_below, at_above = normal_density(below), normal_density(above)
        first = (at_above * turn_above - at_below * turn_below) / (root2 * root)
        second = (
            _turn_slope(at_above, above, turn_above, upper, rho)
            - _turn_slope(at_below, below, turn_below, lower, rho)
        ) / (root2 * root)
        quotient = first / probability
        return np.atleast_1d(quotient.sum()), np.atleast_1d((second / probability - quotient**2).sum())

    return float(solve_correlations(derivatives, np.atleast_1d(start), BOUND)[0])


def _conditional(limit: Array, z: Array, rho: Array, root: Array) -> Array:
    return np.clip((limit - rho * z) / root, -FARTHEST, FARTHEST)


def _turn_slope(at: Array, conditional: Array, turn: Array, limit: Array, rho: Array) -> Array:
    """Derivative by rho of φ(c)·(τρ − z)/(1−ρ²)^{3/2}, times (1−ρ²)^{3/2}, with c the conditional limit."""
    root2 = 1.0 - rho * rho
    slope = turn / (root2 * np.sqrt(root2))
    return at * (-conditional * slope * turn + limit + 3.0 * rho * turn / root2)


def polyserial_scores(z: Array, sd: float, lower: Array, upper: Array, rho: float) -> PolyserialScores:
    """Scores at correlation ``rho``; ``sd`` is the continuous variable's residual standard deviation."""
    root = np.sqrt(1.0 - rho * rho)
    below = np.clip((lower - rho * z) / root, -FARTHEST, FARTHEST)
    above = np.clip((upper - rho * z) / root, -FARTHEST, FARTHEST)
    probability = np.maximum(ndtr(above) - ndtr(below), SMALLEST_PROBABILITY)
    at_below, at_above = normal_density(below) / probability, normal_density(above) / probability
    difference = at_above - at_below
    return PolyserialScores(
        rho=(at_above * (upper * rho - z) - at_below * (lower * rho - z)) / root**3,
        mean=(z + rho / root * difference) / sd,
        variance=(z * z - 1.0 + rho / root * z * difference) / (2.0 * sd * sd),
        upper=at_above / root,
        lower=-at_below / root,
    )


def pearson_scores(z: Array, sd: Array, rho: float) -> PearsonScores:
    """Scores of a pair of continuous variables: ``z`` (2, n) standardised residuals, ``sd`` (2,)."""
    rest = 1.0 - rho * rho
    product = z[0] * z[1]
    squares = z[0] ** 2 - 2.0 * rho * product + z[1] ** 2
    other = z[::-1]
    return PearsonScores(
        rho=(rho + product - squares * rho / rest) / rest,
        means=(z - rho * other) / (sd[:, None] * rest),
        variances=((z * z - rho * product) / rest - 1.0) / (2.0 * sd[:, None] ** 2),
    )
