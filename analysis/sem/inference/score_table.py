"""Factor scores of a fit, put back on the rows of the caller's table."""

from __future__ import annotations

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from analysis.sem.errors import DataError, ModelError
from analysis.sem.estimation.wls import ordinal_part
from analysis.sem.inference.factor_scores import latent_means, regression_scores
from analysis.sem.inference.factor_scores_ordinal import Indicators, bayes_modes
from analysis.sem.inference.fitted import Fitted
from analysis.sem.inference.solution import completed
from analysis.sem.model.cells import GroupCells
from analysis.sem.model.implied import Implied
from analysis.sem.sample.moments import GroupSample

__all__ = ["factor_scores"]

Floats = NDArray[np.float64]


def factor_scores(fit: Fitted) -> pd.DataFrame:
    """One column a latent variable, one row a row of the data; NaN for rows that were not used.

    The regression method; with ordered indicators its like, empirical Bayes modes. Raises DataError where the
    fit has no cases, ModelError where the method does not apply.
    """
    n_rows, parts = fit.n_rows, []
    for cells, sample, at in zip(fit.cells.groups, fit.samples, fit.implied, strict=True):
        if sample.rows is None or sample.index is None:
            raise DataError(
                "the model was fitted to moments, so there are no cases to score",
                place="data",
                mend="Fit it to the table of cases.",
            )
        n_rows = max(n_rows, int(sample.index.max(initial=-1)) + 1)
        score = _ordinal if sample.ordinal is not None and sample.ordinal.levels else _continuous
        parts.append((sample.index, score(fit, cells, sample, at, sample.rows)))
    out = np.full((n_rows, len(fit.table.latent)), np.nan)
    for index, scores in parts:
        out[index] = scores
    return pd.DataFrame(out, columns=list(fit.table.latent))


def _continuous(fit: Fitted, cells: GroupCells, sample: GroupSample, at: Implied, rows: Floats) -> Floats:
    means = fit.table.meanstructure
    eta = latent_means(cells, fit.theta, at, sample.mean, means)
    return regression_scores(rows, at, at.mu if means else sample.mean, eta)


def _ordinal(fit: Fitted, cells: GroupCells, sample: GroupSample, at: Implied, rows: Floats) -> Floats:
    ordinal, p = ordinal_part(sample), cells.p
    y, x = ordinal.outcome, ordinal.covariate
    A, S, m, tau, _ = cells.split(completed(cells, sample, fit.theta, cells.flat(fit.theta)))
    if A[:, y].any():
        raise ModelError(
            "factor scores of ordered data need outcomes that predict nothing",
            place="factor_scores",
            mend="Take the observed mediators out, or give each an indicator of its own.",
        )
    residual = np.diagonal(S)[y]
    if residual.min() <= 0.0:
        names = ", ".join(fit.table.observed[i] for i in y[residual <= 0.0])
        raise ModelError(
            f"factor scores of ordered data need positive residual variances: {names}",
            place="factor_scores",
            mend="See problems for the Heywood case.",
        )
    lower, upper = _bounds(cells, sample, tau, rows)
    indicators = Indicators(
        loading=A[np.ix_(y, np.arange(p, cells.size))],
        residual=np.sqrt(residual),
        intercept=m[y] + rows[:, x] @ A[np.ix_(y, x)].T,
        lower=lower,
        upper=upper,
    )
    prior = at.Bm[p:] + rows[:, x] @ at.B[p:, x].T
    return bayes_modes(indicators, prior, at.C[p:, p:])


def _bounds(cells: GroupCells, sample: GroupSample, tau: Floats, rows: Floats) -> tuple[Floats, Floats]:
    """Thresholds below and above each answer (n, p_y); a continuous variable's value twice."""
    ordinal = ordinal_part(sample)
    variables = np.array([v for v, _ in cells.thresholds], dtype=np.intp)
    lower, upper = rows[:, ordinal.outcome].copy(), rows[:, ordinal.outcome].copy()
    for k, (name, variable) in enumerate(zip(ordinal.names, ordinal.outcome, strict=True)):
        if name in ordinal.levels:
            cuts = np.concatenate([[-np.inf], tau[variables == variable], [np.inf]])
            codes = np.searchsorted(ordinal.levels[name], rows[:, variable])
            lower[:, k], upper[:, k] = cuts[codes], cuts[codes + 1]
    return lower, upper
