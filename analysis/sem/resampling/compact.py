"""Implied moments of many parameter vectors at once, on the few columns of B = (I - A)^-1 that are not unit vectors.

Only the variables that predict something (all latent ones; `sources`, s in number) have a column in A, so by
Woodbury's identity B = I + A_s (I - A_ss)^-1 E_s' and

    L = columns s of F B = F_s + A_os W,   W = (I - A_ss)^-1,   R = columns s of F B S = S_os + L S_ss,
    Sigma = S_oo + R L' + L S_so,          T = columns s of F B S B' = R W',
    mu = m_o + L m_s,                      means of the sources = W m_s,

with F B the unit vectors elsewhere. Rows and columns of sources are zero in S_oo, S_os, m_o. A gradient cell
then pairs a column of [I | L] with one of [I | L | T], as `analysis.sem.model.implied` has it for full matrices.
Arrays here carry one leading axis of b draws.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from analysis.sem.model.cells import A as A_CELL
from analysis.sem.model.cells import GroupCells, M, S

# Share of a variance below which a residual variance is too small to divide by.
SMALL_RESIDUAL = 1e-4

__all__ = ["Compact", "Moments", "compact", "gradient", "moments"]

Floats = NDArray[np.float64]
Ints = NDArray[np.intp]


@dataclass(frozen=True, slots=True, eq=False)
class Compact:
    """Places of the cells of one group in a short flat vector [A_os | A_ss | S_oo | S_os | S_ss | m_o | m_s].

    base: (L,) fixed values. fill_to, fill_from: flat places of free cells and the entries of theta they take.
    exo_to with exo_cov (pairs) or exo_mean: places that take sample moments of the draw (fixed.x).
    pair: (k,) flat place of each covariance cell in the (p + s, p + 2s) matrix of products of columns.
    weight: (k,) 2w of `GroupCells`; free: (k,) place in theta. mean_*: the same for the mean structure, where
    mean_u is a place in [dmu | L'dmu] and mean_y one in [means of sources | 1].
    outside_residuals: whether sources covary with other observed variables (S_os is not zero by structure);
    diagonal: whether the others' residuals (S_oo) are uncorrelated by structure.
    depth: longest chain of paths among the sources, -1 where paths form a loop.
    free_means: the cells of m stand for implied means and not for intercepts (see `means`), so that A has no
    part in mu.
    """

    p: int
    s: int
    sources: Ints
    base: Floats
    cuts: tuple[int, ...]
    fill_to: Ints
    fill_from: Ints
    exo_to: Ints
    exo_cov: Ints
    exo_mean_to: Ints
    exo_mean: Ints
    pair: Ints
    weight: Floats
    free: Ints
    mean_u: Ints
    mean_y: Ints
    mean_free: Ints
    outside_residuals: bool
    diagonal: bool
    depth: int
    free_means: bool
    q: int


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
            return np.linalg.inv(self.sigma)
        if (np.abs(self.residual) < SMALL_RESIDUAL * np.diagonal(self.sigma, axis1=1, axis2=2)).any():
            return np.linalg.inv(self.sigma)
        # Woodbury: inverting s rows instead of p.
        weight = 1.0 / self.residual
        WL = weight[:, :, None] * self.L
        core = np.linalg.inv(np.eye(self.R.shape[-1]) + WL.transpose(0, 2, 1) @ self.R)
        out = (weight[:, :, None] * self.R @ -core) @ WL.transpose(0, 2, 1)
        out.reshape(len(out), -1)[:, :: out.shape[-1] + 1] += weight
        return out


def compact(cells: GroupCells, q: int, *, free_means: bool = False) -> Compact:
    """The short form of one group's cells; q: length of theta."""
    p, size = cells.p, cells.size
    A_fixed = cells.base[: size * size].reshape(size, size)
    predicts = (A_fixed != 0.0).any(axis=0)
    predicts[cells.col[cells.kind == A_CELL]] = True
    predicts[p:] = True
    sources = np.flatnonzero(predicts)
    s = len(sources)
    at = np.full(size, -1, dtype=np.intp)
    at[sources] = np.arange(s)
    sizes = [p * s, s * s, p * p, p * s, s * s, p, s]
    cuts = tuple(int(c) for c in np.cumsum(sizes))
    moved = _moved_places(p, size, s, at, np.concatenate([[0], cuts]), free_means)
    base = np.zeros(cuts[-1])
    for old, new in moved:
        base[new] = cells.base[old]
    goes: dict[int, list[int]] = {}
    for old, new in moved:
        goes.setdefault(old, []).append(new)

    def places(flat: Ints, values: Ints) -> tuple[Ints, Ints]:
        found = [(n, i) for i, f in enumerate(flat.tolist()) for n in goes.get(f, ())]
        to = np.array([n for n, _ in found], dtype=np.intp)
        return to, values[np.array([i for _, i in found], dtype=np.intp)]

    fill_to, fill_from = places(cells.scatter_to, cells.free[cells.scatter_from])
    exo_to, exo_cov = places(cells.exo_cov, cells.exo_cov_pairs[:, 0] * p + cells.exo_cov_pairs[:, 1])
    exo_mean_to, exo_mean = places(cells.exo_mean, cells.exo_mean_of)
    column = np.where(at >= 0, p + at, np.arange(size))
    width = p + 2 * s
    moves = np.flatnonzero((cells.kind == A_CELL) | (cells.kind == S))
    second = np.where(cells.kind[moves] == A_CELL, p + s + at[cells.col[moves]], column[cells.col[moves]])
    has_mean = np.flatnonzero((cells.kind == M) | ((cells.kind == A_CELL) & (not free_means)))
    return Compact(
        p=p,
        s=s,
        sources=sources,
        base=base,
        cuts=cuts,
        fill_to=fill_to,
        fill_from=fill_from,
        exo_to=exo_to,
        exo_cov=exo_cov,
        exo_mean_to=exo_mean_to,
        exo_mean=exo_mean,
        pair=column[cells.row[moves]] * width + second,
        weight=2.0 * cells.w[moves],
        free=cells.free[moves],
        mean_u=cells.row[has_mean] if free_means else column[cells.row[has_mean]],
        mean_y=np.where(cells.kind[has_mean] == A_CELL, at[cells.col[has_mean]], s),
        mean_free=cells.free[has_mean],
        outside_residuals=bool(
            (base[cuts[2] : cuts[3]] != 0.0).any()
            or ((fill_to >= cuts[2]) & (fill_to < cuts[3])).any()
            or ((exo_to >= cuts[2]) & (exo_to < cuts[3])).any()
        ),
        diagonal=_is_diagonal(base, np.concatenate([fill_to, exo_to]), cuts, p),
        depth=_depth(base[cuts[0] : cuts[1]], fill_to, cuts, s),
        free_means=free_means,
        q=q,
    )


def _is_diagonal(base: Floats, changing: Ints, cuts: tuple[int, ...], p: int) -> bool:
    own = changing[(changing >= cuts[1]) & (changing < cuts[2])] - cuts[1]
    used = base[cuts[1] : cuts[2]] != 0.0
    used[own] = True
    return not (used.reshape(p, p) & ~np.eye(p, dtype=bool)).any()


def _depth(fixed: Floats, fill_to: Ints, cuts: tuple[int, ...], s: int) -> int:
    paths = (fixed != 0.0).astype(float)
    paths[fill_to[(fill_to >= cuts[0]) & (fill_to < cuts[1])] - cuts[0]] = 1.0
    paths = paths.reshape(s, s)
    reach = np.eye(s)
    for depth in range(s + 1):
        reach = np.minimum(reach @ paths, 1.0)
        if not reach.any():
            return depth
    return -1


def _inverse_of_paths(A: Floats, depth: int) -> Floats:
    """(I - A)^-1 (b, s, s): I + A + A^2 + … where it ends, which is cheaper than inverting."""
    one = np.eye(A.shape[-1])
    if depth < 0:
        return np.linalg.inv(one - A)
    W = np.broadcast_to(one, A.shape)
    for _ in range(depth):
        W = A @ W + one
    return W


def _moved_places(
    p: int, size: int, s: int, at: Ints, starts: Ints, free_means: bool
) -> list[tuple[int, int]]:
    """(place in the flat vector of `GroupCells`, place in the short one), several for one where it is used twice."""
    moved: list[tuple[int, int]] = []
    for i in range(size):
        for j in range(size):
            a_place, s_place = i * size + j, size * size + i * size + j
            if at[j] >= 0:
                if i < p:
                    moved.append((a_place, int(starts[0]) + i * s + int(at[j])))
                if at[i] >= 0:
                    moved.append((a_place, int(starts[1]) + int(at[i]) * s + int(at[j])))
                if at[i] >= 0:
                    moved.append((s_place, int(starts[4]) + int(at[i]) * s + int(at[j])))
                elif i < p:
                    moved.append((s_place, int(starts[3]) + i * s + int(at[j])))
            elif at[i] < 0:
                moved.append((s_place, int(starts[2]) + i * p + j))
        m_place = 2 * size * size + i
        if at[i] < 0 or (free_means and i < p):
            moved.append((m_place, int(starts[5]) + i))
        elif not free_means:
            moved.append((m_place, int(starts[6]) + int(at[i])))
    return moved


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
