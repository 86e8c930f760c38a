"""Means of the dimensions by group, with intervals."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

CONFIDENCE = 0.95
FEWEST = 5
"""Below this a group's mean could be read as somebody's answers."""


@dataclass(frozen=True, slots=True)
class GroupMean:
    """Mean of a dimension in a group of ``n``, with the 95% interval of Student's t."""

    group: str
    dimension: str
    n: int
    mean: float
    lower: float
    upper: float


def group_means(
    profiles: Sequence[Mapping[str, float]], groups: Sequence[str], dimensions: Sequence[str]
) -> tuple[GroupMean, ...]:
    """One row a group and dimension; groups of fewer than five are left out.

    ``profiles``: dimension → mean, one a respondent; ``groups``: each respondent's group, "" for none.
    """
    rows = []
    for group in dict.fromkeys(sorted(name for name in groups if name)):
        members = [profile for profile, own in zip(profiles, groups, strict=True) if own == group]
        for dimension in dimensions:
            values = np.array([profile[dimension] for profile in members if dimension in profile])
            if len(values) >= FEWEST:
                rows.append(GroupMean(group, dimension, len(values), *mean_interval(values)))
    return tuple(rows)


def mean_interval(values: np.ndarray, confidence: float = CONFIDENCE) -> tuple[float, float, float]:
    """Mean of ``values`` (n,), n ≥ 2, and the ends of Student's interval."""
    # Here and not above: the web process reads these results, and needs no statistics for that.
    from scipy.stats import t as student

    n = len(values)
    mean = float(values.mean())
    half = float(student.ppf((1 + confidence) / 2, n - 1) * values.std(ddof=1) / np.sqrt(n))
    return mean, mean - half, mean + half
