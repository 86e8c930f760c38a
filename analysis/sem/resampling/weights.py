"""How often each unit is drawn: counts in fixed blocks, so that draws do not depend on who computes them.

Block k of a bootstrap always has the k-th child of the seed (`numpy.random.SeedSequence.spawn`) and always
the same size, which depends on the data alone: the same seed gives the same draws with any number of workers,
and the first draws of a longer bootstrap are those of a shorter one.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

__all__ = ["Block", "block_size", "blocks", "resampling_counts"]

Floats = NDArray[np.float64]

# One block's counts: small enough for the second-level cache with its moments, large enough to spread
# overhead.
BLOCK_VALUES = 131_072
LARGEST_BLOCK = 256


@dataclass(frozen=True, slots=True)
class Block:
    """Draws start … stop - 1; `number` is the block's place among the children of the seed."""

    start: int
    stop: int
    seed: int
    number: int

    @property
    def size(self) -> int:
        """Draws in the block."""
        return self.stop - self.start


def block_size(n_units: int) -> int:
    """Draws per block for so many units to draw from: at least 8, at most 256."""
    return int(np.clip(BLOCK_VALUES // max(1, n_units), 8, LARGEST_BLOCK))


def blocks(draws: int, size: int, seed: int) -> list[Block]:
    """All blocks of a bootstrap; the last is cut to the number of draws."""
    return [Block(a, min(a + size, draws), seed, k) for k, a in enumerate(range(0, draws, size))]


def resampling_counts(block: Block, sizes: Sequence[int]) -> list[Floats]:
    """Counts (draws, units) per group: as many units drawn with replacement as the group has."""
    return [_counts(_stream(block, g), block.size, n) for g, n in enumerate(sizes)]


def _stream(block: Block, group: int) -> np.random.Generator:
    # The key `SeedSequence(seed).spawn` would give, without its hidden counter: a block can be drawn again.
    return np.random.default_rng(np.random.SeedSequence(block.seed, spawn_key=(block.number, group)))


def _counts(rng: np.random.Generator, b: int, n: int) -> Floats:
    drawn = rng.integers(0, n, size=(b, n))
    drawn += np.arange(0, b * n, n)[:, None]
    return np.bincount(drawn.ravel(), minlength=b * n).reshape(b, n).astype(np.float64)
