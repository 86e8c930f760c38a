"""Starting values near lavaan's, so that both end in the same minimum.

Loadings by FABIN3 (Hagglund, 1982) or, with three indicators, from their covariances; factor variances by
least squares given these (lavaan has 0.05, from where scoring needs twice the steps), and with them
covariances and regressions of factors (lavaan has 0); half the sample variances for residuals; sample means
for intercepts; regressions by least squares where all variables are observed.
"""

from __future__ import annotations

from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from analysis.sem.estimation.start_plan import LATENT_VARIANCE, GroupPlan, start_plans
from analysis.sem.estimation.structural_starts import relate_factors
from analysis.sem.sample.moments import GroupSample
from analysis.sem.table.parameter_table import ParameterTable

__all__ = ["starting_values"]

Floats = NDArray[np.float64]
Ints = NDArray[np.intp]

# A reliability of one tenth for the marker bounds FABIN loadings, as in lavaan.
MARKER_RELIABILITY = 0.1


def starting_values(
    table: ParameterTable,
    samples: tuple[GroupSample, ...],
    *,
    small_variances: bool = False,
    equal_loadings: bool = False,
) -> Floats:
    """theta (q,) to start from; with `small_variances` of factors these are lavaan's own.

    `equal_loadings` guess nothing from a marker, which the other indicators may hardly follow.
    """
    theta = np.zeros(table.n_free)
    for plan, sample in zip(start_plans(table), samples, strict=True):
        start = _group_starts(plan, sample, small_variances, equal_loadings)
        theta[plan.theta] = np.where(np.isnan(plan.given), start, plan.given)[plan.free]
    return theta


def _group_starts(
    plan: GroupPlan, sample: GroupSample, small_variances: bool, equal_loadings: bool
) -> Floats:
    cov = sample.cov
    out = plan.base.copy()
    out[plan.means[:, 0]] = sample.mean[plan.means[:, 1]]
    out[plan.residuals[:, 0]] = 0.5 * cov.diagonal()[plan.residuals[:, 1]]
    if sample.ordinal is not None:
        for row, name, label in plan.thresholds:
            out[row] = sample.ordinal.threshold(name, label)
    own_variances = not (small_variances or plan.ordered)
    for factors in () if equal_loadings else plan.factors:
        among = cov[factors.items[:, :, None], factors.items[:, None, :]]
        out[factors.rows] = loadings = _loadings(among, factors.unit)
        if own_variances and loadings.shape[1] > 1:
            known = factors.variance >= 0
            out[factors.variance[known]] = _variances(among[known], loadings[known])
    for row, item, residual in plan.single:
        out[row] = max(float(cov[item, item]) - residual, LATENT_VARIANCE)
    if own_variances and plan.relations is not None:
        relate_factors(plan.relations, plan.given, cov, out)
    _least_squares(plan, cov, out)
    return out


def _loadings(cov: Floats, unit: bool) -> Floats:
    """Loadings (f, m) from the indicators' covariances (f, m, m); the first is 1 unless `unit` variances are.

    FABIN3 needs four indicators.
    """
    m = cov.shape[-1]
    if m < 4:
        return np.array([_three_indicators(own, unit) for own in cov])
    others = _others(m)
    among, with_marker = cov[:, others[:, :, None], others[:, None, :]], cov[:, others, 0]
    try:
        weights = np.linalg.solve(among, with_marker[..., None])[..., 0]
    except np.linalg.LinAlgError:
        # Of several factors perhaps only one has indicators that depend on each other.
        return (
            np.ones((1, m)) if len(cov) == 1 else np.concatenate([_loadings(own[None], unit) for own in cov])
        )
    top = (cov[:, np.arange(1, m)[:, None], others] * weights).sum(axis=-1)
    bottom = (with_marker * weights).sum(axis=-1)
    out = np.ones(cov.shape[:-1])
    out[:, 1:] = np.where(bottom != 0.0, top / np.where(bottom != 0.0, bottom, 1.0), 1.0)
    variances = cov.diagonal(axis1=-2, axis2=-1)
    bound = np.sqrt(variances / (MARKER_RELIABILITY * variances[:, :1]))
    out[:, 1:] = np.clip(out, -bound, bound)[:, 1:]
    return np.array([_rescaled(*own) for own in zip(cov, out, strict=True)]) if unit else out


@lru_cache(maxsize=32)
def _others(m: int) -> Ints:
    """For each indicator but the marker the places of all but these two: (m - 1, m - 2)."""
    return np.array([[j for j in range(1, m) if j != i] for i in range(1, m)])


def _rescaled(cov: Floats, loadings: Floats) -> Floats:
    """Loadings (m,) of a factor with variance 1, from those of one whose first loading is 1."""
    squared = loadings @ loadings
    share = np.outer(loadings, loadings) / squared
    one = np.eye(len(cov))
    theta = np.linalg.lstsq(one - share**2, (cov - share @ cov @ share).diagonal(), rcond=None)[0]
    psi = loadings @ (cov - np.diag(theta)) @ loadings / squared**2
    return np.asarray(loadings * np.sign(psi) * np.sqrt(np.abs(psi)))


def _variances(cov: Floats, loadings: Floats) -> Floats:
    """Factor variances (f,) that the indicators' covariances (f, m, m) ask for, by least squares given the
    loadings (f, m)."""
    squares = loadings**2
    # Sums over pairs of two different indicators: those over all pairs less those of each with itself.
    together = ((cov @ loadings[..., None])[..., 0] * loadings).sum(axis=-1)
    together -= (squares * cov.diagonal(axis1=-2, axis2=-1)).sum(axis=-1)
    squared = squares.sum(axis=-1) ** 2 - (squares**2).sum(axis=-1)
    return np.maximum(
        np.where(squared > 0.0, together / np.where(squared > 0.0, squared, 1.0), 0.0), LATENT_VARIANCE
    )


def _three_indicators(cov: Floats, unit: bool) -> Floats:
    """As `_loadings` of one factor, in closed form; one or two indicators are filled up to three."""
    p = len(cov)
    if p == 1:
        cov = np.ones((3, 3))
    elif p == 2:
        mean, top = cov.diagonal().mean(), cov.diagonal().max()
        cov = np.array([[*cov[0], mean], [*cov[1], cov[1, 0]], [mean, cov[1, 0], top]])
    s21, s31, s32 = cov[1, 0], cov[2, 0], cov[2, 1]
    if s21 * s31 * s32 <= 0.0:
        return np.full(p, 0.7 if unit else 1.0)
    marker = MARKER_RELIABILITY * cov[0, 0]
    psi = np.clip(s21 * s31 / s32, marker, cov[0, 0])
    bound = np.sqrt(cov.diagonal() / marker)
    out = np.clip([1.0, s32 / s31, s32 / s21], -bound, bound)
    out[0] = 1.0
    return np.asarray(out[:p] * (np.sqrt(psi) if unit else 1.0))


def _least_squares(plan: GroupPlan, cov: Floats, out: Floats) -> None:
    for y, rows, x, variance in plan.observed:
        slopes = np.linalg.lstsq(cov[np.ix_(x, x)], cov[x, y], rcond=None)[0]
        out[rows] = slopes
        residual = float(cov[y, y] - slopes @ cov[x, y])
        if variance >= 0 and 0.01 < residual / cov[y, y] < 0.99:
            out[variance] = residual
