"""Full-information likelihood of incomplete rows: value, derivatives and information at (Sigma, mu).

With G_m the inverse of the observed part of Sigma in pattern m, padded with zeros, d_m the distance of the
pattern's mean from mu and W_m its cross-products divided by n_m,

    N F = sum n_m (log|Sigma_m| + tr G_m (W_m + d_m d_m'))        (Finkbeiner, 1979; Arbuckle, 1996).

All patterns with the same number of missing values are handled at once, by deleting the missing rows from
the inverse of the full matrix: G_m = P - P_:r P_rr^-1 P_r:, P = Sigma^-1.

Moments are stacked as (mu, vech Sigma), vech by rows of the lower triangle.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from analysis.sem.sample.patterns import Patterns, group_rows

__all__ = [
    "Discrepancy",
    "discrepancy",
    "expected_information",
    "log_likelihood",
    "moment_slope",
    "observed_information",
    "scores",
]

Floats = NDArray[np.float64]
Ints = NDArray[np.intp]

# Padded inverses are made for at most this many numbers at a time: 16 MB, whatever the number of patterns.
CHUNK = 2**21


@dataclass(frozen=True, slots=True, eq=False)
class Discrepancy:
    """F = sum n_m (log|Sigma_m| + tr G_m (W_m + d_m d_m')) / N and its derivatives.

    value: -2 log-likelihood / N without the constant k log 2 pi. dsigma: (p, p) with dF = tr(dsigma dSigma);
    dmu: (p,).
    """

    value: float
    dsigma: Floats
    dmu: Floats


@dataclass(frozen=True, slots=True, eq=False)
class _Chunk:
    """Patterns first ... last - 1: G (m, p, p), logdet (m,), n (m,), d (m, p), g = G d (m, p).

    within: the patterns with cross-products W (r, p, p), as places in the chunk.
    """

    G: Floats
    logdet: Floats
    n: Floats
    g: Floats
    d: Floats
    within: Ints
    W: Floats


def discrepancy(patterns: Patterns, sigma: Floats, mu: Floats) -> Discrepancy:
    """Value and derivatives at sigma (p, p), mu (p,).

    Raises numpy.linalg.LinAlgError where sigma is not positive definite.
    """
    p = len(mu)
    value, dsigma, dmu = 0.0, np.zeros((p, p)), np.zeros(p)
    for c in _chunks(patterns, sigma, mu):
        GW = c.G[c.within] @ c.W
        ng = c.n[:, None] * c.g
        value += float(c.n @ c.logdet + np.sum(ng * c.d) + np.trace(GW, axis1=1, axis2=2).sum())
        dsigma += np.tensordot(c.n, c.G, 1) - c.g.T @ ng - (GW @ c.G[c.within]).sum(axis=0)
        dmu -= 2.0 * ng.sum(axis=0)
    N = patterns.total
    return Discrepancy(value / N, dsigma / N, dmu / N)


def moment_slope(at: Discrepancy) -> Floats:
    """Derivatives of F by (mu, vech Sigma): (p + p*,)."""
    lower = _triangle(len(at.dmu))
    return np.concatenate([at.dmu, 2.0 * lower.half * at.dsigma[lower.i, lower.j]])


def log_likelihood(patterns: Patterns, value: float) -> float:
    """Log-likelihood of the rows where the discrepancy is `value`."""
    return -0.5 * (patterns.total * value + patterns.n_values * float(np.log(2.0 * np.pi)))


def expected_information(patterns: Patterns, sigma: Floats, mu: Floats) -> Floats:
    """Information per row about (mu, vech Sigma), missing completely at random: (p + p*, p + p*).

    sum n_m [G_m, 0; 0, D'(G_m x G_m)D / 2] / N.
    """
    p = len(mu)
    lower = _triangle(p)
    products = np.zeros((len(lower.i), len(lower.i)))
    means = np.zeros((p, p))
    for c in _chunks(patterns, sigma, mu):
        v = c.G[:, lower.i, lower.j]
        products += v.T @ (c.n[:, None] * v)
        means += np.tensordot(c.n, c.G, 1)
    return _assemble(means, np.zeros((len(lower.i), p)), products, lower) / patterns.total


def observed_information(patterns: Patterns, sigma: Floats, mu: Floats) -> Floats:
    """Minus the second derivatives of the log-likelihood in (mu, vech Sigma), per row: (p + p*, p + p*).

    sum n_m [G_m, .; D'(g_m x G_m), D'(G_m x A_m)D / 2] / N with A_m = 2 G_m (W_m + d_m d_m') G_m - G_m
    (Savalei, 2010, appendix; Yuan & Bentler, 2000).
    """
    p = len(mu)
    lower = _triangle(p)
    products = np.zeros((len(lower.i), len(lower.i)))
    means, mixed = np.zeros((p, p)), np.zeros((len(lower.i), p))
    for c in _chunks(patterns, sigma, mu):
        nA = c.n[:, None, None] * (2.0 * c.g[:, :, None] * c.g[:, None, :] - c.G)
        Gr = c.G[c.within]
        nA[c.within] += 2.0 * Gr @ c.W @ Gr
        v = c.G[:, lower.i, lower.j]
        products += v.T @ nA[:, lower.i, lower.j]
        mixed += v.T @ (c.n[:, None] * c.g)
        means += np.tensordot(c.n, c.G, 1)
    return _assemble(means, mixed, (products + products.T) / 2.0, lower) / patterns.total


def scores(values: Floats, sigma: Floats, mu: Floats) -> Floats:
    """Casewise derivatives of the log-likelihood in (mu, vech Sigma): (n, p + p*) for rows (n, p)."""
    n, p = values.shape
    lower = _triangle(p)
    observed, of_row = group_rows(values)
    G, _ = _padded_inverses(sigma, observed)
    d = np.where(np.isnan(values), 0.0, values - mu)
    out = np.empty((n, p + len(lower.i)))
    step = max(1, CHUNK // (p * p))
    for first in range(0, n, step):
        own = slice(first, first + step)
        out[own, :p] = (G[of_row[own]] @ d[own, :, None])[:, :, 0]
    g = out[:, :p]
    out[:, p:] = (g[:, lower.i] * g[:, lower.j] - G[:, lower.i, lower.j][of_row]) * lower.half
    return out


def _chunks(patterns: Patterns, sigma: Floats, mu: Floats) -> Iterator[_Chunk]:
    step = max(1, CHUNK // sigma.size)
    for first in range(0, len(patterns.n), step):
        own = slice(first, min(first + step, len(patterns.n)))
        G, logdet = _padded_inverses(sigma, patterns.observed[own])
        d = np.where(patterns.observed[own], patterns.mean[own] - mu, 0.0)
        low, high = np.searchsorted(patterns.repeated, (own.start, own.stop))
        yield _Chunk(
            G=G,
            logdet=logdet,
            n=patterns.n[own],
            g=(G @ d[:, :, None])[:, :, 0],
            d=d,
            within=patterns.repeated[low:high] - first,
            W=patterns.cross[low:high],
        )


def _padded_inverses(sigma: Floats, observed: NDArray[np.bool_]) -> tuple[Floats, Floats]:
    """Inverses (m, p, p) of the observed parts of sigma, 0 where missing, and their log determinants (m,)."""
    p = len(sigma)
    factor = np.linalg.cholesky(sigma)
    P = np.linalg.inv(sigma)
    P = (P + P.T) / 2.0
    full = 2.0 * float(np.log(np.diagonal(factor)).sum())
    m = len(observed)
    G = np.empty((m, p, p))
    logdet = np.empty(m)
    missing = p - observed.sum(axis=1)
    for r in np.unique(missing):
        of_r = np.flatnonzero(missing == r)
        if r == 0:
            G[of_r], logdet[of_r] = P, full
        elif r <= p // 2:
            gone = np.nonzero(~observed[of_r])[1].reshape(-1, r)
            Prr = P[gone[:, :, None], gone[:, None, :]]
            Lr = np.linalg.cholesky(Prr)
            half = np.linalg.solve(Lr, P[gone])
            down = P - np.swapaxes(half, 1, 2) @ half
            # The deleted rows are zero in exact arithmetic; rounding must not leak into sums over patterns.
            keep = observed[of_r].astype(float)
            G[of_r] = down * keep[:, :, None] * keep[:, None, :]
            logdet[of_r] = full + 2.0 * np.log(np.diagonal(Lr, axis1=1, axis2=2)).sum(axis=1)
        else:
            kept = np.nonzero(observed[of_r])[1].reshape(-1, p - r)
            part = sigma[kept[:, :, None], kept[:, None, :]]
            G[of_r] = 0.0
            G[of_r[:, None, None], kept[:, :, None], kept[:, None, :]] = np.linalg.inv(part)
            logdet[of_r] = np.linalg.slogdet(part)[1]
    return G, logdet


@dataclass(frozen=True, slots=True, eq=False)
class _Triangle:
    """Rows i and columns j of vech, `half` = 1/2 on the diagonal, and the place of each (i, j) in vech."""

    i: Ints
    j: Ints
    half: Floats
    place: Ints


@lru_cache(maxsize=8)
def _triangle(p: int) -> _Triangle:
    # lavaan's vech goes down the columns of the lower triangle, which is along the rows of the upper one.
    j, i = np.triu_indices(p)
    place = np.empty((p, p), dtype=np.intp)
    place[i, j] = place[j, i] = np.arange(len(i))
    return _Triangle(i, j, np.where(i == j, 0.5, 1.0), place)


def _assemble(means: Floats, mixed: Floats, products: Floats, lower: _Triangle) -> Floats:
    """Information from sums over patterns of n G (p, p), vech(G) g' (p*, p) and vech(G) vech(A)' (p*, p*).

    D'(G x A)D / 2 at (ij, kl) is h_ij h_kl (s_ik,jl + s_il,jk), s the symmetrised products, h = 1/2 on
    diagonals; D'(g x G) at (ij, k) is h_ij (g_i G_jk + g_j G_ik).
    """
    p = len(means)
    i, j, place = lower.i, lower.j, lower.place
    out = np.empty((p + len(i), p + len(i)))
    out[:p, :p] = means
    k = np.arange(p)
    slope = mixed[place[j[:, None], k], i[:, None]] + mixed[place[i[:, None], k], j[:, None]]
    out[p:, :p] = lower.half[:, None] * slope
    out[:p, p:] = out[p:, :p].T
    flat, size = products.ravel(), len(i)
    curve = flat.take(place[i[:, None], i] * size + place[j[:, None], j])
    curve += flat.take(place[i[:, None], j] * size + place[j[:, None], i])
    curve *= lower.half[:, None]
    curve *= lower.half
    out[p:, p:] = curve
    return out
