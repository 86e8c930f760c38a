"""Robust errors and mean-and-variance-adjusted tests of weighted least squares, from Δ, W and Γ of each
group.

With f_g = n_g/N, E = Σ f_g Δ'WΔ, Q = Σ f_g Δ'WΓWΔ, V = diag(f_g W_g) and U = V − VΔE⁻¹Δ'V (Satorra & Bentler,
1994), where E⁻¹ stands for K(K'EK)⁻¹K' when constraints leave only the directions K:

    tr UΓ = Σ tr WΓ − tr E⁻¹Q,      tr (UΓ)² = Σ tr (WΓ)² − 2 tr E⁻¹ Σ f_g Δ'WΓWΓWΔ + tr (E⁻¹Q)².
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

__all__ = [
    "Curvature",
    "ScaledShifted",
    "Traces",
    "baseline_traces",
    "difference_traces",
    "information",
    "meat",
    "scaled_shifted",
    "traces",
]

Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True, eq=False)
class Curvature:
    """One group: share n_g/N · weight: (m,) diagonal of W · gamma: (m, m) · delta: (m, q)."""

    share: float
    weight: Floats
    gamma: Floats
    delta: Floats


@dataclass(frozen=True, slots=True)
class Traces:
    """tr UΓ and tr (UΓ)²."""

    first: float
    second: float


@dataclass(frozen=True, slots=True)
class ScaledShifted:
    """statistic = chisq / scaling + shift, a chi-square on df (Asparouhov & Muthén, 2010)."""

    statistic: float
    df: int
    scaling: float
    shift: float

    @property
    def mean_scaling(self) -> float:
        """E(chisq)/df that scaling and shift together undo: the factor behind robust CFI and RMSEA."""
        return self.scaling * (self.df - self.shift) / self.df


def information(groups: Sequence[Curvature]) -> Floats:
    """E (q, q)."""
    return np.asarray(sum(g.share * (g.weight[:, None] * g.delta).T @ g.delta for g in groups))


def meat(groups: Sequence[Curvature]) -> Floats:
    """Q (q, q); E⁻¹QE⁻¹/(N − G) is the robust covariance matrix of the parameters."""
    out = []
    for g in groups:
        weighted = g.weight[:, None] * g.delta
        out.append(g.share * weighted.T @ g.gamma @ weighted)
    return np.asarray(sum(out))


def traces(groups: Sequence[Curvature], inverse: Floats) -> Traces:
    """Traces for the model's test; ``inverse``: E⁻¹ (q, q)."""
    first = second = 0.0
    Q, R = np.zeros_like(inverse), np.zeros_like(inverse)
    for g in groups:
        WG = g.weight[:, None] * g.gamma
        weighted = g.weight[:, None] * g.delta
        first += float(np.trace(WG))
        second += float(np.sum(WG * WG.T))
        by_delta = g.gamma @ weighted
        Q += g.share * weighted.T @ by_delta
        R += g.share * by_delta.T @ (g.weight[:, None] * by_delta)
    EQ = inverse @ Q
    return Traces(
        first - float(np.trace(EQ)), second - 2.0 * float(np.sum(inverse * R.T)) + float(np.sum(EQ * EQ.T))
    )


def baseline_traces(groups: Sequence[Curvature], unexplained: NDArray[np.intp]) -> Traces:
    """Traces of a model that fits all statistics of each group exactly but the ``unexplained`` ones."""
    first = second = 0.0
    for g in groups:
        WG = (g.weight[:, None] * g.gamma)[np.ix_(unexplained, unexplained)]
        first += float(np.trace(WG))
        second += float(np.sum(WG * WG.T))
    return Traces(first, second)


def scaled_shifted(chisq: float, df: int, trace: Traces) -> ScaledShifted:
    """Statistic with the mean and variance of chi-square on ``df`` > 0."""
    a = float(np.sqrt(df / trace.second))
    shift = df - a * trace.first
    return ScaledShifted(chisq * a + shift, df, 1.0 / a, shift)


def difference_traces(
    larger: Sequence[Curvature],
    inverse: Floats,
    larger_tangent: Floats,
    smaller: Sequence[Curvature],
    smaller_tangent: Floats,
    rank: int,
) -> Traces:
    """Traces for the difference of two nested models (Satorra, 2000, the restriction by the delta method).

    ``larger``: the model with fewer df and its E⁻¹ (q, q); ``smaller``: the restricted one, each at its own
    estimates; tangents (q, r), (q₀, r₀): their free directions; ``rank``: difference in df. The restriction
    A α = 0 on the larger model is what the smaller cannot move: the complement of Δ₁⁺Δ₀.
    """
    delta1 = np.concatenate([g.delta for g in larger]) @ larger_tangent
    delta0 = np.concatenate([g.delta for g in smaller]) @ smaller_tangent
    H = np.linalg.lstsq(delta1, delta0, rcond=None)[0]
    A = np.linalg.svd(H)[0][:, H.shape[0] - rank :].T
    to_alpha = np.linalg.pinv(larger_tangent)
    AP = A @ to_alpha @ inverse
    projector = AP.T @ np.linalg.solve(AP @ to_alpha.T @ A.T, AP)
    M = projector @ meat(larger)
    return Traces(float(np.trace(M)), float(np.sum(M * M.T)))
