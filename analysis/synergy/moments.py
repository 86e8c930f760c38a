"""Latent products by moments: factor scores and errors-in-variables, no product indicators."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

Term = tuple[int, ...]
"""Columns of the factor scores multiplied with one another; () is the intercept."""


@dataclass(frozen=True, slots=True, eq=False)
class MomentFit:
    """A regression with k terms. ``coefficients`` (k,), ``covariance`` (k, k), sandwich.

    ``variances``: (m,) factor variances corrected for the scores' error.
    """

    coefficients: np.ndarray
    covariance: np.ndarray
    variances: np.ndarray


def bartlett_scores(
    data: np.ndarray, loadings: np.ndarray, residuals: np.ndarray
) -> tuple[np.ndarray, np.ndarray]:
    """Bartlett (1937) scores of centred data and their error covariance.

    data: (n, p); loadings: (p, m); residuals: (p, p), not singular. Returns (n, m) and (m, m).
    """
    weighted = np.linalg.solve(residuals, loadings)
    error = np.linalg.inv(loadings.T @ weighted)
    return (data - data.mean(axis=0)) @ weighted @ error, error


def corrected_product(scores: np.ndarray, error: np.ndarray, columns: Term) -> np.ndarray:
    """Unbiased estimate of a product of factors from scores with normal error: (n, m), (m, m) → (n,).

    The multivariate Hermite polynomial: f₁ times the product of the rest, less each V₁ⱼ times the product of
    the others (Wall & Amemiya 2000). ``columns`` may repeat a factor.
    """
    if not columns:
        return np.ones(len(scores))
    first, rest = columns[0], columns[1:]
    product: np.ndarray = scores[:, first] * corrected_product(scores, error, rest)
    for place, other in enumerate(rest):
        product = product - error[first, other] * corrected_product(
            scores, error, rest[:place] + rest[place + 1 :]
        )
    return product


def fit_moments(scores: np.ndarray, error: np.ndarray, terms: Sequence[Term], outcome: int) -> MomentFit:
    """Regression of factor ``outcome`` on products of factors by corrected moments (Wall & Amemiya 2003).

    scores: (n, m); error: (m, m). Errors are sandwich errors given the first stage. LinAlgError where the
    moments of the terms are singular.
    """
    n, k = len(scores), len(terms)
    cross = np.empty((n, k, k))
    with_outcome = np.empty((n, k))
    for a in range(k):
        for b in range(a, k):
            cross[:, a, b] = corrected_product(scores, error, terms[a] + terms[b])
            cross[:, b, a] = cross[:, a, b]
        with_outcome[:, a] = corrected_product(scores, error, (*terms[a], outcome))
    mean = cross.mean(axis=0)
    coefficients = np.linalg.solve(mean, with_outcome.mean(axis=0))
    influence = with_outcome - cross @ coefficients
    bread = np.linalg.inv(mean)
    covariance = bread @ (influence.T @ influence / n) @ bread.T / n
    variances = scores.var(axis=0) - np.diag(error)
    return MomentFit(coefficients, covariance, variances)
