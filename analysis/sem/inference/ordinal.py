"""Errors and tests of a weighted least squares fit of ordered data, of independence, and of nested models."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from analysis.sem.estimation.estimated import Estimated
from analysis.sem.estimation.wls import ordinal_part, share
from analysis.sem.inference.covariance import Errors, divisor, inverse_on
from analysis.sem.inference.difference import Difference
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
from analysis.sem.sample.ordinal.sample import OrdinalSample

__all__ = [
    "curvatures",
    "n_ordinal_moments",
    "ordinal_baseline",
    "ordinal_difference",
    "ordinal_errors",
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


def ordinal_baseline(estimated: Estimated, method: Method, predictors: Sequence[int] = ()) -> Test:
    """Test of independence, which with a diagonal W explains all but the correlations exactly.

    ``predictors``: places of observed variables that keep their covariances, without covariates to be given.
    """
    samples, groups = estimated.objective.samples, curvatures(estimated)
    left = _unexplained(ordinal_part(samples[0]), predictors)
    chisq = 0.0
    for sample, group in zip(samples, groups, strict=True):
        statistics = ordinal_part(sample).stage.statistics[left]
        chisq += sample.n * share(sample) * float(np.sum(group.weight[left] * statistics**2))
    trace = baseline_traces(groups, left) if method.robust else None
    return _test(chisq, len(left) * len(samples), trace, method)


def _unexplained(ordinal: OrdinalSample, predictors: Sequence[int]) -> NDArray[np.intp]:
    layout = ordinal.stage.layout
    kept = np.isin(ordinal.outcome, list(predictors))
    first, second = layout.pair_index
    return layout.n_univariate + np.flatnonzero(~(kept[first] & kept[second]))


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
    """Test of ``smaller`` (more df) nested in ``larger``: plain for DWLS, scaled and shifted for WLSMV.

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
