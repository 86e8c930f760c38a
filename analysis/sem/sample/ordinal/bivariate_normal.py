"""The bivariate standard normal: density and distribution function, vectorised over points."""

from __future__ import annotations

from functools import cache

import numpy as np
from numpy.typing import NDArray
from scipy.special import log_ndtr, ndtr

Array = NDArray[np.float64]

# Upper ends of |rho| for which Gauss–Legendre with so many nodes is exact to about 1e-15 (Genz, 2004, section
# 2.4).
QUADRATURE = ((0.3, 6), (0.75, 12), (0.925, 20))
NODES_NEAR_ONE = 20
# Points × nodes in one pass stay in the processor's cache.
POINTS_AT_ONCE = 4096
# exp(-600) is about 1e-261: nothing is lost, and no product of it with anything here underflows.
SMALLEST_EXPONENT = -600.0
FARTHEST_RATIO = 34.0
# Points beyond are at Φ(−25) = 3e-138 of the edge; products of two such probabilities are still
# representable.
FARTHEST = 25.0
TWO_PI = 2.0 * np.pi


@cache
def _legendre(n: int) -> tuple[Array, Array]:
    """Nodes and weights on [0, 1]."""
    nodes, weights = np.polynomial.legendre.leggauss(n)
    return (nodes + 1.0) / 2.0, weights / 2.0


def _exp(exponent: Array) -> Array:
    return np.exp(np.maximum(exponent, SMALLEST_EXPONENT))


def density(h: Array, k: Array, rho: Array) -> Array:
    """Density at (h, k), |rho| < 1; arrays of one shape."""
    one_minus = 1.0 - rho * rho
    return np.asarray(
        _exp(-(h * h - 2.0 * rho * h * k + k * k) / (2.0 * one_minus)) / (TWO_PI * np.sqrt(one_minus))
    )


def density_slope(h: Array, k: Array, rho: Array) -> Array:
    """Derivative of the logarithm of the density by rho (Olsson, 1979, eq. 15, in closed form)."""
    one_minus = 1.0 - rho * rho
    return (h * k * one_minus - rho * (h * h - 2.0 * rho * h * k + k * k) + rho * one_minus) / (
        one_minus * one_minus
    )


def association(h: Array, k: Array, rho: Array) -> Array:
    """Φ₂(h, k; ρ) − Φ(h)Φ(k): what correlation adds to the probability of a quadrant.

    ``h``, ``k``, ``rho``: one-dimensional, of one length, |h| and |k| at most ``FARTHEST``, |rho| < 1. The
    integral over the correlation from 0 (Drezner and Wesolowsky, 1990) by Gauss–Legendre in asin ρ, and
    Genz's (2004, eq. 6) expansion from |ρ| = 1 near it. Absolute error about 1e-15.
    """
    out = np.empty(h.shape)
    for start in range(0, len(h), POINTS_AT_ONCE):
        here = slice(start, start + POINTS_AT_ONCE)
        out[here] = _association(h[here], k[here], rho[here])
    return out


def _association(h: Array, k: Array, rho: Array) -> Array:
    out = np.empty(h.shape)
    size = np.abs(rho)
    lower = -1.0
    for upper, nodes in QUADRATURE:
        chosen = np.flatnonzero((size >= lower) & (size < upper))
        out[chosen] = _integral_from_zero(h[chosen], k[chosen], rho[chosen], nodes)
        lower = upper
    chosen = np.flatnonzero(size >= lower)
    near = _upper_quadrant_near_one(-h[chosen], -k[chosen], rho[chosen])
    out[chosen] = near - ndtr(h[chosen]) * ndtr(k[chosen])
    return out


def cdf(h: Array, k: Array, rho: Array) -> Array:
    """P(X ≤ h, Y ≤ k) for standard normal X, Y with correlation ``rho``; shapes as in :func:`association`."""
    return np.asarray(ndtr(h) * ndtr(k) + association(h, k, rho))


def _integral_from_zero(h: Array, k: Array, rho: Array, nodes: int) -> Array:
    position, weight = _legendre(nodes)
    end = np.arcsin(rho)
    sine = np.sin(position[:, None] * end)
    half_squares = (h * h + k * k) / 2.0
    inner = _exp((sine * (h * k) - half_squares) / (1.0 - sine * sine))
    return np.asarray(weight @ inner * end / TWO_PI)


def _upper_quadrant_near_one(h: Array, k: Array, rho: Array) -> Array:
    """P(X > h, Y > k) for |rho| ≥ .925: expansion around |rho| = 1, quadrature of the rest (Genz, 2004)."""
    sign = np.where(rho < 0.0, -1.0, 1.0)
    k = sign * k
    hk = h * k
    a2 = (1.0 - rho) * (1.0 + rho)
    a = np.sqrt(a2)
    b2 = (h - k) ** 2
    b = np.abs(h - k)
    c, d = (4.0 - hk) / 8.0, (12.0 - hk) / 16.0
    series = 1.0 - c * b2 * (1.0 - d * b2 / 5.0) / 3.0
    near = series + c * a2 * (1.0 - d * b2 / 5.0) / 3.0 + c * d * a2 * a2 / 5.0
    head = a * _exp(-(b2 / a2 + hk) / 2.0) * near
    # exp(−hk/2) is large only where b is so large that Φ(−b/a) outweighs it: joined on the log scale.
    log_tail = -hk / 2.0 + log_ndtr(np.maximum(-b / a, -FARTHEST_RATIO))
    tail = _exp(log_tail) * np.sqrt(TWO_PI) * b * series
    position, weight = _legendre(NODES_NEAR_ONE)
    x2 = (a * position[:, None]) ** 2
    root = np.sqrt(1.0 - x2)
    inside = -(b2 / x2 + hk) / 2.0
    exact = _exp(inside - hk * (1.0 - root) / (2.0 * (1.0 + root))) / root
    remainder = weight @ (exact - _exp(inside) * (1.0 + c * x2 * (1.0 + d * x2))) * a
    correction = -(head - tail + remainder) / TWO_PI
    positive = correction + ndtr(-np.maximum(h, k))
    negative = np.maximum(ndtr(k) - ndtr(h), 0.0) - correction
    return np.asarray(np.where(rho > 0.0, positive, negative))
