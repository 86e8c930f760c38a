"""Intercepts where every mean is free: they follow from the sample means and the paths."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from analysis.sem.external.scaling import Cell
from analysis.sem.external.ties import TiedParameters
from analysis.sem.table.parameter_table import ParameterTable

Floats = NDArray[np.float64]


def means_are_saturated(cells: Sequence[Cell], ties: TiedParameters, table: ParameterTable) -> bool:
    """Whether each observed variable has a free mean of its own, and no latent variable a free one.

    Then the means fit exactly, whatever the covariance structure, and need not be modelled.
    """
    intercepts = [cell for cell in cells if cell.kind == "m"]
    own = {cell.row for cell in intercepts if cell.exo or (cell.free and not ties.binds(cell.free))}
    return set(table.observed) <= own and all(not c.free for c in intercepts if c.row in table.latent)


def fitted_intercepts(cells: Sequence[Cell], table: ParameterTable, mean: Floats, theta: Floats) -> None:
    """Write into theta (q,) the intercepts of the observed variables, given all its other entries.

    mean (p,): sample means. With E the expectation of all variables, m = (I − A) E; E of the observed is the
    sample mean, E of the latent solves their own rows.
    """
    names = [*table.observed, *table.latent]
    place = {name: index for index, name in enumerate(names)}
    p, size = len(table.observed), len(names)
    paths, constant = np.zeros((size, size)), np.zeros(size)
    for cell in cells:
        value = theta[cell.free - 1] if cell.free else cell.value
        if cell.kind == "A":
            paths[place[cell.row], place[cell.col]] = value
        elif cell.kind == "m" and cell.row in table.latent:
            constant[place[cell.row]] = value
    latent = np.linalg.solve(np.eye(size - p) - paths[p:, p:], constant[p:] + paths[p:, :p] @ mean)
    expected = np.concatenate([mean, latent])
    intercept = expected - paths @ expected
    for cell in cells:
        if cell.kind == "m" and cell.free:
            theta[cell.free - 1] = intercept[place[cell.row]]
