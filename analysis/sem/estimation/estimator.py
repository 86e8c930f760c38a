"""What an estimator is: a handful of plain functions of one group's cells, sample and parameters.

All are per case and on the scale where the second derivative of the value is the unit information: the
value is half the discrepancy, and a fit's value is the average over groups weighted by cases.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from analysis.sem.model.cells import Cells, GroupCells
from analysis.sem.sample.moments import GroupSample

__all__ = ["Estimator", "assemble", "group_shares"]

Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Estimator:
    """Strategy of one discrepancy function.

    state(cells, sample, theta): whatever the others need, with attributes `value` (inf where the
    discrepancy does not exist) and `at` (the Implied moments). gradient: (k,) of the value in the
    group's free cells;
    information: (k, k) expected; hessian: (k, k) observed, or None where only the expected one is used.
    scores(cells, sample, state): (n, k) casewise derivatives of the log-likelihood, for robust errors;
    saturated_trace(sample, exogenous, meanstructure[, cluster]): tr(B A^-1) of the saturated model, for the
    scaled test.
    curvature: (k, k), the hessian without what comes of the moments' own second derivatives.
    unbiased: sample covariances are divided by n - 1 and errors by N - G, as lavaan does outside ML.
    likelihood: the value is a likelihood, so that logl, aic and bic exist.
    """

    name: str
    state: Callable[[GroupCells, GroupSample, Floats, bool], Any]
    gradient: Callable[[GroupCells, GroupSample, Any], Floats]
    information: Callable[[GroupCells, GroupSample, Any], Floats]
    hessian: Callable[[GroupCells, GroupSample, Any], Floats] | None = None
    scores: Callable[[GroupCells, GroupSample, Any], Floats] | None = None
    saturated_trace: Callable[..., float] | None = None
    curvature: Callable[[GroupCells, GroupSample, Any], Floats] | None = None
    unbiased: bool = False
    likelihood: bool = True


def group_shares(samples: tuple[GroupSample, ...]) -> Floats:
    """n_g / N."""
    n = np.array([s.n for s in samples], dtype=np.float64)
    return np.asarray(n / n.sum())


def assemble(cells: Cells, parts: list[Floats], shares: Floats) -> Floats:
    """Sum of the groups' vectors (k,) or matrices (k, k) in theta: (q,) or (q, q)."""
    if cells.in_order:
        return parts[0]
    out = np.zeros((cells.q,) * parts[0].ndim)
    for group, part, share in zip(cells.groups, parts, shares, strict=True):
        place = group.free if part.ndim == 1 else (group.free[:, None], group.free)
        out[place] += share * part
    return out
