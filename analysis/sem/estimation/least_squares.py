"""Generalised and unweighted least squares (Joreskog & Goldberger, 1972; Browne, 1974).

GLS: tr((S^-1 (S - Sigma))^2) / 2 + d' S^-1 d; ULS: the sum of squared differences of the distinct moments, as
lavaan has it. S is divided by n - 1, and a group's value is (n - 1)/n of half its discrepancy.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from analysis.sem.estimation.estimator import Estimator
from analysis.sem.model.cells import GroupCells
from analysis.sem.model.implied import Implied, chain, implied, jacobian, second_order
from analysis.sem.sample.moments import GroupSample

__all__ = ["GLS", "ULS"]

Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True, eq=False)
class State:
    """value; at: implied moments; D: (p, p) Sigma - S; d: (p,) mu - m; inverse: (p, p) of S for GLS."""

    value: float
    at: Implied
    D: Floats
    d: Floats
    inverse: Floats


def _gls_state(cells: GroupCells, sample: GroupSample, theta: Floats, meanstructure: bool) -> State | None:
    try:
        at = implied(cells, theta)
    except np.linalg.LinAlgError:
        return None
    inverse: Floats = np.asarray(np.linalg.inv(sample.cov))
    D = at.sigma - sample.cov
    d = at.mu - sample.mean if meanstructure else np.zeros(cells.p)
    WD = inverse @ D
    value = 0.5 * _share(sample) * (0.5 * np.sum(WD * WD.T) + d @ inverse @ d)
    return State(float(value), at, D, d, inverse) if np.isfinite(value) else None


def _gls_gradient(cells: GroupCells, sample: GroupSample, s: State) -> Floats:
    W = s.inverse
    return _share(sample) * chain(cells, s.at, 0.5 * W @ s.D @ W, W @ s.d)


def _gls_information(cells: GroupCells, sample: GroupSample, s: State) -> Floats:
    dsigma, dmu = jacobian(cells, s.at)
    WX = s.inverse @ dsigma
    k = len(WX)
    half = 0.5 * WX.reshape(k, -1) @ np.swapaxes(WX, 1, 2).reshape(k, -1).T
    return np.asarray(half + dmu @ s.inverse @ dmu.T)


def _gls_hessian(cells: GroupCells, sample: GroupSample, s: State) -> Floats:
    W = s.inverse
    own = second_order(cells, s.at, 0.5 * W @ s.D @ W, W @ s.d)
    return np.asarray(_share(sample) * (_gls_information(cells, sample, s) + own))


def _uls_state(cells: GroupCells, sample: GroupSample, theta: Floats, meanstructure: bool) -> State | None:
    try:
        at = implied(cells, theta)
    except np.linalg.LinAlgError:
        return None
    D = at.sigma - sample.cov
    d = at.mu - sample.mean if meanstructure else np.zeros(cells.p)
    value = 0.5 * _share(sample) * (0.5 * (np.vdot(D, D) + D.diagonal() @ D.diagonal()) + d @ d)
    return State(float(value), at, D, d, D) if np.isfinite(value) else None


def _uls_gradient(cells: GroupCells, sample: GroupSample, s: State) -> Floats:
    return _share(sample) * chain(cells, s.at, 0.5 * (s.D + np.diag(s.D.diagonal())), s.d)


def _uls_information(cells: GroupCells, sample: GroupSample, s: State) -> Floats:
    dsigma, dmu = jacobian(cells, s.at)
    lower = dsigma[:, *np.tril_indices(cells.p)]
    return np.asarray(lower @ lower.T + dmu @ dmu.T)


def _uls_hessian(cells: GroupCells, sample: GroupSample, s: State) -> Floats:
    own = second_order(cells, s.at, 0.5 * (s.D + np.diag(s.D.diagonal())), s.d)
    return np.asarray(_share(sample) * (_uls_information(cells, sample, s) + own))


def _share(sample: GroupSample) -> float:
    return (sample.n - 1) / sample.n


GLS = Estimator(
    "GLS", _gls_state, _gls_gradient, _gls_information, _gls_hessian, unbiased=True, likelihood=False
)
ULS = Estimator(
    "ULS", _uls_state, _uls_gradient, _uls_information, _uls_hessian, unbiased=True, likelihood=False
)
