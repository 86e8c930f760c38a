"""Correlations of items that may have holes."""

from __future__ import annotations

import numpy as np


def complete_rows(values: np.ndarray) -> np.ndarray:
    """The rows of (n, p) without NaN."""
    rows: np.ndarray = values[~np.isnan(values).any(axis=1)]
    return rows


def correlation_matrix(values: np.ndarray) -> np.ndarray:
    """Pearson correlations of complete (n, p) data, n ≥ 2 and no constant column: (p, p)."""
    centred = values - values.mean(axis=0)
    covariance = centred.T @ centred
    sd = np.sqrt(np.diag(covariance))
    correlation: np.ndarray = covariance / np.outer(sd, sd)
    np.fill_diagonal(correlation, 1.0)
    return correlation


def constant_columns(values: np.ndarray) -> np.ndarray:
    """Which columns of complete (n, p) data have one value throughout: (p,) booleans."""
    return np.ptp(values, axis=0) == 0 if len(values) else np.ones(values.shape[1], dtype=bool)
