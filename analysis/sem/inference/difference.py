"""Chi-square tests of the difference between two nested models, plain and scaled."""

from __future__ import annotations

from dataclasses import dataclass

from scipy import stats

__all__ = ["Difference", "difference", "scaled_difference"]


@dataclass(frozen=True, slots=True)
class Difference:
    """chisq on df and its p-value; scaling: the factor the plain difference was divided by.

    reason: why there is no statistic, "" where there is one; the numbers are NaN then.
    """

    chisq: float
    df: int
    pvalue: float
    scaling: float = 1.0
    reason: str = ""


def difference(chisq: float, df: int, larger_chisq: float, larger_df: int) -> Difference:
    """Plain difference of a model from a larger one, with fewer degrees of freedom, that it is nested in."""
    return _tested(chisq - larger_chisq, df - larger_df, 1.0)


def scaled_difference(
    chisq: float, df: int, scaling: float, larger_chisq: float, larger_df: int, larger_scaling: float
) -> Difference:
    """Satorra and Bentler's (2001) scaled difference, from unscaled statistics and their scaling factors.

    Can come out negative in small samples, where the factor is; then there is no statistic.
    """
    extra = df - larger_df
    if extra == 0:
        return _tested(chisq - larger_chisq, 0, 1.0)
    larger = larger_df * larger_scaling if larger_df else 0.0
    factor = (df * scaling - larger) / extra
    if factor <= 0.0:
        reason = f"the scaling factor of the difference is {factor:.3f}, not positive"
        return Difference(float("nan"), extra, float("nan"), factor, reason)
    return _tested((chisq - larger_chisq) / factor, extra, factor)


def _tested(chisq: float, df: int, scaling: float) -> Difference:
    if df == 0:
        reason = "the models have the same degrees of freedom"
        return Difference(chisq, 0, float("nan"), scaling, reason)
    return Difference(chisq, df, float(stats.chi2.sf(max(chisq, 0.0), df)), scaling)
