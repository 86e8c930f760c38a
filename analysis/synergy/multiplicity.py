"""Adjusted p values over a family of hypotheses."""

from __future__ import annotations

import numpy as np


def adjust(pvalues: np.ndarray, method: str) -> np.ndarray:
    """Adjusted p values by ``holm``, ``bonferroni``, ``fdr_bh`` or ``none``: (m,) → (m,).

    Holm (1979) steps down, Benjamini & Hochberg (1995) up.
    """
    m = len(pvalues)
    if method == "none" or m == 0:
        return pvalues.copy()
    if method == "bonferroni":
        return np.asarray(np.minimum(pvalues * m, 1.0))
    order = np.argsort(pvalues)
    ranked: np.ndarray = pvalues[order]
    if method == "holm":
        stepped = np.maximum.accumulate(ranked * (m - np.arange(m)))
    else:
        stepped = np.minimum.accumulate((ranked * (m / np.arange(1, m + 1)))[::-1])[::-1]
    adjusted = np.empty(m)
    adjusted[order] = np.minimum(stepped, 1.0)
    return adjusted
