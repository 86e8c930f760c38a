"""Exploratory factor analysis by factor_analyzer, with its one warning silenced where it is raised."""

from __future__ import annotations

import warnings
from dataclasses import dataclass

import numpy as np

from analysis.unavailable import Unavailable


@dataclass(frozen=True, slots=True, eq=False)
class Factors:
    """A rotated solution of p items and m factors.

    ``loadings``: (p, m) pattern; ``correlations``: (m, m) between factors; ``communalities``: (p,);
    ``variance``: (3, m) sums of squared loadings, proportion and cumulated proportion of variance.
    """

    loadings: np.ndarray
    correlations: np.ndarray
    communalities: np.ndarray
    variance: np.ndarray


def explore(
    correlation: np.ndarray, n_factors: int, *, rotation: str = "oblimin", method: str = "minres"
) -> Factors | Unavailable:
    """Factors of a (p, p) correlation matrix, each signed so that its loadings sum above 0."""
    p = len(correlation)
    if n_factors < 1:
        return Unavailable("parallel analysis finds no factor above chance")
    if n_factors * 2 > p:
        return Unavailable(f"{n_factors} factors are too many for {p} items")
    from factor_analyzer import FactorAnalyzer

    analyzer = FactorAnalyzer(
        n_factors, rotation=rotation if n_factors > 1 else None, method=method, is_corr_matrix=True
    )
    try:
        with warnings.catch_warnings():
            # scikit-learn 1.6 and 1.7 announce that force_all_finite, passed there, gets a new name.
            warnings.filterwarnings("ignore", message=".*force_all_finite.*", category=FutureWarning)
            analyzer.fit(correlation)
    except (ValueError, TypeError, np.linalg.LinAlgError) as error:
        return Unavailable(f"factor_analyzer stopped: {error}")
    loadings = np.asarray(analyzer.loadings_, dtype=float)
    signs = np.where(loadings.sum(axis=0) < 0, -1.0, 1.0)
    phi = np.eye(n_factors) if analyzer.phi_ is None else np.asarray(analyzer.phi_, dtype=float)
    loadings, phi = loadings * signs, phi * np.outer(signs, signs)
    if not np.isfinite(loadings).all():
        return Unavailable("the rotation did not settle on finite loadings")
    common = loadings @ phi
    sums = (loadings * common).sum(axis=0)
    return Factors(
        loadings,
        phi,
        (loadings * common).sum(axis=1),
        np.vstack([sums, sums / p, np.cumsum(sums) / p]),
    )
