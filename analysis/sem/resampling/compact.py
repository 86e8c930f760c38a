"""The cells of a group in a short flat vector, for moments of many parameter vectors at once.

Only the variables that predict something (all latent ones; `sources`, s in number) have a column in A, so
that B = (I - A)^-1 differs from the identity in s columns, and few parts of A, S and m matter: see
`batched_moments`. Rows and columns of sources are zero in S_oo, S_os and m_o.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from analysis.sem.model.cells import GroupCells
from analysis.sem.model.rows import A as A_CELL
from analysis.sem.model.rows import M, S

__all__ = ["Compact", "compact"]

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

    fill_to, fill_from = places(cells.scatter_to, cells.scatter_from)
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


def _moved_places(
    p: int, size: int, s: int, at: Ints, starts: Ints, free_means: bool
) -> list[tuple[int, int]]:
    """(place in the flat vector of `GroupCells`, place in the short one), several for one used twice."""
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
