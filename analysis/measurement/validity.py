"""Discriminant validity: HTMT and the Fornell–Larcker criterion."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np


def htmt(correlation: np.ndarray, blocks: Sequence[Sequence[int]], geometric: bool = False) -> np.ndarray:
    """Heterotrait–monotrait ratios of absolute correlations (Henseler, Ringle & Sarstedt 2015).

    correlation: (p, p); blocks: column indices per construct. Returns (m, m) with unit diagonal; a pair
    with a one-item construct is NaN. ``geometric`` gives HTMT2 (Roemer, Schuberth & Henseler 2021):
    geometric instead of arithmetic means.
    """
    size = np.abs(correlation)
    m = len(blocks)
    within = [_mean(_off_diagonal(size[np.ix_(b, b)]), geometric) if len(b) > 1 else np.nan for b in blocks]
    out = np.eye(m)
    for i in range(m):
        for j in range(i):
            across = _mean(size[np.ix_(blocks[i], blocks[j])].ravel(), geometric)
            scale = np.sqrt(within[i] * within[j])
            out[i, j] = out[j, i] = across / scale if scale > 0 else np.nan
    return out


def fornell_larcker(latent_correlation: np.ndarray, ave: np.ndarray) -> np.ndarray:
    """Latent correlations with √AVE on the diagonal (Fornell & Larcker 1981): (m, m), (m,) → (m, m).

    Discriminant validity holds for a construct when its diagonal exceeds every |entry| of its row.
    """
    table = latent_correlation.copy()
    np.fill_diagonal(table, np.sqrt(ave))
    return table


def _off_diagonal(square: np.ndarray) -> np.ndarray:
    return square[np.tril_indices(len(square), -1)]


def _mean(values: np.ndarray, geometric: bool) -> float:
    if not geometric:
        return float(values.mean())
    return float(np.exp(np.log(values).mean())) if (values > 0).all() else 0.0
