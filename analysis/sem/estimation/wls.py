"""Diagonally weighted least squares of two-stage statistics (Muthén, du Toit & Spisic, 1997).

2 value = (n − 1)/n (s − σ)' W (s − σ), W = 1 / diag Γ for DWLS, ones for ULS.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from analysis.sem.estimation.estimator import Estimator
from analysis.sem.estimation.wls_moments import (
    OrdinalStructure,
    ordinal_moments,
    ordinal_structure,
)
from analysis.sem.model.cells import GroupCells
from analysis.sem.model.implied import Implied
from analysis.sem.sample.moments import GroupSample
from analysis.sem.sample.ordinal.sample import OrdinalSample

__all__ = ["DWLS", "ULS_ORDINAL", "State", "structure_of", "weights"]

Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True, eq=False)
class State:
    """value; at: moments given the covariates; residual: (m,) s − σ; by_cell: (m, k) of σ; weight: (m,)."""

    value: float
    at: Implied
    residual: Floats
    by_cell: Floats
    weight: Floats


def ordinal_part(sample: GroupSample) -> OrdinalSample:
    """The two-stage statistics of a sample made for ordered variables."""
    if sample.ordinal is None:
        raise ValueError("the sample has no two-stage statistics")
    return sample.ordinal


def structure_of(cells: GroupCells, sample: GroupSample) -> OrdinalStructure:
    """How the sample's statistics stand to the group's cells."""
    ordinal = ordinal_part(sample)
    return ordinal_structure(
        cells, ordinal.stage.layout, outcome=ordinal.outcome, covariate=ordinal.covariate
    )


def weights(sample: GroupSample, *, unweighted: bool = False) -> Floats:
    """(m,) diagonal of W; 0 for a statistic of which the data tell nothing (a correlation at ±1)."""
    ordinal = ordinal_part(sample)
    if unweighted:
        return np.ones(ordinal.stage.layout.n_statistics)
    return ordinal.weight


def share(sample: GroupSample) -> float:
    """(n − 1)/n, by which lavaan multiplies a group's least-squares discrepancy."""
    return (sample.n - 1) / sample.n


def _state(cells: GroupCells, sample: GroupSample, theta: Floats, weight: Floats) -> State | None:
    structure = structure_of(cells, sample)
    try:
        moments = ordinal_moments(structure, theta)
    except np.linalg.LinAlgError:
        return None
    residual = ordinal_part(sample).stage.statistics - moments.statistics
    value = 0.5 * share(sample) * float(residual @ (weight * residual))
    return State(value, moments.at, residual, moments.by_cell, weight) if np.isfinite(value) else None


def _dwls_state(cells: GroupCells, sample: GroupSample, theta: Floats, meanstructure: bool) -> State | None:
    return _state(cells, sample, theta, weights(sample))


def _uls_state(cells: GroupCells, sample: GroupSample, theta: Floats, meanstructure: bool) -> State | None:
    return _state(cells, sample, theta, weights(sample, unweighted=True))


def _gradient(cells: GroupCells, sample: GroupSample, s: State) -> Floats:
    return -share(sample) * s.by_cell.T @ (s.weight * s.residual)


def _information(cells: GroupCells, sample: GroupSample, s: State) -> Floats:
    return np.asarray((s.weight[:, None] * s.by_cell).T @ s.by_cell)


DWLS = Estimator("DWLS", _dwls_state, _gradient, _information, unbiased=True, likelihood=False)
ULS_ORDINAL = Estimator("ULS", _uls_state, _gradient, _information, unbiased=True, likelihood=False)
