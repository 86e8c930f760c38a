"""Residual moments: raw, as correlations, and standardised by their own standard error.

The covariance matrix of residuals is Q acov(s) Q' with Q = I - f Delta E^-1 Delta' A (Maydeu-Olivares, 2017;
Ogasawara, 2001), A the information about the moments at the model's, f the group's share of cases; it is
right for normal and, with a robust acov(s), for other data. Correlation residuals divide both sides by the
sample's standard deviations (Bentler, 1995), so that their mean square is SRMR squared.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

__all__ = ["GroupResiduals", "moment_errors", "residual_frame"]

Floats = NDArray[np.float64]

# Residuals nearer to zero than this are zero by the model, and so are their errors.
ZERO = 1e-5


@dataclass(frozen=True, slots=True, eq=False)
class GroupResiduals:
    """Observed and implied mean (p,) and cov (p, p) of one group, and errors of their differences.

    mean_error, cov_error: NaN where there is none. label: the group's, None for one sample.
    """

    label: str | None
    names: tuple[str, ...]
    mean: Floats
    cov: Floats
    implied_mean: Floats
    implied_cov: Floats
    mean_error: Floats
    cov_error: Floats


def moment_errors(acov: Floats, delta: Floats, inverse: Floats, information: Floats, share: float) -> Floats:
    """Standard errors (m,) of the residuals of m moments.

    acov (m, m) of the sample moments, delta (m, q), inverse (q, q) of the model's information per case
    under its constraints, information (m, m) about the moments at the model's, share n_g / N.
    """
    Q = np.eye(len(acov)) - share * delta @ inverse @ delta.T @ information
    variance = np.einsum("ij,jk,ik->i", Q, acov, Q, optimize=True)
    return np.sqrt(np.where(variance > 0.0, variance, np.nan))


def residual_frame(groups: Sequence[GroupResiduals], meanstructure: bool) -> pd.DataFrame:
    """One row a moment: lhs op rhs group observed implied raw correlation se standardized.

    op is ``~1`` for means, ``~~`` for variances and covariances. raw = observed - implied; correlation: raw
    over the sample's standard deviations; standardized = raw / se, a z statistic.
    """
    rows = [row for group in groups for row in _rows(group, meanstructure)]
    names = ["lhs", "op", "rhs", "group", "observed", "implied", "raw", "correlation", "se", "standardized"]
    frame = pd.DataFrame(rows, columns=names)
    return frame.drop(columns="group") if groups[0].label is None else frame


def _rows(g: GroupResiduals, meanstructure: bool) -> list[tuple[object, ...]]:
    sd = np.sqrt(np.diagonal(g.cov))
    out: list[tuple[object, ...]] = []
    if meanstructure:
        for i, name in enumerate(g.names):
            numbers = _numbers(g.mean[i], g.implied_mean[i], sd[i], g.mean_error[i])
            out.append((name, "~1", "", g.label, *numbers))
    for i, first in enumerate(g.names):
        for j in range(i, len(g.names)):
            numbers = _numbers(g.cov[j, i], g.implied_cov[j, i], sd[i] * sd[j], g.cov_error[j, i])
            out.append((first, "~~", g.names[j], g.label, *numbers))
    return out


def _numbers(observed: float, implied: float, scale: float, error: float) -> tuple[float, ...]:
    raw = observed - implied
    standardized = 0.0 if abs(raw) < ZERO * scale else raw / error
    return float(observed), float(implied), raw, raw / scale, float(error), float(standardized)
