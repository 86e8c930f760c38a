"""Whether correlations can be factored at all: KMO and Bartlett's test of sphericity."""

from __future__ import annotations

import numpy as np
from scipy.stats import chi2


def kmo(correlation: np.ndarray) -> tuple[float, np.ndarray]:
    """Kaiser–Meyer–Olkin sampling adequacy, overall and per item (Kaiser & Rice 1974).

    correlation: (p, p), not singular. Returns the overall measure and (p,) item measures.
    """
    inverse = np.linalg.inv(correlation)
    scale = np.sqrt(np.diag(inverse))
    partial = inverse / np.outer(scale, scale)
    r2, q2 = correlation**2, partial**2
    np.fill_diagonal(r2, 0.0)
    np.fill_diagonal(q2, 0.0)
    per_item = r2.sum(axis=0) / (r2.sum(axis=0) + q2.sum(axis=0))
    return float(r2.sum() / (r2.sum() + q2.sum())), per_item


def bartlett_sphericity(correlation: np.ndarray, n: int) -> tuple[float, int, float]:
    """Bartlett (1951): χ² = −(n − 1 − (2p + 5)/6) ln|R|, its df and p value."""
    p = len(correlation)
    logdet = float(np.linalg.slogdet(correlation)[1])
    chisq = -(n - 1 - (2 * p + 5) / 6) * logdet
    df = p * (p - 1) // 2
    return chisq, df, float(chi2.sf(chisq, df))
