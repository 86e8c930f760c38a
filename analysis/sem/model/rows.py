"""Rows of the parameter table by where they stand in the matrices: what standardising asks of each."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

__all__ = ["DELTA", "TAU", "A", "M", "Rows", "S", "decode"]

A, S, M, TAU, DELTA = range(5)
Ints = NDArray[np.intp]


@dataclass(frozen=True, slots=True, eq=False)
class Rows:
    """Where each of a group's r cell rows stands: kind, row, col (r,); free: (r,) cell among the k, or -1.

    Standardised, a value is multiplied by entry `over` and divided by entries `under` and `under_too` of the
    vector [standard deviations (v) | the same (v) | residual standard deviations (v) | 1]: the first for
    predictors, which may be constant, the second for what is divided by, which may not.
    """

    kind: Ints
    row: Ints
    col: Ints
    free: Ints
    over: Ints
    under: Ints
    under_too: Ints


def decode(places: Ints, size: int, thresholds: tuple[tuple[int, int], ...], of_cells: Ints) -> Rows:
    """Rows at flat places (r,) of matrices of v = size variables; of_cells: (k,) which of them are free."""
    v = size
    starts = np.array([0, v * v, 2 * v * v, 2 * v * v + v, 2 * v * v + v + len(thresholds)])
    kind = np.searchsorted(starts, places, side="right") - 1
    inside = places - starts[kind]
    square = kind <= S
    row = np.where(square, inside // v, inside)
    tau = kind == TAU
    row[tau] = [thresholds[t][0] for t in inside[tau]]
    col = np.where(square, inside % v, row)
    free = np.full(len(places), -1, dtype=np.intp)
    free[of_cells] = np.arange(len(of_cells))
    one = 3 * v
    path, scale = kind == A, kind == DELTA
    own, pair = (kind == S) & (row == col), (kind == S) & (row != col)
    return Rows(
        kind=kind,
        row=row,
        col=col,
        free=free,
        over=np.where(path, col, one),
        under=np.where(scale, one, np.where(pair, 2 * v, v) + row),
        under_too=np.where(pair, 2 * v + col, np.where(own, v + row, one)),
    )
