"""Residuals of two-stage statistics: thresholds, slopes and correlations, with errors from Gamma."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from analysis.sem.estimation.wls import ordinal_part
from analysis.sem.inference.fitted import Fitted
from analysis.sem.inference.ordinal import curvatures
from analysis.sem.inference.residuals import GroupResiduals, moment_errors
from analysis.sem.sample.moments import GroupSample
from analysis.sem.sample.ordinal.sample import OrdinalSample

__all__ = ["ordinal_groups"]

Floats = NDArray[np.float64]


def ordinal_groups(fit: Fitted) -> list[GroupResiduals]:
    """Residuals of each group; means of continuous variables with their own sign."""
    inverse = fit.inference.errors.inverse
    out = []
    states = fit.estimated.solution.point.states
    for sample, state, curvature in zip(fit.samples, states, curvatures(fit.estimated), strict=True):
        error = np.full(len(state.residual), np.nan)
        if inverse is not None:
            weight = np.diag(curvature.weight)
            acov = curvature.gamma / sample.n
            error = moment_errors(acov, curvature.delta, inverse, weight, curvature.share)
        out.append(_group(sample, state, error))
    return out


def _group(sample: GroupSample, state: Any, error: Floats) -> GroupResiduals:
    ordinal = ordinal_part(sample)
    layout = ordinal.stage.layout
    sign = np.ones(layout.n_statistics)
    sign[: layout.n_locations] = np.where(layout.location_is_mean, -1.0, 1.0)
    observed = sign * ordinal.stage.statistics
    return GroupResiduals(
        label=sample.label,
        names=_names(ordinal),
        observed=observed,
        implied=observed - sign * state.residual,
        scale=_scale(ordinal),
        error=error,
    )


def _names(ordinal: OrdinalSample) -> list[tuple[str, str, str]]:
    layout, names = ordinal.stage.layout, ordinal.names
    out: list[tuple[str, str, str]] = []
    for v, name in enumerate(names):
        if layout.n_categories[v]:
            out += [(name, "|", f"t{k}") for k in range(1, layout.n_categories[v])]
        elif layout.means:
            out.append((name, "~1", ""))
    out += [(name, "~", x) for x in ordinal.covariates for name in names]
    out += [(names[v], "~~", names[v]) for v in layout.continuous]
    return out + [(names[a], "~~", names[b]) for a, b in layout.pairs]


def _scale(ordinal: OrdinalSample) -> Floats:
    """Standard deviations of what each statistic is in the units of."""
    layout = ordinal.stage.layout
    sd = np.sqrt(np.diagonal(ordinal.stage.cov))
    first, second = layout.pair_index
    x = np.sqrt(np.diagonal(ordinal.covariate_cov))
    return np.concatenate(
        [
            sd[layout.location_variable],
            np.repeat(1.0 / x, len(sd)) * np.tile(sd, len(x)),
            sd[layout.continuous] ** 2,
            sd[first] * sd[second],
        ]
    )
