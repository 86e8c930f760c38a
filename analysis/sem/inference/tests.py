"""The test of a model against the saturated one, plain and scaled.

Satorra & Bentler (1994): the statistic divided by tr(U Gamma)/df; the Mplus variant of Yuan & Bentler (2000):
by (tr(B A^-1) of the saturated model - tr(B A^-1) of this one)/df, as lavaan's "yuan.bentler.mplus".
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.special import chdtrc

from analysis.sem.estimation.estimated import Estimated
from analysis.sem.inference.covariance import Errors, inverse_on
from analysis.sem.inference.fourth_moments import weighted_trace
from analysis.sem.method import Method

__all__ = ["Test", "test_of", "upper_tail"]

Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Test:
    """Statistics of one model; NaN where a value does not exist (df 0, no reference distribution).

    trace: tr(U Gamma), the expectation of chisq when the model is true; scaling: chisq / chisq_scaled (with
    shift added where the test has one); saturated: tr(B A^-1) of the saturated model; scaling_h1, scaling_h0:
    of the two log-likelihoods (Yuan & Bentler).
    """

    chisq: float
    df: int
    pvalue: float
    chisq_scaled: float = np.nan
    pvalue_scaled: float = np.nan
    scaling: float = np.nan
    shift: float = 0.0
    trace: float = np.nan
    saturated: float = np.nan
    scaling_h1: float = np.nan
    scaling_h0: float = np.nan


def test_of(estimated: Estimated, errors: Errors | None, method: Method, saturated: float | None) -> Test:
    """Test by the method, for continuous variables; only robust ones need the errors.

    ``saturated``: tr(B A^-1) of the saturated model where it is known from another model of these samples.
    """
    chisq, df = float(estimated.chisq_by_group.sum()), estimated.df
    reference = method.discrepancy != "ULS" and df > 0
    pvalue = upper_tail(chisq, df) if reference else np.nan
    if not method.robust:
        return Test(chisq, df, pvalue)
    h1 = h0 = trace = whole = np.nan
    if errors is not None and errors.inverse is not None and errors.meat is not None:
        own = float(np.vdot(errors.meat, _inverse(estimated, errors, method)))
        whole = _saturated(estimated, method) if saturated is None else saturated
        trace = whole - own if df > 0 else np.nan
        if df > 0 and method.test == "yuan_bentler":
            h1, h0 = whole / estimated.n_moments, own / max(1, estimated.objective.cells.q)
    if df == 0:
        return Test(chisq, df, pvalue, chisq, np.nan, np.nan, 0.0, trace, whole, h1, h0)
    scaling = trace / df
    if not scaling > 0:
        return Test(chisq, df, pvalue, np.nan, np.nan, np.nan, 0.0, trace, whole, h1, h0)
    scaled = chisq / scaling
    return Test(chisq, df, pvalue, scaled, upper_tail(scaled, df), scaling, 0.0, trace, whole, h1, h0)


def _inverse(estimated: Estimated, errors: Errors, method: Method) -> Floats:
    """The test's inverse information: about the moments for clusters under plain ML, as in lavaan."""
    if method.clustered and method.name == "ML":
        objective, point = estimated.objective, estimated.solution.point
        other = inverse_on(estimated.tangent, objective.curvature(point))
        return np.full_like(errors.information, np.nan) if other is None else other
    return errors.information * np.nan if errors.inverse is None else errors.inverse


def upper_tail(chisq: float, df: float) -> float:
    """P(chi-square on df > chisq)."""
    return float(chdtrc(df, chisq)) if df > 0 and np.isfinite(chisq) else np.nan


def _saturated(estimated: Estimated, method: Method) -> float:
    objective = estimated.objective
    means = objective.cells.meanstructure
    out = 0.0
    for sample, state in zip(objective.samples, estimated.solution.point.states, strict=True):
        cluster = (sample.cluster,) if method.clustered else ()
        if method.test == "satorra_bentler":
            out += weighted_trace(sample, state.inverse, estimated.exogenous, means, *cluster)
        elif objective.estimator.saturated_trace is not None:
            out += objective.estimator.saturated_trace(sample, estimated.exogenous, means, *cluster)
    return out
