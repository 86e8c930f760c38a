"""The N at which power reaches a target, between the sizes that were simulated and never beyond them."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy.special import ndtri

DRAWS = 4000
CONFIDENCE = 0.95


@dataclass(frozen=True, slots=True)
class NeededN:
    """``n``, None where no size reaches the target, with its interval.

    ``at_most`` is True where the smallest size already reaches the target: ``n`` is then that size.
    ``lower`` is None where the interval begins below the smallest size or beyond the largest, ``upper`` where
    it ends beyond the largest.
    """

    target: float
    n: int | None
    lower: int | None
    upper: int | None
    at_most: bool


def needed_n(
    sizes: np.ndarray, hits: np.ndarray, totals: np.ndarray, target: float, *, seed: int = 1
) -> NeededN:
    """Interpolates Φ⁻¹(power) linearly in √N between neighbouring sizes.

    For a z test that line is exact but for the far tail, because z grows with √N. Powers are made
    non-decreasing first. sizes, hits and totals: (k,), sizes increasing. The interval holds the middle 95%
    of the N that come out when the powers are drawn from their Jeffreys posteriors.
    """
    a, b = hits + 0.5, totals - hits + 0.5
    # A share of none or all has no Φ⁻¹; half a replication less or more does.
    shares = np.clip(hits / totals, 0.5 / (totals + 1), (totals + 0.5) / (totals + 1))
    at = crossing(sizes, shares, target)
    drawn = np.random.default_rng(seed).beta(a, b, (DRAWS, len(sizes)))
    found = np.array([crossing(sizes, powers, target) for powers in drawn])
    low, high = np.quantile(found, [(1 - CONFIDENCE) / 2, (1 + CONFIDENCE) / 2], method="nearest")
    smallest = float(sizes[0])
    return NeededN(
        target=target,
        n=None if np.isinf(at) else int(np.ceil(at)),
        lower=None if low <= smallest or np.isinf(low) else int(np.ceil(low)),
        upper=None if np.isinf(high) else int(np.ceil(high)),
        at_most=bool(at <= smallest),
    )


def crossing(sizes: np.ndarray, powers: np.ndarray, target: float) -> float:
    """The N of the target: the first size where it reaches it already there, infinity where none does."""
    raised = increasing(powers)
    reached = np.flatnonzero(raised >= target)
    if len(reached) == 0:
        return float("inf")
    k = int(reached[0])
    if k == 0:
        return float(sizes[0])
    z = ndtri(np.clip(raised[k - 1 : k + 1], 1e-12, 1 - 1e-12))
    root = np.sqrt(sizes[k - 1 : k + 1].astype(float))
    share = (float(ndtri(target)) - z[0]) / (z[1] - z[0])
    return float((root[0] + share * (root[1] - root[0])) ** 2)


def increasing(values: np.ndarray) -> np.ndarray:
    """The non-decreasing values (k,) nearest in least squares, by pooling neighbours that fall."""
    blocks: list[tuple[float, int]] = []
    for value in values:
        mean, size = float(value), 1
        while blocks and blocks[-1][0] >= mean:
            before, count = blocks.pop()
            mean, size = (before * count + mean * size) / (count + size), count + size
        blocks.append((mean, size))
    return np.concatenate([np.full(size, mean) for mean, size in blocks])
