"""Multivariate normality: Mardia's skewness and kurtosis, and the Henze–Zirkler test."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy.stats import chi2, norm

from analysis.unavailable import Unavailable

LARGEST = 6000
"""Both tests compare every respondent with every other; beyond this that takes seconds and gigabytes."""


@dataclass(frozen=True, slots=True)
class Normality:
    """``skewness`` b₁ₚ with its χ², ``kurtosis`` b₂ₚ with its z, Henze–Zirkler's statistic; n × p data."""

    n: int
    p: int
    skewness: float
    skewness_chisq: float
    skewness_df: int
    skewness_pvalue: float
    kurtosis: float
    kurtosis_z: float
    kurtosis_pvalue: float
    henze_zirkler: float
    henze_zirkler_pvalue: float


def multivariate_normality(values: np.ndarray) -> Normality | Unavailable:
    """Tests of (n, p) complete data (Mardia 1970; Henze & Zirkler 1990), with the ML covariance matrix.

    Unavailable for data too few, too many or with a singular covariance matrix.
    """
    n, p = values.shape
    if n <= p + 1:
        return Unavailable(f"{n} complete rows are too few for {p} variables")
    if n > LARGEST:
        return Unavailable(f"with {n} respondents any departure is significant, and the tests take too long")
    centred = values - values.mean(axis=0)
    covariance = centred.T @ centred / n
    if np.linalg.matrix_rank(covariance, hermitian=True) < p:
        return Unavailable("the covariance matrix is singular: some variables are sums of others or constant")
    between = centred @ np.linalg.solve(covariance, centred.T)
    skewness = float((between**3).sum() / n**2)
    kurtosis = float((np.diag(between) ** 2).mean())
    chisq, df = n * skewness / 6, p * (p + 1) * (p + 2) // 6
    z = (kurtosis - p * (p + 2)) / np.sqrt(8 * p * (p + 2) / n)
    import pingouin

    test = pingouin.multivariate_normality(values)
    return Normality(
        n,
        p,
        skewness,
        chisq,
        df,
        float(chi2.sf(chisq, df)),
        kurtosis,
        float(z),
        float(2 * norm.sf(abs(z))),
        float(test.hz),
        float(test.pval),
    )
