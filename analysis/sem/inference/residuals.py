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
# Share of a moment's own variance below which that of its residual is rounding.
ROUNDING = 1e-12


@dataclass(frozen=True, slots=True, eq=False)
class GroupResiduals:
    """The m moments of one group.

    label: the group's, "" for one sample; names: (lhs, op, rhs) of each moment; observed, implied: (m,);
    scale: (m,) the sample's standard deviations that a correlation divides by; error: (m,) of the residual,
    NaN where there is none.
    """

    label: str
    names: Sequence[tuple[str, str, str]]
    observed: Floats
    implied: Floats
    scale: Floats
    error: Floats


def moment_errors(acov: Floats, delta: Floats, inverse: Floats, information: Floats, share: float) -> Floats:
    """Standard errors (m,) of the residuals of m moments.

    acov (m, m) of the sample moments, delta (m, q), inverse (q, q) of the model's information per case under
    its constraints, information (m, m) about the moments at the model's, share n_g / N.
    """
    Q = np.eye(len(acov)) - share * delta @ (inverse @ (delta.T @ information))
    variance = np.sum(Q @ acov * Q, axis=1)
    # What the model reproduces exactly has no error but rounding, which may fall on either side of zero.
    variance[np.abs(variance) < ROUNDING * acov.diagonal()] = 0.0
    return np.sqrt(np.where(variance >= 0.0, variance, np.nan))


def residual_frame(groups: Sequence[GroupResiduals]) -> pd.DataFrame:
    """One row a moment: lhs op rhs group observed implied raw correlation se standardized.

    op is ``~1`` for means, ``~~`` for variances and covariances, ``|`` for thresholds, ``~`` for slopes on
    covariates. raw = observed - implied; correlation: raw over the sample's standard deviations;
    standardized = raw / se, a z statistic.
    """
    lhs, op, rhs = zip(*(names for g in groups for names in g.names), strict=True)
    observed, implied, scale, error = (
        np.concatenate([getattr(g, what) for g in groups])
        for what in ("observed", "implied", "scale", "error")
    )
    raw = observed - implied
    near = np.abs(raw) < ZERO * scale
    texts = {"lhs": lhs, "op": op, "rhs": rhs, "group": [g.label for g in groups for _ in g.names]}
    return pd.DataFrame(
        {name: pd.array(column, dtype="str") for name, column in texts.items()}
        | {
            "observed": observed,
            "implied": implied,
            "raw": raw,
            "correlation": raw / scale,
            "se": error,
            "standardized": np.where(near, 0.0, raw / np.where(near | (error == 0.0), np.nan, error)),
        }
    )
