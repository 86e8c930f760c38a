"""The test statistic's own bootstrap: draws from cases made to fit the model (Bollen & Stine, 1992).

Rows become (x - m) S^-1/2 Sigma^1/2 + mu, whose moments are the implied ones, so that the model is true in
what is drawn; the p-value is the share of draws whose statistic exceeds the fit's.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from analysis.sem.errors import DataError, ModelError
from analysis.sem.inference.fitted import Fitted
from analysis.sem.resampling.bootstrap import Failed
from analysis.sem.resampling.draws import draw_all
from analysis.sem.resampling.plan import work_of

__all__ = ["BollenStine", "bollen_stine", "model_true_rows"]

Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True, eq=False)
class BollenStine:
    """chisq of the fit, pvalue by draws, draws (R,) of the statistic under the model, and failed draws."""

    chisq: float
    pvalue: float
    draws: Floats
    failed: Failed
    seed: int


def bollen_stine(
    fit: Fitted,
    draws: int = 1000,
    seed: int = 1,
    *,
    workers: int | None = None,
    progress: Callable[[int, int], None] | None = None,
    cancel: Callable[[], bool] | None = None,
) -> BollenStine:
    """Bootstrap p-value of a fit by maximum likelihood to complete cases; options as in `bootstrap`.

    Raises ModelError for other estimators and incomplete cases, DataError where no draw has a solution.
    """
    if fit.method.discrepancy != "ML" or fit.method.clustered:
        raise ModelError(
            "the Bollen-Stine bootstrap is for maximum likelihood with complete, independent cases, not "
            + fit.method.name
            + (" with missing values" if fit.method.discrepancy == "FIML" else ""),
            place="estimator",
            mend="Use ML with listwise deletion.",
        )
    if not fit.converged:
        raise DataError("the fit itself did not converge", place="bootstrap", mend="See its problems first.")
    rows = []
    for sample, at in zip(fit.samples, fit.implied, strict=True):
        if sample.rows is None:
            raise DataError(
                "a bootstrap draws cases, and this fit has moments only", place="data", mend="Fit the cases."
            )
        mu = at.mu if fit.table.meanstructure else sample.mean
        rows.append(model_true_rows(sample.rows, sample.cov, at.sigma, mu))
    work = work_of(fit.estimated, fit.method, fit.vcov, rows=tuple(rows), statistic=True)
    found = draw_all(work, draws, seed, workers=workers, progress=progress, cancel=cancel)
    statistic = found.statistic[np.isfinite(found.statistic)]
    if not len(statistic):
        raise DataError("no draw has a solution", place="bootstrap", mend="Mend the model first.")
    chisq = float(fit.estimated.chisq_by_group.sum())
    failed = Failed(draws - len(statistic), dict(Counter(found.reasons.values()).most_common()))
    return BollenStine(chisq, float((statistic > chisq).mean()), statistic, failed, seed)


def model_true_rows(rows: Floats, cov: Floats, sigma: Floats, mu: Floats) -> Floats:
    """Rows (n, p) with covariance matrix cov turned into rows with moments sigma and mu."""
    turn = _power(cov, -0.5) @ _power(sigma, 0.5)
    return np.asarray((rows - rows.mean(axis=0)) @ turn + mu)


def _power(matrix: Floats, exponent: float) -> Floats:
    """Symmetric power of a positive definite matrix."""
    values, vectors = np.linalg.eigh(matrix)
    return np.asarray((vectors * values**exponent) @ vectors.T)
