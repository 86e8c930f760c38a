"""Raw codes to scores: reverse-coding, and normal scores for answers that are only ordered."""

from __future__ import annotations

from enum import StrEnum

import numpy as np
import pandas as pd
from scipy.special import ndtri

from questionnaire.study import Study


class Scored(StrEnum):
    """How an answer becomes a number."""

    NORMAL = "normal"
    RAW = "raw"


def reverse_code(values: np.ndarray, points: int) -> np.ndarray:
    """Codes of a reversed item on a scale of 1…points: points + 1 − x; NaN stays."""
    return points + 1 - values


def normal_scores(values: np.ndarray) -> np.ndarray:
    """E[z | category] of a standard normal response cut at the sample's own thresholds.

    values: (n,) codes, NaN for missing. Returns (n,) scores with sample mean 0, NaN for missing. For category
    k with cumulated shares c_{k-1}, c_k: (φ(Φ⁻¹(c_{k-1})) − φ(Φ⁻¹(c_k))) / (c_k − c_{k-1}). A constant item
    scores 0 throughout.
    """
    answered = ~np.isnan(values)
    scores = np.full(values.shape, np.nan)
    if not answered.any():
        return scores
    _, category, counts = np.unique(values[answered], return_inverse=True, return_counts=True)
    shares = np.concatenate([[0.0], np.cumsum(counts) / counts.sum()])
    shares[-1] = 1.0
    inner = ndtri(shares[1:-1])
    density = np.concatenate([[0.0], np.exp(-0.5 * inner**2) / np.sqrt(2 * np.pi), [0.0]])
    scores[answered] = ((density[:-1] - density[1:]) / np.diff(shares))[category]
    return scores


def score_items(study: Study, items: pd.DataFrame, scoring: Scored) -> pd.DataFrame:
    """Scored items, reversed items turned, in the columns of ``items``."""
    # One matrix: picking columns out of the frame one by one would cost as much as the scoring.
    codes = items.to_numpy(dtype=float)
    scored: dict[str, np.ndarray] = {}
    for code, values in zip(items.columns, codes.T, strict=True):
        item = study.items[code]
        if item.reverse:
            values = reverse_code(values, study.scale(item.scale).points)
        scored[code] = normal_scores(values) if scoring is Scored.NORMAL else values
    return pd.DataFrame(scored, index=items.index, dtype=float)
