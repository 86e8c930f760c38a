"""What is inferred from a weighted least squares fit of ordered data: errors, tests, misfit, residuals."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from analysis.sem.estimation.estimated import Estimated
from analysis.sem.estimation.wls import State, ordinal_part, share
from analysis.sem.inference.categorical_misfit import (
    CorrelationFit,
    bias,
    discrepancy,
    null_bias,
    null_discrepancy,
)
from analysis.sem.inference.covariance import Errors, divisor, inverse_on
from analysis.sem.inference.difference import Difference
from analysis.sem.inference.fit_measures import RobustMisfit
from analysis.sem.inference.scaled_shifted import (
    Curvature,
    Traces,
    baseline_traces,
    difference_traces,
    information,
    meat,
    scaled_shifted,
    traces,
)
from analysis.sem.inference.tests import Test, upper_tail
from analysis.sem.method import Method
from analysis.sem.sample.moments import GroupSample

__all__ = [
    "curvatures",
    "n_ordinal_moments",
    "ordinal_baseline",
    "ordinal_difference",
    "ordinal_errors",
    "ordinal_gfi",
    "ordinal_misfit",
    "ordinal_residuals",
    "ordinal_test",
]

Floats = NDArray[np.float64]


def n_ordinal_moments(samples: Sequence[GroupSample]) -> int:
    """Statistics to be explained, over all groups."""
    return sum(ordinal_part(sample).stage.layout.n_statistics for sample in samples)


def curvatures(estimated: Estimated) -> tuple[Curvature, ...]:
    """Δ (by all of theta), W and Γ of each group at the estimates."""
    objective = estimated.objective
    out = []
    for cells, sample, state, portion in zip(
        objective.cells.groups,
        objective.samples,
        estimated.solution.point.states,
        objective.shares,
        strict=True,
    ):
        delta = np.zeros((objective.cells.q, len(state.residual)))
        np.add.at(delta, cells.free, state.by_cell.T)
        out.append(Curvature(float(portion), state.weight, ordinal_part(sample).gamma, delta.T))
    return tuple(out)


def ordinal_errors(estimated: Estimated, method: Method) -> Errors:
    """Errors by the method: E⁻¹/(N − G) for DWLS, as if W were Γ⁻¹; the sandwich with Γ for WLSMV."""
    groups = curvatures(estimated)
    E = information(groups)
    inverse = inverse_on(estimated.tangent, E)
    Q = meat(groups) if method.robust else None
    if inverse is None:
        return Errors(E, None, Q, np.full_like(E, np.nan))
    middle = inverse if Q is None else inverse @ Q @ inverse
    return Errors(E, inverse, Q, middle / divisor(estimated))


def ordinal_test(estimated: Estimated, errors: Errors, method: Method) -> Test:
    """Test against the unrestricted statistics; scaled and shifted for WLSMV and ULSMV."""
    chisq, df = float(estimated.chisq_by_group.sum()), estimated.df
    trace = None
    if method.robust and errors.inverse is not None:
        trace = traces(curvatures(estimated), errors.inverse)
    return _test(chisq, df, trace, method)


def ordinal_baseline(estimated: Estimated, method: Method) -> Test:
    """Test of independence, which with a diagonal W explains all but the correlations exactly."""
    chisq, df = 0.0, 0
    groups = curvatures(estimated)
    for sample, group in zip(estimated.objective.samples, groups, strict=True):
        stage = ordinal_part(sample).stage
        left = slice(stage.layout.n_univariate, None)
        chisq += sample.n * share(sample) * float(np.sum(group.weight[left] * stage.statistics[left] ** 2))
        df += len(stage.layout.pairs)
    explained = ordinal_part(estimated.objective.samples[0]).stage.layout.n_univariate
    trace = baseline_traces(groups, explained) if method.robust else None
    return _test(chisq, df, trace, method)


def _test(chisq: float, df: int, trace: Traces | None, method: Method) -> Test:
    reference = method.discrepancy != "ULS" and df > 0
    pvalue = upper_tail(chisq, df) if reference else np.nan
    if not method.robust:
        return Test(chisq, df, pvalue)
    if trace is None:
        return Test(chisq, df, pvalue)
    if df == 0:
        return Test(chisq, df, pvalue, chisq, np.nan, np.nan, 0.0, trace.first)
    t = scaled_shifted(chisq, df, trace)
    tail = upper_tail(t.statistic, df)
    return Test(chisq, df, pvalue, t.statistic, tail, t.scaling, t.shift, trace.first)


def ordinal_difference(
    larger: tuple[Estimated, Errors], smaller: tuple[Estimated, Errors], method: Method
) -> Difference:
    """Test of ``smaller`` (more df) nested in ``larger``: plain for DWLS, for WLSMV scaled and shifted as
    lavaan.

    lavaan's default for a scaled-and-shifted test: Satorra (2000), the restriction by the delta method.
    """
    (wide, errors), (narrow, _) = larger, smaller
    df = narrow.df - wide.df
    chisq = float(narrow.chisq_by_group.sum() - wide.chisq_by_group.sum())
    if df <= 0:
        return Difference(chisq, df, np.nan, reason="the models have the same degrees of freedom")
    if not method.robust:
        return Difference(chisq, df, upper_tail(chisq, df))
    if errors.inverse is None:
        return Difference(np.nan, df, np.nan, reason="the larger model is not identified")
    try:
        trace = difference_traces(
            curvatures(wide), errors.inverse, wide.tangent, curvatures(narrow), narrow.tangent, df
        )
    except np.linalg.LinAlgError:
        return Difference(np.nan, df, np.nan, reason="the models are not nested")
    t = scaled_shifted(chisq, df, trace)
    return Difference(t.statistic, df, upper_tail(t.statistic, df), t.scaling)


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
    if df == 0 or not n_pairs or errors.inverse is None:
        return None, "no degrees of freedom" if errors.inverse is not None else "the model is not identified"
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
    scaling = bias(fits, errors.inverse) / df
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
