"""Polychoric correlations of many pairs at once (Olsson, 1979), and the scores of each pair's cells."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy.special import ndtr

from analysis.sem.sample.ordinal.bivariate_normal import FARTHEST, Array
from analysis.sem.sample.ordinal.margins import normal_density
from analysis.sem.sample.ordinal.newton import solve_correlations
from analysis.sem.sample.ordinal.pairs import Cells

BOUND = 0.999
# A cell less probable than this adds nothing to score or information: its quotient would be all rounding
# error.
SMALLEST_CELL = float(np.sqrt(np.finfo(float).eps))


@dataclass(frozen=True, slots=True)
class CellScores:
    """Derivatives of the logarithm of each cell's probability, C cells.

    rho: (C,) · upper, lower: (2, C) by the threshold above and below the cell, of the first and second
    variable · shift: (2, C) by the latent means of the two variables (times a covariate: by its slope). Cells
    all but impossible have zeros.
    """

    rho: Array
    upper: Array
    lower: Array

    @property
    def shift(self) -> Array:
        """By the latent means: moving the mean up moves both thresholds down."""
        return -(self.upper + self.lower)


def polychoric(cells: Cells, weight: Array, start: Array) -> Array:
    """Maximum-likelihood correlations (P,), thresholds held at the margins' (two steps)."""

    def by_pair(terms: Array) -> Array:
        return np.asarray(np.bincount(cells.pair, terms, len(start)), dtype=float)

    def derivatives(rho: Array) -> tuple[Array, Array]:
        probability = cells.probability(rho)
        first, second = cells.derivatives(rho)
        used = probability > SMALLEST_CELL
        safe = np.where(used, probability, 1.0)
        quotient = np.where(used, first, 0.0) / safe
        curvature = np.where(used, second, 0.0) / safe - quotient * quotient
        return by_pair(weight * quotient), by_pair(weight * curvature)

    return solve_correlations(derivatives, start, BOUND)


def move_off_zero(cells: Cells, n_pairs: int, add: float = 0.5) -> Array:
    """Cell weights with one empty cell of a 2 × 2 table filled by ``add``, the margins kept (as in Mplus).

    Without this the correlation of such a table would be ±1. Larger tables keep their empty cells.
    """
    weight = cells.weight.copy()
    size = np.bincount(cells.pair, minlength=n_pairs)
    empty = np.bincount(cells.pair[weight == 0.0], minlength=n_pairs)
    for pair in np.flatnonzero((size == 4) & (empty == 1)):
        table = np.flatnonzero(cells.pair == pair)
        diagonal = cells.first[table] == cells.second[table]
        hole_on_diagonal = bool(diagonal[weight[table] == 0.0][0])
        weight[table] += np.where(diagonal == hole_on_diagonal, add, -add)
    return weight


def cell_scores(cells: Cells, rho: Array) -> CellScores:
    """Scores of every cell at correlations ``rho`` (P,) (Olsson, 1979, eqs. 8–13)."""
    probability = cells.probability(rho)
    used = probability > SMALLEST_CELL
    scale = np.where(used, 1.0 / np.where(used, probability, 1.0), 0.0)
    first, _ = cells.derivatives(rho)
    of_cell = rho[cells.pair]
    root = np.sqrt(1.0 - of_cell * of_cell)
    upper, lower = np.empty_like(cells.upper), np.empty_like(cells.lower)
    for side in (0, 1):
        below, above = cells.lower[1 - side], cells.upper[1 - side]
        for limit, out in ((cells.upper[side], upper), (cells.lower[side], lower)):
            shift = of_cell * limit
            inside = _phi((above - shift) / root) - _phi((below - shift) / root)
            out[side] = normal_density(limit) * inside * scale
    return CellScores(first * scale, upper, -lower)


def _phi(z: Array) -> Array:
    return np.asarray(ndtr(np.clip(z, -FARTHEST, FARTHEST)))
