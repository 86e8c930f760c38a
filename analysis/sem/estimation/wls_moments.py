"""Statistics of ordered and continuous variables as a structural model implies them, with their derivatives.

Delta parameterisation (Muthén, 1984; Muthén & Asparouhov, 2002): the latent response of an ordered variable
has the variance 1/δ², which its residual variance makes up for; the model implies δ(τ − μ) for its
thresholds, δ times its slopes and δ_i δ_j σ_ij for its correlations.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from analysis.sem.model.cells import DELTA, TAU, A, GroupCells
from analysis.sem.model.implied import Implied, implied, jacobian
from analysis.sem.sample.ordinal.layout import Layout

__all__ = ["OrdinalMoments", "OrdinalStructure", "ordinal_moments", "ordinal_structure", "with_residuals"]

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
    tau: Ints


@dataclass(frozen=True, slots=True, eq=False)
class OrdinalMoments:
    """Implied statistics (m,), their derivatives (m, k) by the free cells, and the moments they came from."""

    statistics: Floats
    by_cell: Floats
    at: Implied


def ordinal_structure(
    cells: GroupCells, layout: Layout, *, outcome: Ints, covariate: Ints
) -> OrdinalStructure:
    """Structure of a group; rows of its modelled variables (in the order of ``layout``) and its covariates."""
    base = cells.base.copy()
    base[cells.exo_cov] = 0.0
    base[cells.exo_mean] = 0.0
    is_mean = layout.location_is_mean
    tau = np.where(is_mean, -1, np.cumsum(~is_mean) - 1)
    ordered = outcome[np.array(layout.n_categories) > 0]
    return OrdinalStructure(replace(cells, base=base), layout, outcome, covariate, ordered, tau)


def with_residuals(structure: OrdinalStructure, theta: Floats) -> tuple[GroupCells, Implied]:
    """Cells with the residual variances of the ordered variables that make their variances 1/δ², and their
    moments.

    Variances are linear in residual variances, var_j = Σ_i B_ji² s_i + rest: all are found at once, whatever
    paths run between ordered variables.
    """
    cells, rows = structure.cells, structure.ordered
    at = implied(cells, theta)
    wanted = 1.0 / at.delta[rows] ** 2 - np.diag(at.sigma)[rows]
    change = np.linalg.solve(_passed_on(at, rows), wanted)
    base = cells.base.copy()
    base[cells.size * cells.size + rows * cells.size + rows] += change
    adjusted = replace(cells, base=base)
    return adjusted, implied(adjusted, theta)


def _passed_on(at: Implied, rows: Ints) -> Floats:
    """(o, o) share of each ordered variable's residual variance in each one's variance."""
    return at.B[np.ix_(rows, rows)] ** 2


def ordinal_moments(structure: OrdinalStructure, theta: Floats) -> OrdinalMoments:
    """Implied statistics and derivatives at theta (q,)."""
    cells, at = with_residuals(structure, theta)
    dsigma, dmu = jacobian(cells, at)
    ddelta, dtau = _unit_rows(cells, DELTA, cells.p), _unit_rows(cells, TAU, len(cells.thresholds))
    dsigma = _through_residuals(structure, cells, at, dsigma, ddelta)
    y = structure.outcome
    layout = structure.layout
    delta = at.delta
    first, second = np.array(layout.pairs, dtype=np.intp).reshape(-1, 2).T
    first, second = y[first], y[second]
    continuous = y[layout.continuous]

    of_location = y[layout.location_variable]
    tau = np.where(structure.tau >= 0, at.tau[structure.tau] if len(at.tau) else 0.0, 0.0)
    dtau = np.where(structure.tau[:, None] >= 0, dtau.T[structure.tau] if len(at.tau) else 0.0, 0.0)
    centred = tau - at.mu[of_location]
    scale = delta[of_location]
    locations = scale * centred
    dlocations = scale[:, None] * (dtau - dmu.T[of_location]) + centred[:, None] * ddelta.T[of_location]

    slopes, dslopes = _slopes(structure, cells, at, ddelta)

    product = delta[first] * delta[second]
    sigma = at.sigma[first, second]
    dproduct = delta[second][:, None] * ddelta.T[first] + delta[first][:, None] * ddelta.T[second]
    dcov = product[:, None] * dsigma[:, first, second].T + sigma[:, None] * dproduct
    return OrdinalMoments(
        np.concatenate([locations, slopes, at.sigma[continuous, continuous], product * sigma]),
        np.concatenate([dlocations, dslopes, dsigma[:, continuous, continuous].T, dcov]),
        at,
    )


def _unit_rows(cells: GroupCells, kind: int, width: int) -> Floats:
    """(k, width) derivative of the vector ``kind`` by the free cells."""
    out = np.zeros((cells.k, width))
    mine = np.flatnonzero(cells.kind == kind)
    out[mine, cells.row[mine]] = 1.0
    return out


def _through_residuals(
    structure: OrdinalStructure, cells: GroupCells, at: Implied, dsigma: Floats, ddelta: Floats
) -> Floats:
    """Total derivative of sigma (k, p, p): residual variances of ordered variables move with every parameter."""
    rows = structure.ordered
    wanted = -2.0 * ddelta[:, rows] / at.delta[rows] ** 3 - dsigma[:, rows, rows]
    dresidual = np.linalg.solve(_passed_on(at, rows), wanted.T).T
    loadings = at.FB[:, rows]
    return np.asarray(dsigma + np.einsum("ko,io,jo->kij", dresidual, loadings, loadings, optimize=True))


def _slopes(
    structure: OrdinalStructure, cells: GroupCells, at: Implied, ddelta: Floats
) -> tuple[Floats, Floats]:
    """δ_y B_yx, all outcomes on the first covariate, on the second, …; dB = B dA B."""
    y, x = structure.outcome, structure.covariate
    scale = at.delta[y]
    total = at.B[np.ix_(y, x)]
    dtotal = np.zeros((cells.k, len(y), len(x)))
    paths = np.flatnonzero(cells.kind == A)
    dtotal[paths] = at.B[y][:, cells.row[paths]].T[:, :, None] * at.B[cells.col[paths]][:, x][:, None, :]
    dslopes = scale[:, None] * dtotal + ddelta[:, y, None] * total
    return (scale[:, None] * total).T.ravel(), dslopes.transpose(2, 1, 0).reshape(-1, cells.k)


def residual_variances(structure: OrdinalStructure, cells: GroupCells) -> Floats:
    """(o,) residual variances of the ordered variables in cells from :func:`with_residuals`."""
    places = cells.size * cells.size + structure.ordered * cells.size + structure.ordered
    return np.asarray(cells.base[places])
