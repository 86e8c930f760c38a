"""Two-stage statistics of ordered and continuous variables (Muthén, 1984), from thresholds to Γ."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from analysis.sem.sample.ordinal.bivariate_normal import Array
from analysis.sem.sample.ordinal.correlations import Margin, correlate
from analysis.sem.sample.ordinal.gamma import asymptotic_covariance, standard_deviations
from analysis.sem.sample.ordinal.layout import Layout
from analysis.sem.sample.ordinal.margins import (
    ContinuousMargin,
    NoMaximumError,
    continuous_margin,
    ordinal_margin,
)


@dataclass(frozen=True, slots=True)
class TwoStage:
    """Statistics of one group: p variables, q covariates, n cases, m statistics.

    layout: order of the m statistics · locations: thresholds and means, (layout.n_locations,) · slopes: (p,
    q) · cov: (p, p) polychoric, polyserial and ordinary (residual) covariances, 1 on an ordered variable's
    diagonal · gamma: (m, m), n times the covariance of the statistics, None when not asked for · n: cases ·
    empty_pairs: pairs of ordered variables with an empty cell.
    """

    layout: Layout
    locations: Array
    slopes: Array
    cov: Array
    gamma: Array | None
    n: int
    empty_pairs: tuple[tuple[int, int], ...]

    @property
    def statistics(self) -> Array:
        """(m,) in the order of ``layout``; means with a minus sign, as thresholds are."""
        sign = np.where(self.layout.location_is_mean, -1.0, 1.0)
        first, second = self.layout.pair_index
        variances = np.diag(self.cov)[self.layout.continuous]
        return np.concatenate(
            [sign * self.locations, self.slopes.T.ravel(), variances, self.cov[second, first]]
        )


def two_stage(
    values: Array, n_categories: tuple[int, ...], x: Array | None = None, *, with_gamma: bool = True
) -> TwoStage:
    """Two-stage statistics of ``values`` (n, p), complete cases.

    An ordered column holds codes 0 … K−1 that all occur, K = ``n_categories`` of the column; 0 stands for a
    continuous column, which must vary. ``x``: (n, q) covariates of full rank with the constant, on which
    every variable is regressed; the covariances are then residual ones.
    Raises NoMaximumError with the column where covariates separate categories of an ordered one perfectly,
    and numpy.linalg.LinAlgError where there are too few rows for Γ.
    """
    covariates = np.empty((len(values), 0)) if x is None else x
    layout = Layout(n_categories, covariates.shape[1])
    margins = [_margin(v, values[:, v], k, covariates) for v, k in enumerate(n_categories)]
    correlations = correlate(layout, margins, values, covariates)
    sd = standard_deviations(margins)
    cov = np.diag(sd**2)
    for (i, j), rho in zip(layout.pairs, correlations.rho, strict=True):
        cov[i, j] = cov[j, i] = rho * sd[i] * sd[j]
    return TwoStage(
        layout=layout,
        locations=np.concatenate([np.atleast_1d(_location(m)) for m in margins]),
        slopes=np.stack([m.slopes for m in margins]),
        cov=cov,
        gamma=asymptotic_covariance(layout, margins, correlations) if with_gamma else None,
        n=len(values),
        empty_pairs=tuple(layout.pairs[n] for n in correlations.empty),
    )


def _margin(v: int, column: Array, k: int, covariates: Array) -> Margin:
    if not k:
        return continuous_margin(column, covariates)
    try:
        return ordinal_margin(column.astype(np.intp), k, covariates)
    except NoMaximumError:
        raise NoMaximumError(v) from None


def _location(margin: Margin) -> Array:
    return np.array([margin.intercept]) if isinstance(margin, ContinuousMargin) else margin.thresholds
