"""Cells of all two-way tables at once: the rectangles that cases fall in, for each pair of variables."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from analysis.sem.sample.ordinal.bivariate_normal import FARTHEST, association, density, density_slope
from analysis.sem.sample.ordinal.margins import Array, Codes, OrdinalMargin, interval_probability

Index = NDArray[np.intp]


@dataclass(frozen=True, slots=True)
class Cells:
    """Rectangles of the bivariate normal, C over all P pairs, and the distinct finite corners they share.

    pair: (C,) · first, second: (C,) categories · pattern: (C,) row of the distinct covariate patterns ·
    weight: (C,) cases in the cell · lower, upper: (2, C) limits of the two variables · independent: (C,)
    probability at zero correlation · corners: (4, C) index of the corners (upper, upper), (lower, upper),
    (upper, lower), (lower, lower), the last one standing for every corner at infinity · corner_h, corner_k,
    corner_pair: (Q,) · cell_of_case: (P, n).
    """

    pair: Index
    first: Codes
    second: Codes
    pattern: Index
    weight: Array
    lower: Array
    upper: Array
    independent: Array
    corners: Index
    corner_h: Array
    corner_k: Array
    corner_pair: Index
    cell_of_case: NDArray[np.int32]

    def signed(self, at_corners: Array) -> Array:
        """Sum over the four corners of every cell with the signs of inclusion and exclusion."""
        padded = np.append(at_corners, 0.0)[self.corners]
        return np.asarray(padded[0] - padded[1] - padded[2] + padded[3])

    def probability(self, rho: Array) -> Array:
        """Probability of every cell at correlations ``rho`` (P,)."""
        at_corner = association(self.corner_h, self.corner_k, rho[self.corner_pair])
        return self.independent + self.signed(at_corner)

    def derivatives(self, rho: Array) -> tuple[Array, Array]:
        """First and second derivative of every cell's probability by its correlation."""
        of_corner = rho[self.corner_pair]
        first = density(self.corner_h, self.corner_k, of_corner)
        second = first * density_slope(self.corner_h, self.corner_k, of_corner)
        return self.signed(first), self.signed(second)


def build_cells(
    margins: Mapping[int, OrdinalMargin],
    pairs: list[tuple[int, int]],
    patterns: Array,
    pattern_of_case: Index,
) -> Cells:
    """Cells of ``pairs`` of ``margins``.

    ``patterns`` (U, q): distinct rows of the covariates, ``pattern_of_case`` (n,). Without covariates (U = 1)
    every cell of every table is there, empty ones with weight 0; with them only those that occur.
    """
    n_patterns = len(patterns)
    widths = np.array([(margins[i].n_categories, margins[j].n_categories) for i, j in pairs])
    sizes = n_patterns * widths[:, 0] * widths[:, 1]
    offsets = np.concatenate([[0], np.cumsum(sizes)])
    codes = np.stack(
        [
            (pattern_of_case * width[0] + margins[i].codes) * width[1] + margins[j].codes + offset
            for (i, j), width, offset in zip(pairs, widths, offsets, strict=False)
        ]
    )
    if n_patterns == 1:
        present = np.arange(offsets[-1])
        weight = np.bincount(codes.ravel(), minlength=offsets[-1])
        cell_of_case = codes
    else:
        present, inverse, weight = np.unique(codes.ravel(), return_inverse=True, return_counts=True)
        cell_of_case = inverse.reshape(codes.shape)
    pair = np.searchsorted(offsets, present, side="right") - 1
    within = present - offsets[pair]
    within, second = np.divmod(within, widths[pair, 1])
    pattern, first = np.divmod(within, widths[pair, 0])
    variables = np.array(pairs, dtype=np.intp).T[:, pair]
    lower, upper = _limits(margins, variables, patterns, pattern, (first, second))
    independent = interval_probability(lower[0], upper[0]) * interval_probability(lower[1], upper[1])
    corners, h, k, corner_pair = _corners(pair, pattern, first, second, widths, n_patterns, lower, upper)
    return Cells(
        pair=pair,
        first=first,
        second=second,
        pattern=pattern,
        weight=weight.astype(float),
        lower=lower,
        upper=upper,
        independent=independent,
        corners=corners,
        corner_h=h,
        corner_k=k,
        corner_pair=corner_pair,
        cell_of_case=cell_of_case.astype(np.int32),
    )


def _limits(
    margins: Mapping[int, OrdinalMargin],
    variables: Index,
    patterns: Array,
    pattern: Index,
    codes: tuple[Codes, Codes],
) -> tuple[Array, Array]:
    """Lower and upper limits (2, C) of the cells; ``variables``: (2, C)."""
    size, width = max(margins) + 1, max(m.n_categories for m in margins.values()) + 1
    edges, shift = np.full((size, width), np.inf), np.zeros((len(patterns), size))
    edges[:, 0] = -np.inf
    for variable, margin in margins.items():
        edges[variable, 1 : margin.n_categories] = margin.thresholds
        shift[:, variable] = patterns @ margin.slopes
    at = np.stack(codes)
    moved = shift[pattern, variables]
    lower = np.clip(edges[variables, at] - moved, -FARTHEST, FARTHEST)
    return lower, np.clip(edges[variables, at + 1] - moved, -FARTHEST, FARTHEST)


def _corners(
    pair: Index,
    pattern: Index,
    first: Codes,
    second: Codes,
    widths: Index,
    n_patterns: int,
    lower: Array,
    upper: Array,
) -> tuple[Index, Array, Array, Index]:
    """Number the distinct finite corners; a corner's grid point is (pair, pattern, threshold, threshold)."""
    rows = np.stack([first, first - 1, first, first - 1])
    columns = np.stack([second, second, second - 1, second - 1])
    h = np.stack([upper[0], lower[0], upper[0], lower[0]])
    k = np.stack([upper[1], upper[1], lower[1], lower[1]])
    last_row, last_column = widths[pair, 0] - 1, widths[pair, 1] - 1
    finite = (rows >= 0) & (rows < last_row) & (columns >= 0) & (columns < last_column)
    stride = int(widths.max())
    code = (((pair * n_patterns + pattern) * stride + rows) * stride + columns)[finite]
    _, where, inverse = np.unique(code, return_index=True, return_inverse=True)
    corners = np.full(finite.shape, len(where), dtype=np.intp)
    corners[finite] = inverse
    corner_pair = np.broadcast_to(pair, finite.shape)[finite][where]
    return corners, h[finite][where], k[finite][where], corner_pair
