"""Misfit of ordered variables as maximum likelihood on the polychoric correlations would show it.

Robust CFI and RMSEA after DWLS (Savalei, 2021): the ML discrepancy F of the polychoric correlations R from
the implied ones P at the DWLS estimates, with its bias k = E(N F) − 0 removed,

    k = tr((I − ΔE⁻¹Δ'W)' V (I − ΔE⁻¹Δ'W) Γ),    V = D'(P⁻¹ ⊗ P⁻¹)D / 2,

all about the correlations alone.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from analysis.sem.inference.scaled_shifted import Curvature

__all__ = ["CorrelationFit", "bias", "discrepancy", "null_bias", "null_discrepancy"]

Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True, eq=False)
class CorrelationFit:
    """One group: sample and implied correlations (p, p), and the curvature whose last statistics they are."""

    sample: Floats
    implied: Floats
    curvature: Curvature


def discrepancy(group: CorrelationFit) -> float:
    """log|P| + tr(R P⁻¹) − log|R| − p; both matrices must be positive definite."""
    log_ratio = np.linalg.slogdet(group.implied)[1] - np.linalg.slogdet(group.sample)[1]
    return float(log_ratio + np.trace(np.linalg.solve(group.implied, group.sample)) - len(group.sample))


def null_discrepancy(group: CorrelationFit) -> float:
    """−log|R|: the same with all correlations 0."""
    return -float(np.linalg.slogdet(group.sample)[1])


def bias(groups: Sequence[CorrelationFit], inverse: Floats) -> float:
    """k; ``inverse``: E⁻¹ (q, q) of the whole DWLS fit."""
    deltas, weights, gammas, normals = zip(*(_about_correlations(g) for g in groups), strict=True)
    delta = np.concatenate(deltas)
    residual_maker = np.eye(len(delta)) - delta @ inverse @ (delta * np.concatenate(weights)[:, None]).T
    V, G = _block_diagonal(normals), _block_diagonal(gammas)
    return float(np.sum((residual_maker.T @ V @ residual_maker) * G))


def null_bias(groups: Sequence[CorrelationFit]) -> float:
    """k of the independence model, whose V is the identity."""
    return float(sum(g.curvature.gamma.diagonal()[_correlations(g)].sum() for g in groups))


def _correlations(group: CorrelationFit) -> slice:
    """The statistics that are correlations: the last p(p−1)/2."""
    m, p = len(group.curvature.weight), len(group.sample)
    return slice(m - p * (p - 1) // 2, m)


def _about_correlations(group: CorrelationFit) -> tuple[Floats, Floats, Floats, Floats]:
    """Δ (c, r), f W (c,), Γ / f (c, c) and f V (c, c)."""
    first, second = np.triu_indices(len(group.sample), 1)
    last = _correlations(group)
    c, P = group.curvature, np.linalg.inv(group.implied)
    normal = (
        P[np.ix_(first, first)] * P[np.ix_(second, second)]
        + P[np.ix_(first, second)] * P[np.ix_(second, first)]
    )
    return c.delta[last], c.share * c.weight[last], c.gamma[last, last] / c.share, c.share * normal


def _block_diagonal(blocks: Sequence[Floats]) -> Floats:
    size = sum(len(block) for block in blocks)
    out, start = np.zeros((size, size)), 0
    for block in blocks:
        here = slice(start, start + len(block))
        out[here, here] = block
        start = here.stop
    return out
