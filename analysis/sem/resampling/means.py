"""Means in place of intercepts where the intercepts leave all means free.

Where every observed variable that is not fixed has an intercept of its own and every other intercept is
fixed, a model says nothing about means: mu can be any vector. Then mu is the better parameter: an
intercept is mu less products of loadings and paths with means, which bends the search the more the further
predictors are from zero.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from analysis.sem.model.cells import Cells, GroupCells
from analysis.sem.model.constraints import Constraints
from analysis.sem.model.rows import M

__all__ = ["has_free_means", "intercepts_of", "means_of"]

Floats = NDArray[np.float64]


def has_free_means(cells: Cells, constraints: Constraints) -> bool:
    """Whether intercepts leave the means of all groups free, and no constraint ties them."""
    if not cells.meanstructure:
        return False
    K = constraints.K
    alone = ((K != 0.0).sum(axis=1) == 1) & (constraints.c == 0.0)
    alone &= (K == 1.0).any(axis=1)
    columns = (K != 0.0).sum(axis=0) == 1
    for group in cells.groups:
        own = group.kind == M
        if set(group.row[own]) != set(range(group.p)) - set(group.exo_mean_of):
            return False
        slots = group.free[own]
        if not alone[slots].all() or not columns[np.argmax(K[slots] != 0.0, axis=1)].all():
            return False
    return True


def intercepts_of(cells: Cells, theta: Floats, exogenous: list[Floats]) -> Floats:
    """theta (b, q) with intercepts in the slots where `theta` has means; exogenous: means (b, p) by group."""
    out = theta.copy()
    for group, mean in zip(cells.groups, exogenous, strict=True):
        own = group.kind == M
        slots, rows = group.free[own], group.row[own]
        A, _, m, _, _ = group.matrices(theta)
        observed = np.empty((len(theta), group.p))
        observed[:, rows] = theta[:, slots]
        observed[:, group.exo_mean_of] = mean[:, group.exo_mean_of]
        every = _all_means(group, A, m, observed)
        out[:, slots] = observed[:, rows] - (A @ every[:, :, None])[:, rows, 0]
    return out


def means_of(cells: Cells, theta: Floats, mu: list[Floats]) -> Floats:
    """theta (q,) with the implied means mu (p,) of each group in the slots of intercepts."""
    out = theta.copy()
    for group, mean in zip(cells.groups, mu, strict=True):
        own = group.kind == M
        out[group.free[own]] = mean[group.row[own]]
    return out


def _all_means(group: GroupCells, A: Floats, m: Floats, observed: Floats) -> Floats:
    """Means (b, v) of all variables: latent = (I - A_ll)^-1 (m_l + A_lo observed)."""
    p = group.p
    right = m[:, p:, None] + A[:, p:, :p] @ observed[:, :, None]
    latent = np.linalg.solve(np.eye(group.size - p) - A[:, p:, p:], right)[:, :, 0]
    return np.concatenate([observed, latent], axis=1)
