"""What the figures of a probe determine between the levels they are given at: bands and surfaces."""

from __future__ import annotations

from collections.abc import Mapping
from itertools import pairwise
from typing import Any

import numpy as np
import pandas as pd

REACH = 2.0
"""Standard deviations to either side of the mean that a curve covers at least."""
STEPS = 80
"""Straight pieces of a curve over its whole range."""


def slope_band(slopes: pd.DataFrame, region: Mapping[Any, Any]) -> pd.DataFrame:
    """The slope of one predictor with its interval over the moderator.

    ``slopes``: as of ``Probe.slopes_of``, three levels or more; ``region``: as of ``Probe.region_of``.
    Returns ``at slope ci_lower ci_upper differs piece`` over ±REACH and whatever has been observed. The
    region's bounds part it into pieces that share them; ``differs``: whether the interval leaves 0 out
    inside a piece.

    A simple slope is linear in the moderator and its variance quadratic, so that three levels determine both
    exactly (Bauer & Curran 2005, eqs. 8 and 9).
    """
    at = slopes["at"].to_numpy(dtype=float)
    line = np.polyfit(at, slopes["slope"].to_numpy(dtype=float), 1)
    variance = np.polyfit(at, slopes["se"].to_numpy(dtype=float) ** 2, 2)
    width = float(((slopes["ci_upper"] - slopes["slope"]) / slopes["se"]).iloc[0])

    def interval(where: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        slope = np.polyval(line, where)
        margin = width * np.sqrt(np.maximum(np.polyval(variance, where), 0.0))
        return slope, slope - margin, slope + margin

    low, high = min(-REACH, float(region["observed_min"])), max(REACH, float(region["observed_max"]))
    edges = [low, *bounds_between(region, low, high), high]
    pieces = []
    for number, (start, end) in enumerate(pairwise(edges)):
        where = np.linspace(start, end, max(2, round(STEPS * (end - start) / (high - low)) + 1))
        slope, lower, upper = interval(where)
        # At a bound itself the interval touches 0; its middle decides for the piece.
        _, below, above = interval(np.array([(start + end) / 2]))
        pieces.append(
            pd.DataFrame(
                {
                    "at": where,
                    "slope": slope,
                    "ci_lower": lower,
                    "ci_upper": upper,
                    "differs": bool(below[0] > 0 or above[0] < 0),
                    "piece": number,
                }
            )
        )
    return pd.concat(pieces, ignore_index=True)


def bounds_between(region: Mapping[Any, Any], low: float, high: float) -> list[float]:
    """The bounds of a row of ``Probe.regions`` that lie between ``low`` and ``high``, ascending."""
    bounds = [float(b) for b in (region["lower"], region["upper"]) if b is not None and not pd.isna(b)]
    return sorted(bound for bound in bounds if low < bound < high)


def surface_values(known: pd.DataFrame, x: np.ndarray, y: np.ndarray) -> np.ndarray:
    """The predicted outcome at the points (x, y), each (n,).

    ``known``: rows of ``Probe.predicted`` of one pair. Their equation is quadratic and 0 at the mean of both,
    so that five points in general position determine it exactly.
    """

    def powers(a: np.ndarray, b: np.ndarray) -> np.ndarray:
        return np.column_stack([a, b, a * b, a**2, b**2])

    a, b = known["first_at"].to_numpy(dtype=float), known["second_at"].to_numpy(dtype=float)
    weights = np.linalg.lstsq(powers(a, b), known["value"].to_numpy(dtype=float), rcond=None)[0]
    return np.asarray(powers(x, y) @ weights)
