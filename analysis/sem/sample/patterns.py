"""Incomplete rows as sufficient statistics: one mean and cross-product matrix per missing-data pattern.

The normal likelihood of incomplete rows depends on the data only through the count, the mean and the
centred cross-products of the rows that share a pattern (Anderson, 1957; Rubin, 1974), so estimation costs one
pass over the data and then depends on the number of patterns alone. Statistics of two sets of rows merge
exactly (Chan, Golub & LeVeque, 1979), so that data larger than memory can be streamed.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

__all__ = ["Patterns", "group_rows", "merge_patterns", "never_together", "pattern_statistics"]

Floats = NDArray[np.float64]
Ints = NDArray[np.intp]
Flags = NDArray[np.bool_]


@dataclass(frozen=True, slots=True, eq=False)
class Patterns:
    """Sufficient statistics of M patterns of p variables, ordered by the number of missing values.

    observed: (M, p); n: (M,) rows (or sum of weights) of each pattern; mean: (M, p), 0 where missing.
    repeated: (R,) patterns with more than one row; cross: (R, p, p) their centred cross-products, sums and
    not averages, 0 where missing. The other patterns have none: their only row is their mean.
    """

    observed: Flags
    n: Floats
    mean: Floats
    repeated: Ints
    cross: Floats

    @property
    def total(self) -> float:
        """Rows in all patterns."""
        return float(self.n.sum())

    @property
    def n_values(self) -> float:
        """Observed values in all rows."""
        return float(self.n @ self.observed.sum(axis=1))


def group_rows(values: Floats) -> tuple[Flags, Ints]:
    """The patterns (M, p) among rows (n, p) and the pattern of each row (n,)."""
    present = ~np.isnan(values)
    bits = np.packbits(present, axis=1)
    codes = np.zeros((len(bits), -(-bits.shape[1] // 8) * 8), dtype=np.uint8)
    codes[:, : bits.shape[1]] = bits
    # Up to 64 variables are one number, which sorts ten times as fast as a string of bytes.
    kind = np.dtype(np.uint64) if codes.shape[1] == 8 else np.dtype((np.void, codes.shape[1]))
    keys = codes.view(kind)[:, 0]
    _, first, of_row = np.unique(keys, return_index=True, return_inverse=True)
    observed = present[first]
    order = np.argsort(-observed.sum(axis=1), kind="stable")
    place = np.empty(len(order), dtype=np.intp)
    place[order] = np.arange(len(order))
    return observed[order], place[of_row]


def pattern_statistics(values: Floats, weights: Floats | None = None) -> Patterns:
    """Statistics of the rows (n, p), NaN where missing; weights (n,) count a row more often or not.

    Rows without any value must be left out before.
    """
    observed, of_row = group_rows(values)
    counts = np.bincount(of_row, minlength=len(observed))
    order = np.argsort(of_row, kind="stable")
    starts = np.concatenate([[0], np.cumsum(counts)])
    rows = np.where(np.isnan(values), 0.0, values)[order]
    w = np.ones(len(rows)) if weights is None else weights[order]
    n = np.add.reduceat(w, starts[:-1])
    total = np.add.reduceat(rows * w[:, None], starts[:-1], axis=0)
    mean = total / np.where(n > 0, n, 1.0)[:, None]
    repeated = np.flatnonzero(counts > 1)
    cross = np.empty((len(repeated), values.shape[1], values.shape[1]))
    for k, m in enumerate(repeated):
        own = slice(starts[m], starts[m + 1])
        centred = (rows[own] - mean[m]) * observed[m]
        cross[k] = centred.T @ (centred if weights is None else centred * w[own, None])
    return Patterns(observed, n, mean, repeated, cross)


def merge_patterns(*parts: Patterns) -> Patterns:
    """Statistics of all rows of the parts, which must have the same variables in the same order."""
    observed, of_part = group_rows(np.where(np.concatenate([x.observed for x in parts]), 0.0, np.nan))
    size, p = observed.shape
    n_part = np.concatenate([x.n for x in parts])
    mean_part = np.concatenate([x.mean for x in parts])
    n = np.bincount(of_part, n_part, minlength=size).astype(np.float64)
    mean = np.zeros((size, p))
    np.add.at(mean, of_part, n_part[:, None] * mean_part)
    mean /= np.where(n > 0, n, 1.0)[:, None]
    repeated = np.flatnonzero((np.bincount(of_part, minlength=size) > 1) | _repeated(parts, of_part, size))
    cross = np.zeros((len(repeated), p, p))
    place = np.full(size, -1, dtype=np.intp)
    place[repeated] = np.arange(len(repeated))
    between = mean_part - mean[of_part]
    for weight, shift, target in zip(n_part, between, place[of_part], strict=True):
        if target >= 0:
            cross[target] += weight * np.outer(shift, shift)
    offset = 0
    for part in parts:
        np.add.at(cross, place[of_part[offset + part.repeated]], part.cross)
        offset += len(part.n)
    return Patterns(observed, n, mean, repeated, cross)


def _repeated(parts: tuple[Patterns, ...], of_part: Ints, size: int) -> Flags:
    out = np.zeros(size, dtype=bool)
    offset = 0
    for part in parts:
        out[of_part[offset + part.repeated]] = True
        offset += len(part.n)
    return out


def never_together(patterns: Patterns) -> list[tuple[int, int]]:
    """Pairs of variables (i < j) that no row has both of; (i, i) where a variable has no value at all."""
    seen = (patterns.observed * patterns.n[:, None]).T @ patterns.observed
    rows, columns = np.nonzero(np.triu(seen == 0))
    return [(int(i), int(j)) for i, j in zip(rows, columns, strict=True)]
