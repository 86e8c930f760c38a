"""How many factors: parallel analysis and Velicer's minimum average partial."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np


@dataclass(frozen=True, slots=True, eq=False)
class Parallel:
    """Eigenvalues of the data beside those of random data, largest first: (p,) each.

    ``n_factors`` counts the leading eigenvalues above the random ``quantile``.
    """

    eigenvalues: np.ndarray
    random_mean: np.ndarray
    random_quantile: np.ndarray
    n_factors: int


def eigenvalues(correlation: np.ndarray) -> np.ndarray:
    """Eigenvalues of (…, p, p) symmetric matrices, largest first: (…, p)."""
    return np.linalg.eigvalsh(correlation)[..., ::-1]


def parallel_analysis(
    correlation: np.ndarray, n: int, *, seed: int, draws: int = 200, quantile: float = 0.95
) -> Parallel:
    """Horn's (1965) parallel analysis with Glorfeld's (1995) quantile, normal random data of n rows."""
    p = len(correlation)
    rng = np.random.default_rng(seed)
    random = np.empty((draws, p))
    for draw in range(draws):
        z = rng.standard_normal((n, p))
        z -= z.mean(axis=0)
        z /= np.sqrt((z**2).sum(axis=0))
        random[draw] = eigenvalues(z.T @ z)
    own = eigenvalues(correlation)
    limit = np.quantile(random, quantile, axis=0)
    above = own > limit
    return Parallel(own, random.mean(axis=0), limit, int(p if above.all() else np.argmin(above)))


def minimum_average_partial(correlation: np.ndarray, most: int) -> np.ndarray:
    """Average squared partial correlation after 1…most components are removed (Velicer 1976): (most,).

    The number of factors is the position of the minimum, counted from 1.
    """
    p = len(correlation)
    values, vectors = np.linalg.eigh(correlation)
    loadings = (vectors * np.sqrt(np.clip(values, 0, None)))[:, ::-1]
    out = np.empty(most)
    for m in range(1, most + 1):
        residual = correlation - loadings[:, :m] @ loadings[:, :m].T
        sd = np.sqrt(np.diag(residual))
        partial = residual / np.outer(sd, sd)
        out[m - 1] = ((partial**2).sum() - p) / (p * (p - 1))
    return out
