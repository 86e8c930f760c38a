"""Congeneric one-factor models: loadings and residuals of each construct by itself."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from analysis import sem
from analysis.measurement.reliability import omega
from analysis.pipeline.fitting import TROUBLE
from analysis.unavailable import Unavailable


@dataclass(frozen=True, slots=True)
class OneFactorFit:
    """How well one factor accounts for the indicators; there is none where it has no degrees of freedom."""

    df: int
    pvalue: float
    cfi: float
    rmsea: float
    srmr: float


@dataclass(frozen=True, slots=True, eq=False)
class OneFactor:
    """Unstandardised loadings (k,) on a factor of variance 1 and residual variances (k,)."""

    loadings: np.ndarray
    residuals: np.ndarray
    covariance: np.ndarray
    fit: OneFactorFit | None = None

    @property
    def omega(self) -> float:
        """McDonald's ω of the sum."""
        return omega(self.loadings, self.residuals)

    @property
    def standardised(self) -> np.ndarray:
        """Loadings on standardised indicators: (k,)."""
        return np.asarray(self.loadings / np.sqrt(self.loadings**2 + self.residuals))


def fit_one_factor(
    indicators: pd.DataFrame, missing: str, *, assessed: bool = True
) -> OneFactor | Unavailable:
    """The one-factor model of (n, k) indicators; two of them are taken as parallel.

    Without ``assessed`` its fit is not looked at, which is most of the work.
    Unavailable for one indicator, one without variance, or a fit that did not converge or is improper.
    """
    k = indicators.shape[1]
    if k < 2:
        return Unavailable("one indicator alone has no internal consistency")
    answered = indicators.dropna(how="all")
    complete = indicators.dropna()
    if len(complete) <= k:
        return Unavailable(f"only {len(complete)} respondents answered all {k} indicators")
    if k > 2 and len(answered) < 3 * k:
        # Loadings, residuals and means: with fewer rows than those the search climbs a ridge for seconds.
        return Unavailable(
            f"{len(answered)} respondents are too few for the {3 * k} parameters of one factor"
        )
    covariance = np.cov(complete.to_numpy(dtype=float), rowvar=False)
    if (np.diag(covariance) < 1e-12).any():
        return Unavailable("an indicator has the same value throughout")
    if k == 2:
        return _parallel(covariance)
    names = [f"x{index + 1}" for index in range(k)]
    # Without holes full information is the listwise likelihood, and only means add to what is assessed.
    whole = not assessed and len(complete) == len(answered)
    try:
        fit = sem.fit(
            f"f =~ {' + '.join(names)}",
            answered.set_axis(names, axis=1),
            estimator="ML",
            missing="listwise" if whole else missing,
            std_lv=True,
        )
    except TROUBLE as error:
        return Unavailable(f"the one-factor model cannot be fitted: {error}")
    if not fit.converged:
        return Unavailable("the one-factor model did not converge")
    paths, variances = fit.cells.groups[0].matrices(fit.theta)[:2]
    loadings, residuals = paths[:k, k], np.diag(variances)[:k]
    if (residuals < 0).any():
        return Unavailable("a residual variance is negative, so the one-factor model is improper")
    df, fitted = fit.estimated.df, None
    if assessed and df > 0:
        measures = fit.fit_measures
        shown = (float(measures[name]) for name in ("cfi", "rmsea", "srmr"))
        fitted = OneFactorFit(df, fit.inference.test.pvalue, *shown)
    if missing == "fiml" and len(complete) < len(answered):
        # Loadings of all rows over the spread of the complete ones alone gave reliabilities above one.
        covariance = fit.samples[0].cov * len(answered) / (len(answered) - 1)
    return OneFactor(loadings, residuals, covariance, fitted)


def _parallel(covariance: np.ndarray) -> OneFactor | Unavailable:
    """Two indicators: equal standardised loadings √r, which gives the Spearman–Brown reliability."""
    sd = np.sqrt(np.diag(covariance))
    r = float(covariance[0, 1] / (sd[0] * sd[1]))
    if r <= 0:
        return Unavailable("the two indicators do not correlate positively")
    return OneFactor(np.sqrt(r) * sd, (1 - r) * sd**2, covariance)


def error_variance(parcel: pd.Series, factor: OneFactor) -> float:
    """(1 − ω)·var(parcel), the residual at which a one-parcel latent is fixed; variance over n."""
    return float((1 - factor.omega) * parcel.var(ddof=0))
