"""Statistics of ordered and continuous variables as a structural model implies them, with their derivatives.

Delta parameterisation (Muthén, 1984; Muthén & Asparouhov, 2002): the latent response of an ordered variable
has the variance 1/δ², which its residual variance makes up for; the model implies δ(τ − μ) for its
thresholds, δ times its slopes and δ_i δ_j σ_ij for its correlations.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from analysis.sem.model.cells import GroupCells
from analysis.sem.model.implied import Implied, implied
from analysis.sem.model.rows import DELTA, TAU, A
from analysis.sem.sample.ordinal.layout import Layout

__all__ = [
    "OrdinalMoments",
    "OrdinalStructure",
    "ordinal_moments",
    "ordinal_structure",
    "residual_derivatives",
    "residual_variances",
    "with_residuals",
]

Floats = NDArray[np.float64]
Ints = NDArray[np.intp]


@dataclass(frozen=True, slots=True, eq=False)
class OrdinalStructure:
    """How the m statistics of a group stand to its matrices.

    cells: moments of covariates are zero in them, so that they imply moments given the covariates ·
    layout: order of the statistics · outcome: (p_y,) its variables' rows in A · covariate: (q,) columns in A
    · ordered: (o,) rows in A of ordered variables · tau: (n_locations,) place in tau, −1 for a mean.
    """

    cells: GroupCells
    layout: Layout
    outcome: Ints
    covariate: Ints
    ordered: Ints


@dataclass(frozen=True, slots=True, eq=False)
class OrdinalMoments:
    """Implied statistics (m,), their derivatives (m, k) by the free cells, and the moments they came from."""

    statistics: Floats
    by_cell: Floats
    at: Implied


def ordinal_structure(
    cells: GroupCells, layout: Layout, *, outcome: Ints, covariate: Ints
) -> OrdinalStructure:
    """Structure of a group; rows of its modelled variables, in the order of ``layout``, and of covariates."""
    if len(covariate):
        base = cells.base.copy()
        base[cells.exo_cov] = 0.0
        base[cells.exo_mean] = 0.0
        cells = replace(cells, base=base)
    ordered = outcome[np.array(layout.n_categories) > 0]
    return OrdinalStructure(cells, layout, outcome, covariate, ordered)


def residual_variances(structure: OrdinalStructure, at: Implied) -> Floats:
    """(o,) what to add to the residual variances of the ordered variables to make their variances 1/δ².

    Variances are linear in residual variances, var_j = Σ_i B_ji² s_i + rest: all are found at once, whatever
    paths run between ordered variables.
    """
    rows = structure.ordered
    wanted = 1.0 / at.delta[rows] ** 2 - at.sigma.diagonal()[rows]
    return np.asarray(np.linalg.solve(_passed_on(at, rows), wanted), dtype=np.float64)


def residual_derivatives(structure: OrdinalStructure, at: Implied) -> Floats:
    """(k, o) derivatives of the residual variances of the ordered variables; ``at`` from with_residuals."""
    cells = structure.cells
    by_delta = _unit_rows(cells, DELTA, cells.p)
    variances = 2.0 * cells.w[:, None] * at.Z.T[cells.u] * at.Z.T[cells.v]
    return _by_residual(structure, at, by_delta, variances)


def _by_residual(structure: OrdinalStructure, at: Implied, by_delta: Floats, variances: Floats) -> Floats:
    """(k, o) from the derivatives (k, p) of δ and of the variances with residual ones held."""
    rows = structure.ordered
    wanted = -2.0 * by_delta[:, rows] / at.delta[rows] ** 3 - variances[:, rows]
    return np.asarray(np.linalg.solve(_passed_on(at, rows), wanted.T).T, dtype=np.float64)


def with_residuals(structure: OrdinalStructure, theta: Floats) -> Implied:
    """Implied moments with the residual variances that the delta parameterisation asks for."""
    at = implied(structure.cells, theta)
    p, v = structure.cells.p, structure.cells.size
    spread = at.B[:, structure.ordered]
    C = at.C + (spread * residual_variances(structure, at)) @ spread.T
    Z = at.Z.copy()
    Z[:, v : 2 * v] = C[:p]
    return replace(at, sigma=C[:p, :p], C=C, Z=Z)


def _passed_on(at: Implied, rows: Ints) -> Floats:
    """(o, o) share of each ordered variable's residual variance in each one's variance."""
    return at.B[np.ix_(rows, rows)] ** 2


def ordinal_moments(structure: OrdinalStructure, theta: Floats) -> OrdinalMoments:
    """Implied statistics and derivatives at theta (q,).

    Raises numpy.linalg.LinAlgError where paths form a loop of gain one.
    """
    cells, layout, y = structure.cells, structure.layout, structure.outcome
    at = with_residuals(structure, theta)
    by_delta = _unit_rows(cells, DELTA, cells.p)
    locations = _locations(structure, at, by_delta)
    slopes = _slopes(structure, at, by_delta)
    continuous = y[layout.continuous]
    first, second = layout.pair_index
    variances, pairs = _covariances(structure, at, by_delta, y[first], y[second])
    parts = (locations, slopes, (at.sigma[continuous, continuous], variances[:, continuous]), pairs)
    return OrdinalMoments(
        np.concatenate([value for value, _ in parts]), np.concatenate([by for _, by in parts], axis=1).T, at
    )


def _unit_rows(cells: GroupCells, kind: int, width: int) -> Floats:
    """(k, width) derivative of the vector ``kind`` by the free cells."""
    out = np.zeros((cells.k, width))
    mine = np.flatnonzero(cells.kind == kind)
    out[mine, cells.row[mine]] = 1.0
    return out


def _locations(structure: OrdinalStructure, at: Implied, by_delta: Floats) -> tuple[Floats, Floats]:
    """δ(τ − μ) and −μ, and their derivatives (k, locations)."""
    cells, layout = structure.cells, structure.layout
    variable = structure.outcome[layout.location_variable]
    by_mean = at.Z.T[cells.u] * at.y[cells.v, None]
    centred, by_centred = -at.mu[variable], -by_mean[:, variable]
    threshold = np.flatnonzero(~layout.location_is_mean)
    centred[threshold] += at.tau[layout.tau[threshold]]
    by_centred[:, threshold] += _unit_rows(cells, TAU, len(cells.thresholds))[:, layout.tau[threshold]]
    scale = at.delta[variable]
    return scale * centred, scale * by_centred + centred * by_delta[:, variable]


def _slopes(structure: OrdinalStructure, at: Implied, by_delta: Floats) -> tuple[Floats, Floats]:
    """δ_y B_yx, all outcomes on the first covariate, on the second, …; dB = B dA B."""
    cells, y, x = structure.cells, structure.outcome, structure.covariate
    scale, total = at.delta[y], at.B[np.ix_(y, x)]
    by_total = np.zeros((cells.k, len(x), len(y)))
    paths = np.flatnonzero(cells.kind == A)
    by_total[paths] = at.B[cells.col[paths]][:, x, None] * at.B[y][:, cells.row[paths]].T[:, None, :]
    by = scale * by_total + total.T * by_delta[:, None, y]
    return (scale * total.T).ravel(), by.reshape(cells.k, -1)


def _covariances(
    structure: OrdinalStructure, at: Implied, by_delta: Floats, first: Ints, second: Ints
) -> tuple[Floats, tuple[Floats, Floats]]:
    """Derivatives (k, p) of the variances; δ_i δ_j σ_ij with its derivatives (k, pairs).

    Residual variances of ordered variables move with every parameter: where such a variable has outgoing
    paths, so do the covariances of what it points to.
    """
    cells, rows = structure.cells, structure.ordered
    U, V = at.Z.T[cells.u], at.Z.T[cells.v]
    w = cells.w[:, None]
    variances = 2.0 * w * U * V
    by = w * (U[:, first] * V[:, second] + V[:, first] * U[:, second])
    spread = at.FB[:, rows]
    through = spread[first] * spread[second]
    if through.any():
        by_residual = _by_residual(structure, at, by_delta, variances)
        by = by + by_residual @ through.T
        variances = variances + by_residual @ (spread**2).T
    scale, sigma = at.delta[first] * at.delta[second], at.sigma[first, second]
    by_scale = at.delta[second] * by_delta[:, first] + at.delta[first] * by_delta[:, second]
    return variances, (scale * sigma, scale * by + sigma * by_scale)
