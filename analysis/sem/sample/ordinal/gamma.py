"""Asymptotic covariance of all first-stage statistics: the sandwich of two-step likelihood (Muthén, 1984)."""

from __future__ import annotations

import numpy as np

from analysis.sem.sample.ordinal.bivariate_normal import Array
from analysis.sem.sample.ordinal.correlations import Correlations, Margin
from analysis.sem.sample.ordinal.layout import Layout
from analysis.sem.sample.ordinal.margins import ContinuousMargin

# Rows whose scores are held at a time: memory stays flat in the number of cases.
ROWS_AT_ONCE = 4096
# A correlation about which a case holds less information than this is at ±1, its likelihood flat: Γ has zeros
# for it.
SMALLEST_INFORMATION = 1e-10


def asymptotic_covariance(layout: Layout, margins: list[Margin], correlations: Correlations) -> Array:
    """n times the covariance (m, m) of all statistics, in the order of ``layout``.

    Bread: cross-products of the scores, block-diagonal for the first step, diagonal for the second, with
    Muthén's A21 between them; meat: the cross-products of all scores. Then the delta method from correlations
    to covariances with continuous variables, and means turned into minus means (Muthén, 1984; lavaan's
    ``muthen1984``).
    """
    n = len(margins[0].scores)
    meat = _cross_products(layout, margins, correlations, n)
    m = layout.n_univariate
    first = np.zeros((m, m))
    for variable in range(layout.n_variables):
        own = np.ix_(layout.univariate(variable), layout.univariate(variable))
        first[own] = np.linalg.inv(meat[own])
    information = meat.diagonal()[m:]
    known = information > n * SMALLEST_INFORMATION
    second = np.divide(1.0, information, out=np.zeros_like(information), where=known)
    mixed = -second[:, None] * (correlations.cross @ first)
    half = np.concatenate([first @ meat[:m], mixed @ meat[:m] + second[:, None] * meat[m:]])
    gamma = n * np.concatenate([half[:, :m] @ first, half[:, :m] @ mixed.T + half[:, m:] * second], axis=1)
    if len(layout.continuous):
        jacobian = _to_covariances(layout, margins, correlations.rho)
        gamma = jacobian @ gamma @ jacobian.T
    return np.asarray((gamma + gamma.T) / 2.0)


def _cross_products(layout: Layout, margins: list[Margin], correlations: Correlations, n: int) -> Array:
    meat = np.zeros((layout.n_statistics, layout.n_statistics))
    for start in range(0, n, ROWS_AT_ONCE):
        rows = slice(start, min(start + ROWS_AT_ONCE, n))
        scores = np.empty((rows.stop - rows.start, layout.n_statistics))
        for variable, margin in enumerate(margins):
            own = np.concatenate([layout.locations(variable), layout.slopes(variable)])
            scores[:, own] = margin.scores[rows]
            if isinstance(margin, ContinuousMargin):
                scores[:, layout.variance(variable)] = margin.variance_scores[rows]
        for write in correlations.score_columns:
            write(rows, scores[:, layout.n_univariate :])
        meat += scores.T @ scores
    return meat


def _to_covariances(layout: Layout, margins: list[Margin], rho: Array) -> Array:
    """Jacobian of (…, minus means, …, covariances) by (…, means, …, correlations)."""
    jacobian = np.eye(layout.n_statistics)
    means = np.flatnonzero(layout.location_is_mean)
    jacobian[means, means] = -1.0
    sd = standard_deviations(margins)
    for number, (i, j) in enumerate(layout.pairs):
        row = layout.n_univariate + number
        jacobian[row, row] = sd[i] * sd[j]
        for own, other in ((i, j), (j, i)):
            if layout.n_categories[own] == 0:
                jacobian[row, layout.variance(own)] = rho[number] * sd[other] / (2.0 * sd[own])
    return jacobian


def standard_deviations(margins: list[Margin]) -> Array:
    """(p,) residual standard deviations, 1 for an ordered variable's latent response."""
    return np.array([np.sqrt(m.variance) if isinstance(m, ContinuousMargin) else 1.0 for m in margins])
