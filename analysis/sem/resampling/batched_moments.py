"""Implied moments and gradients of many parameter vectors in the short form.

By Woodbury's identity, with s the sources and o the other observed variables,

    L = columns s of F B = F_s + A_os W,   W = (I - A_ss)^-1,   R = columns s of F B S = S_os + L S_ss,
    Sigma = S_oo + R L' + L S_so,          T = columns s of F B S B' = R W',
    mu = m_o + L m_s,                      means of the sources = W m_s,

with F B the unit vectors elsewhere. A gradient cell then pairs a column of [I | L] with one of [I | L | T],
as `analysis.sem.model.implied` has it for full matrices. Arrays carry one leading axis of b draws.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from analysis.sem.resampling.compact import Compact

__all__ = ["Moments", "gradient", "moments"]

Floats = NDArray[np.float64]

# Share of a variance below which a residual variance is too small to divide by.
SMALL_RESIDUAL = 1e-4


@dataclass(frozen=True, slots=True, eq=False)
class Moments:
    """sigma (b, p, p), mu (b, p), L and T (b, p, s), y (b, s + 1): means of the sources and a one.

    R: (b, p, s); residual: (b, p) where Sigma is diag(residual) + R L', else None.
    """

    sigma: Floats
    mu: Floats
    L: Floats
    T: Floats
    y: Floats
    R: Floats
    residual: Floats | None

    def inverse(self) -> Floats:
        """Sigma^-1 (b, p, p); raises numpy.linalg.LinAlgError where there is none."""
        if self.residual is None or 2 * self.R.shape[-1] > self.R.shape[-2]:
            return np.asarray(np.linalg.inv(self.sigma))
        if (np.abs(self.residual) < SMALL_RESIDUAL * np.diagonal(self.sigma, axis1=1, axis2=2)).any():
            return np.asarray(np.linalg.inv(self.sigma))
        # Woodbury: inverting s rows instead of p.
        weight = 1.0 / self.residual
        WL = weight[:, :, None] * self.L
        core = np.linalg.inv(np.eye(self.R.shape[-1]) + WL.transpose(0, 2, 1) @ self.R)
        out = (weight[:, :, None] * self.R @ -core) @ WL.transpose(0, 2, 1)
        out.reshape(len(out), -1)[:, :: out.shape[-1] + 1] += weight
        return out


def moments(cells: Compact, theta: Floats, cov: Floats, mean: Floats) -> Moments:
    """Implied moments at theta (b, q); cov (b, p, p) and mean (b, p) of the draws feed fixed.x cells.

    Raises numpy.linalg.LinAlgError where a loop of paths has gain exactly one.
    """
    b, p, s, cuts = len(theta), cells.p, cells.s, cells.cuts
    flat = np.empty((b, cuts[-1]))
    flat[:] = cells.base
    flat[:, cells.fill_to] = theta[:, cells.fill_from]
    if len(cells.exo_to):
        flat[:, cells.exo_to] = cov.reshape(b, p * p)[:, cells.exo_cov]
    if len(cells.exo_mean_to):
        flat[:, cells.exo_mean_to] = mean[:, cells.exo_mean]
    A_os = flat[:, : cuts[0]].reshape(b, p, s)
    A_ss = flat[:, cuts[0] : cuts[1]].reshape(b, s, s)
    S_oo = flat[:, cuts[1] : cuts[2]].reshape(b, p, p)
    S_os = flat[:, cuts[2] : cuts[3]].reshape(b, p, s)
    S_ss = flat[:, cuts[3] : cuts[4]].reshape(b, s, s)
    W = _inverse_of_paths(A_ss, cells.depth)
    L = A_os @ W
    observed_sources = cells.sources[cells.sources < p]
    L[:, observed_sources, np.arange(len(observed_sources))] += 1.0
    R = L @ S_ss
    Lt = L.transpose(0, 2, 1)
    if cells.outside_residuals:
        sigma = S_oo + L @ S_os.transpose(0, 2, 1)
        R += S_os
        sigma += R @ Lt
    else:
        sigma = R @ Lt
        sigma += S_oo
    residual = None
    if cells.diagonal and not cells.outside_residuals and not len(observed_sources):
        residual = np.ascontiguousarray(np.diagonal(S_oo, axis1=1, axis2=2))
    m_s = flat[:, cuts[5] :]
    y = np.ones((b, s + 1))
    if cells.free_means:
        return Moments(sigma, flat[:, cuts[4] : cuts[5]], L, R @ W.transpose(0, 2, 1), y, R, residual)
    mu = flat[:, cuts[4] : cuts[5]] + (L @ m_s[:, :, None])[:, :, 0]
    y[:, :s] = (W @ m_s[:, :, None])[:, :, 0]
    return Moments(sigma, mu, L, R @ W.transpose(0, 2, 1), y, R, residual)


def gradient(cells: Compact, at: Moments, dsigma: Floats, dmu: Floats | None) -> Floats:
    """Gradient (b, q) of f where df = tr(dsigma dSigma) + dmu' dmu, dsigma (b, p, p) symmetric."""
    b, p, s = len(dsigma), cells.p, cells.s
    products = np.empty((b, p + s, p + 2 * s))
    products[:, :p, :p] = dsigma
    np.matmul(dsigma, at.L, out=products[:, :p, p : p + s])
    np.matmul(dsigma, at.T, out=products[:, :p, p + s :])
    Lt = at.L.transpose(0, 2, 1)
    products[:, p:, :p] = products[:, :p, p : p + s].transpose(0, 2, 1)
    np.matmul(Lt, products[:, :p, p:], out=products[:, p:, p:])
    out = np.zeros((b, cells.q))
    out[:, cells.free] = products.reshape(b, -1)[:, cells.pair] * cells.weight
    if dmu is not None and len(cells.mean_free):
        h = np.concatenate([dmu, (Lt @ dmu[:, :, None])[:, :, 0]], axis=1)
        out[:, cells.mean_free] += h[:, cells.mean_u] * at.y[:, cells.mean_y]
    return out


def _inverse_of_paths(A: Floats, depth: int) -> Floats:
    """(I - A)^-1 (b, s, s): I + A + A^2 + … where it ends, which is cheaper than inverting."""
    one = np.eye(A.shape[-1])
    if depth < 0:
        return np.asarray(np.linalg.inv(one - A))
    W = np.broadcast_to(one, A.shape)
    for _ in range(depth):
        W = A @ W + one
    return W
