"""Figures of a power study, each with its Monte Carlo standard error: pure arithmetic over replications."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np


class Figure(NamedTuple):
    """A value and its Monte Carlo standard error; NaN where there are too few replications to say."""

    value: float
    error: float


def proportion(hits: int, total: int) -> Figure:
    """A share of replications. Its error is the standard deviation of the Jeffreys posterior.

    That is √(p(1 − p)/R) (Morris, White & Crowther 2019, table 6) for all but extreme shares, and does not
    claim certainty where none or all of the replications hit (Brown, Cai & DasGupta 2001).
    """
    if total == 0:
        return Figure(np.nan, np.nan)
    a, b = hits + 0.5, total - hits + 0.5
    return Figure(hits / total, float(np.sqrt(a * b / ((a + b) ** 2 * (a + b + 1)))))


def mean(values: np.ndarray) -> Figure:
    """A mean over replications (R,), with s/√R."""
    if len(values) == 0:
        return Figure(np.nan, np.nan)
    error = float(np.std(values, ddof=1) / np.sqrt(len(values))) if len(values) > 1 else np.nan
    return Figure(float(np.mean(values)), error)


def spread(values: np.ndarray) -> Figure:
    """The empirical standard error, with s/√(2(R − 1)) (Morris, White & Crowther 2019, table 6)."""
    if len(values) < 2:
        return Figure(np.nan, np.nan)
    s = float(np.std(values, ddof=1))
    return Figure(s, s / float(np.sqrt(2 * (len(values) - 1))))
