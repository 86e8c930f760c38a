"""Residuals of a fit, for any estimator: which moments there are and whose errors they have."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from analysis.sem.estimation.fiml_estimator import moment_jacobian
from analysis.sem.inference import saturated_information as moments
from analysis.sem.inference.covariance import inverse_on
from analysis.sem.inference.fitted import Fitted
from analysis.sem.inference.generalised_inverse import generalised_inverse
from analysis.sem.inference.residuals import GroupResiduals, moment_errors, residual_frame
from analysis.sem.model.cells import GroupCells
from analysis.sem.sample.moments import GroupSample

__all__ = ["residuals"]

Floats = NDArray[np.float64]
Ints = NDArray[np.intp]


def residuals(fit: Fitted) -> pd.DataFrame:
    """lhs op rhs group observed implied raw correlation se standardized, one row a moment of the sample."""
    if fit.samples[0].ordinal is not None:
        from analysis.sem.inference.ordinal_residuals import ordinal_groups

        return residual_frame(ordinal_groups(fit))
    states = fit.estimated.solution.point.states
    used = moments.used_moments(len(fit.table.observed), fit.estimated.exogenous, fit.table.meanstructure)
    parts = [
        _weights(fit, cells, sample, state, used)
        for cells, sample, state in zip(fit.cells.groups, fit.samples, states, strict=True)
    ]
    shares = fit.estimated.objective.shares
    information = sum(f * D.T @ A @ D for f, (D, A, _) in zip(shares, parts, strict=True))
    inverse = inverse_on(fit.estimated.tangent, np.asarray(information))
    return residual_frame(
        [
            _group(fit, sample, state, used, part, inverse, float(share))
            for sample, state, part, share in zip(fit.samples, states, parts, shares, strict=True)
        ]
    )


def _weights(
    fit: Fitted, cells: GroupCells, sample: GroupSample, state: Any, used: Ints
) -> tuple[Floats, Floats, Floats]:
    """Delta (m, q), the weight of the moments at the model's (m, m) and their covariance matrix (m, m)."""
    delta = np.zeros((len(used), fit.cells.q))
    np.add.at(delta.T, cells.free, moment_jacobian(cells, state.at)[used].T)
    among = np.ix_(used, used)
    method = fit.method
    if method.discrepancy == "ULS":
        return (
            delta,
            np.eye(len(used)),
            generalised_inverse(moments.expected(sample, sample.cov, sample.mean)[among]) / sample.n,
        )
    if method.discrepancy == "GLS":
        weight = moments.expected(sample, sample.cov, sample.mean)[among]
        return delta, weight, generalised_inverse(weight) / sample.n
    kind = moments.expected if method.errors in ("expected", "moments") else moments.observed
    mu = state.at.mu if fit.table.meanstructure else sample.mean
    bread = generalised_inverse(kind(sample, sample.cov, sample.mean)[among])
    acov = bread
    if method.errors in ("sandwich", "moments"):
        acov = bread @ moments.first_order(sample, clustered=method.clustered)[among] @ bread
    return delta, kind(sample, state.at.sigma, mu)[among], acov / sample.n


def _group(
    fit: Fitted,
    sample: GroupSample,
    state: Any,
    used: Ints,
    part: tuple[Floats, Floats, Floats],
    inverse: Floats | None,
    share: float,
) -> GroupResiduals:
    names, p = sample.names, len(sample.names)
    j, i = np.triu_indices(p)
    sd = np.sqrt(np.diagonal(sample.cov))
    mu = state.at.mu if fit.table.meanstructure else sample.mean
    first = 0 if fit.table.meanstructure else p
    error = np.full(p + len(i), np.nan)
    if inverse is not None:
        delta, weight, acov = part
        error[used] = moment_errors(acov, delta, inverse, weight, share)
    labels = [(name, "~1", "") for name in names] + [
        (names[b], "~~", names[a]) for a, b in zip(i, j, strict=True)
    ]
    return GroupResiduals(
        label=sample.label,
        names=labels[first:],
        observed=np.concatenate([sample.mean, sample.cov[i, j]])[first:],
        implied=np.concatenate([mu, state.at.sigma[i, j]])[first:],
        scale=np.concatenate([sd, sd[i] * sd[j]])[first:],
        error=error[first:],
    )
