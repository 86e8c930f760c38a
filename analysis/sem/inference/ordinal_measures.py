"""Fit measures of ordered data: residual summaries, GFI, WRMR, and robust CFI and RMSEA where they apply."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from analysis.sem.estimation.estimated import Estimated
from analysis.sem.estimation.wls import State, ordinal_part
from analysis.sem.inference.categorical_misfit import (
    CorrelationFit,
    bias,
    discrepancy,
    null_bias,
    null_discrepancy,
)
from analysis.sem.inference.covariance import Errors, divisor
from analysis.sem.inference.fit_measures import Measured, RobustMisfit, averaged, fit_measures
from analysis.sem.inference.ordinal import curvatures, ordinal_baseline
from analysis.sem.inference.residual_summaries import residual_summaries
from analysis.sem.inference.tests import Test
from analysis.sem.method import Method
from analysis.sem.sample.moments import GroupSample

__all__ = ["ordinal_gfi", "ordinal_measures", "ordinal_misfit", "ordinal_residuals"]

Floats = NDArray[np.float64]


def ordinal_measures(
    estimated: Estimated, errors: Errors, test: Test, method: Method, predictors: Sequence[int] = ()
) -> dict[str, float]:
    """Fit measures by lavaan's names with "_" for ".", ``predictors`` as in :func:`ordinal_baseline`.

    Robust CFI, TLI and RMSEA of ordered variables are NaN where :func:`ordinal_misfit` says why; without any
    ordered variable they come from the mean of the test (Brosseau-Liard, Savalei & Li, 2012).
    """
    objective = estimated.objective
    categorical = bool(ordinal_part(objective.samples[0]).levels)
    baseline = ordinal_baseline(estimated, method, predictors)
    robust = None
    if method.robust and categorical:
        robust = ordinal_misfit(estimated, errors)[0]
    elif method.robust:
        robust = RobustMisfit(
            test.chisq, _mean(test), test.chisq_scaled, baseline.chisq, _mean(baseline), test.scaling
        )
    unknown = RobustMisfit(np.nan, np.nan, np.nan, np.nan, np.nan) if method.robust else None
    n_moments = sum(len(state.residual) for state in estimated.solution.point.states)
    found = fit_measures(
        Measured(
            test=test,
            baseline=baseline,
            robust=robust or unknown,
            shifted=True,
            fmin=estimated.solution.point.value,
            n=divisor(estimated),
            n_total=estimated.n_total,
            groups=len(objective.samples),
            npar=estimated.n_parameters,
            gfi=ordinal_gfi(estimated),
            gfi_moments=n_moments,
            residuals=_averaged(estimated) if categorical else _continuous_residuals(estimated),
            categorical=categorical,
        )
    )
    if robust is None:
        found |= {name: np.nan for name in found if name.endswith("_robust")}
    if not categorical:
        return found
    # lavaan divides by the statistics of one group, so that WRMR grows with the number of groups.
    return {**found, "wrmr": float(np.sqrt(test.chisq / len(estimated.solution.point.states[0].residual)))}


def _mean(test: Test) -> float:
    """E(chisq)/df that scaling and shift together undo."""
    return test.scaling * (test.df - test.shift) / test.df if test.df > 0 else np.nan


def _continuous_residuals(estimated: Estimated) -> dict[str, float]:
    objective = estimated.objective
    means = objective.cells.meanstructure
    groups = [
        residual_summaries(s.cov, s.mean, at.at.sigma, at.at.mu if means else s.mean, means)
        for s, at in zip(objective.samples, estimated.solution.point.states, strict=True)
    ]
    return averaged(groups, objective.shares.tolist())


def _averaged(estimated: Estimated) -> dict[str, float]:
    """Residual summaries averaged over groups by cases; srmr is of correlations alone, as lavaan's."""
    groups, shares = ordinal_residuals(estimated), estimated.objective.shares
    out = {name: float(sum(w * g[name] for w, g in zip(shares, groups, strict=True))) for name in groups[0]}
    return {"srmr": out["srmr_bentler_nomean"], **out}


def ordinal_residuals(estimated: Estimated) -> list[dict[str, float]]:
    """Residual summaries of each group, lavaan's for ordered variables (0.6-14).

    Correlations alone (_nomean) and with thresholds. Variances are not residuals but count in the divisor of
    RMR and SRMR, those of covariates too.
    """
    pairs = zip(estimated.objective.samples, estimated.solution.point.states, strict=True)
    return [_summaries(sample, state) for sample, state in pairs]


def _summaries(sample: GroupSample, state: State) -> dict[str, float]:
    stage = ordinal_part(sample).stage
    layout = stage.layout
    first, second = layout.pair_index
    sd = np.sqrt(stage.cov.diagonal())
    raw = state.residual[layout.n_univariate :]
    observed = stage.cov[first, second]
    sd_model = sd.copy()
    variances = slice(layout.n_univariate - len(layout.continuous), layout.n_univariate)
    implied = sd[layout.continuous] ** 2 - state.residual[variances]
    sd_model[layout.continuous] = np.sqrt(np.maximum(implied, np.finfo(float).tiny))
    bollen = observed / (sd[first] * sd[second]) - (observed - raw) / (sd_model[first] * sd_model[second])
    thresholds = state.residual[: layout.n_locations][~layout.location_is_mean]
    extra = len(sample.names)
    out = {}
    for name, values, less in (
        ("rmr", raw, extra),
        ("srmr_bentler", raw / (sd[first] * sd[second]), extra),
        ("crmr", bollen, 0),
    ):
        out[name] = _rms(np.concatenate([values, thresholds]), less)
        out[f"{name}_nomean"] = _rms(values, less)
    return out | {"srmr_mplus": np.nan, "srmr_mplus_nomean": np.nan}


def _rms(values: Floats, extra: int) -> float:
    return float(np.sqrt(values @ values / (len(values) + extra))) if len(values) + extra else 0.0


def ordinal_gfi(estimated: Estimated) -> float:
    """1 − r'Wr / s'Ws, averaged over groups."""
    out = 0.0
    for sample, state, portion in zip(
        estimated.objective.samples,
        estimated.solution.point.states,
        estimated.objective.shares,
        strict=True,
    ):
        s = ordinal_part(sample).stage.statistics
        out += portion * (1.0 - np.sum(state.weight * state.residual**2) / np.sum(state.weight * s**2))
    return float(out)


def ordinal_misfit(estimated: Estimated, errors: Errors) -> tuple[RobustMisfit | None, str]:
    """What robust CFI and RMSEA are made of, or None and the reason."""
    samples = estimated.objective.samples
    layouts = [ordinal_part(sample).stage.layout for sample in samples]
    df, n_pairs = estimated.df, sum(len(layout.pairs) for layout in layouts)
    if len(layouts[0].continuous):
        return None, "not defined with continuous outcomes beside the ordered ones"
    if layouts[0].n_covariates:
        return None, "not defined given covariates"
    if not n_pairs:
        return None, "there are no correlations"
    if errors.inverse is None:
        return None, "the model is not identified"
    if _thresholds_tied(estimated):
        return None, "not defined with restricted thresholds"
    fits = [
        CorrelationFit(ordinal_part(sample).stage.cov, _implied(sample, state), group)
        for sample, state, group in zip(
            samples, estimated.solution.point.states, curvatures(estimated), strict=True
        )
    ]
    if any(np.linalg.eigvalsh(m)[0] <= 1e-8 for fit in fits for m in (fit.sample, fit.implied)):
        return None, "a matrix of polychoric or implied correlations is not positive definite"
    chisq = sum(s.n * discrepancy(fit) for s, fit in zip(samples, fits, strict=True))
    baseline = sum(s.n * null_discrepancy(fit) for s, fit in zip(samples, fits, strict=True))
    scaling = bias(fits, errors.inverse) / df if df > 0 else 1.0
    return RobustMisfit(chisq, scaling, chisq / scaling, baseline, null_bias(fits) / n_pairs), ""


def _thresholds_tied(estimated: Estimated) -> bool:
    """Whether some threshold is not free to fit its sample value."""
    worst = 0.0
    for sample, state in zip(estimated.objective.samples, estimated.solution.point.states, strict=True):
        locations = state.residual[: ordinal_part(sample).stage.layout.n_locations]
        worst = max(worst, float(np.abs(locations).max(initial=0.0)))
    return worst > 1e-6


def _implied(sample: GroupSample, state: State) -> Floats:
    """Sample minus residual: the correlations that the model implies."""
    stage = ordinal_part(sample).stage
    first, second = stage.layout.pair_index
    implied = stage.cov.copy()
    residual = state.residual[stage.layout.n_univariate :]
    implied[first, second] -= residual
    implied[second, first] -= residual
    return implied
