"""Regression calibration: what answers tell of latent predictors, and an outcome score to regress on it.

With normal latent variables and errors a predictor's distribution given its indicators is normal. For any
functions f of the predictors, E(outcome score | indicators) = Σ β E(f | indicators): least squares of the
score on those expectations is consistent for β, also where f is no polynomial (Carroll, Ruppert, Stefanski &
Crainiceanu 2006, chapter 4). For linear f it is the method of Skrondal & Laake (2001).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd
from scipy.special import ndtr, ndtri
from scipy.stats import qmc

from analysis.sem.fit import Fit
from analysis.unavailable import Unavailable

NODES = 10
"""Two to this many points, each with its opposite, stand for a respondent's distribution."""
ROOT = np.sqrt(2 * np.pi)
TINY = 1e-12
"""Stands for no spread at all, where a variable is measured without error."""


@dataclass(frozen=True, slots=True, eq=False)
class Calibrated:
    """Standardised predictors given their indicators, and the outcome's score.

    means: (n, m); spread: (m, m) their covariance, the same for all; score: (n,) in SDs of the outcome,
    unbiased for it with an error independent of the predictors' indicators.
    """

    predictors: tuple[str, ...]
    means: np.ndarray
    spread: np.ndarray
    score: np.ndarray

    def column(self, predictor: str) -> int:
        """Place of a predictor."""
        return self.predictors.index(predictor)

    def product(self, first: str, second: str) -> np.ndarray:
        """E(first · second | indicators): (n,)."""
        a, b = self.column(first), self.column(second)
        return np.asarray(self.means[:, a] * self.means[:, b] + self.spread[a, b])

    def smallest(self, predictors: tuple[str, ...]) -> np.ndarray:
        """E(min | indicators) of some predictors: (n,)."""
        *places, last = [self.column(name) for name in predictors]
        V = self.spread[np.ix_(places, places)]
        slope = np.linalg.solve(V, self.spread[places, last])
        sd = float(np.sqrt(max(self.spread[last, last] - slope @ V @ slope, 0.0))) or TINY
        around = normal_nodes(V)
        out = np.zeros(len(self.means))
        for node in around:
            rest = (self.means[:, places] + node).min(axis=1)
            # The last one given the others in closed form, E min(a, X) = a − (a − μ)Φ(d) − σφ(d): a smooth
            # function is averaged better than one with a kink.
            gap = rest - self.means[:, last] - node @ slope
            d = gap / sd
            out += rest - gap * ndtr(d) - sd * np.exp(-d * d / 2) / ROOT
        return out / len(around)


def normal_nodes(covariance: np.ndarray) -> np.ndarray:
    """Points (2 · 2^NODES, m) whose averages are expectations under N(0, covariance).

    A Sobol net, each point with its opposite and with the covariances made exact, so that quadratic
    functions are averaged exactly; nothing is random.
    """
    grid = qmc.Sobol(len(covariance), scramble=False).random_base2(NODES)
    # The middle of each cell, or the first point would be minus infinity.
    points = ndtri(grid + 0.5 / len(grid))
    # The net's own spread falls short by what lies beyond its outermost points.
    points = np.linalg.solve(np.linalg.cholesky(points.T @ points / len(points)), points.T).T
    values, vectors = np.linalg.eigh(covariance)
    turned = points @ (vectors * np.sqrt(np.maximum(values, 0.0))).T
    return np.concatenate([turned, -turned])


def calibrate(
    fit: Fit, data: pd.DataFrame, predictors: tuple[str, ...], outcome: str
) -> Calibrated | Unavailable:
    """Predictors and outcome of a linear fit (no products), for the complete rows ``data``."""
    names = list(fit.cells.variables)
    A, S, *_ = fit.cells.groups[0].matrices(fit.theta)
    total = np.linalg.inv(np.eye(len(names)) - A)
    covariance = total @ S @ total.T
    at, target = [names.index(name) for name in predictors], names.index(outcome)
    observed = range(len(fit.table.observed))
    own = [k for k in observed if A[k, target] != 0.0]
    apart = [k for k in observed if total[k, target] == 0.0]
    if not own or not apart:
        return Unavailable(f"{outcome} or its predictors have no indicators of their own")
    spreads = np.sqrt(np.diagonal(covariance)[[*at, target]])
    if not np.all(spreads > 0):
        return Unavailable("a factor's variance is not positive")
    columns = data[list(fit.table.observed)].to_numpy(dtype=float)
    centred = columns - columns.mean(axis=0)
    try:
        slopes = np.linalg.solve(covariance[np.ix_(apart, apart)], covariance[np.ix_(apart, at)])
        # One indicator is the score, also where it has no error.
        one = len(own) == 1
        weights = A[own, target] if one else np.linalg.solve(S[np.ix_(own, own)], A[own, target])
    except np.linalg.LinAlgError:
        return Unavailable("the indicators' covariance matrix is singular")
    weights = weights / (weights @ A[own, target])
    means = centred[:, apart] @ slopes
    left = covariance[np.ix_(at, at)] - covariance[np.ix_(at, apart)] @ slopes
    # What predictors do to the outcome's indicators directly is no part of the outcome.
    direct = means @ A[np.ix_(own, at)].T @ weights
    scale = spreads[:-1]
    return Calibrated(
        predictors,
        means / scale,
        left / np.outer(scale, scale),
        (centred[:, own] @ weights - direct) / spreads[-1],
    )
