"""Nested models side by side, with the chi-square test of each step."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from itertools import pairwise

import numpy as np
import pandas as pd

from analysis.sem.errors import ModelError
from analysis.sem.fit import Fit
from analysis.sem.inference.difference import Difference, difference, scaled_difference
from analysis.sem.nesting import contains

__all__ = ["compare", "difference_of"]

# Moments further apart, in standard deviations, are of different data.
SAME_MOMENTS = 1e-6


def compare(*fits: Fit, names: Sequence[str] = (), nested: bool = True) -> pd.DataFrame:
    """model df aic bic chisq chisq_diff df_diff pvalue, from the least to the most restricted model.

    Each model is tested against the one in the row above. As in lavaan's lavTestLRT(), chisq is the unscaled
    statistic; where fits are robust the difference is scaled, by Satorra and Bentler (2001) for MLR and MLM,
    by Satorra (2000), scaled and shifted, for WLSMV.

    - names: of the models, by default "1", "2", … in the order given
    - nested: False leaves the tests out, so that models that are not nested can be compared by aic and bic

    Raises ModelError for fits of different data or by different methods, and for models that are not nested.
    """
    if len(fits) < 2:
        raise ModelError("there is nothing to compare", place="compare", mend="Give two fits or more.")
    labels = tuple(names) or tuple(str(i + 1) for i in range(len(fits)))
    if len(labels) != len(fits):
        raise ModelError(f"{len(fits)} fits but {len(labels)} names", place="names", mend="Name each once.")
    for label, fit in zip(labels[1:], fits[1:], strict=True):
        _check_same(fits[0], fit, f"{labels[0]} and {label}")
    order = sorted(range(len(fits)), key=lambda i: fits[i].estimated.df)
    rows = [_row(labels[order[0]], fits[order[0]], None)]
    for above, i in pairwise(order):
        if nested and not contains(fits[above], fits[i]):
            raise ModelError(
                f"{labels[i]} is not nested in {labels[above]}: it implies moments that the other cannot",
                place="compare",
                mend="Compare them by aic and bic with nested=False.",
            )
        rows.append(_row(labels[i], fits[i], difference_of(fits[i], fits[above]) if nested else None))
    return pd.DataFrame(rows)


def difference_of(fit: Fit, larger: Fit) -> Difference:
    """Chi-square test of a fit against a larger model it is nested in, scaled where fits are robust."""
    own, other = fit.inference.test, larger.inference.test
    if fit.samples[0].ordinal is not None:
        from analysis.sem.inference.ordinal import ordinal_difference

        pair = (larger.estimated, larger.inference.errors), (fit.estimated, fit.inference.errors)
        return ordinal_difference(*pair, fit.method)
    if fit.method.robust:
        return scaled_difference(own.chisq, own.df, own.scaling, other.chisq, other.df, other.scaling)
    plain = difference(own.chisq, own.df, other.chisq, other.df)
    if fit.method.discrepancy == "ULS":
        reason = "a difference of least-squares statistics has no chi-square distribution"
        return replace(plain, pvalue=float("nan"), reason=reason)
    return plain


def _row(label: str, fit: Fit, test: Difference | None) -> dict[str, object]:
    measures = fit.fit_measures
    return {
        "model": label,
        "df": fit.estimated.df,
        "aic": float(measures.get("aic", np.nan)),
        "bic": float(measures.get("bic", np.nan)),
        "chisq": fit.inference.test.chisq,
        "chisq_diff": np.nan if test is None else test.chisq,
        "df_diff": np.nan if test is None else test.df,
        "pvalue": np.nan if test is None else test.pvalue,
    }


def _check_same(one: Fit, other: Fit, pair: str) -> None:
    same_data = "Fit both models to the same data."
    for what, a, b in (
        ("observed variables", sorted(one.table.observed), sorted(other.table.observed)),
        ("groups", one.table.groups, other.table.groups),
        ("numbers of cases", one.n_obs, other.n_obs),
    ):
        if a != b:
            raise ModelError(f"{pair} have different {what}", place="compare", mend=same_data)
    if one.method != other.method:
        used = f"{one.method.name} and {other.method.name}"
        mend = "Use the same estimator and treatment of missing values."
        raise ModelError(f"{pair} were fitted by different methods ({used})", place="compare", mend=mend)
    if one.table.meanstructure != other.table.meanstructure:
        mend = "Use meanstructure=True for both."
        raise ModelError(f"only one of {pair} has a mean structure", place="compare", mend=mend)
    for x, y in zip(one.samples, other.samples, strict=True):
        place = [y.names.index(name) for name in x.names]
        sd = np.sqrt(np.diagonal(x.cov))
        apart = np.abs(x.cov - y.cov[np.ix_(place, place)]) / np.outer(sd, sd)
        if max(apart.max(), (np.abs(x.mean - y.mean[place]) / sd).max()) > SAME_MOMENTS:
            raise ModelError(f"{pair} were fitted to different data", place="compare", mend=same_data)
