"""Is one dimension far behind the others? An alarm that knows how uncertain it is."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from itertools import combinations

import numpy as np

from questionnaire.watching.group_means import CONFIDENCE, mean_interval

MARGIN = 0.5
"""Half a scale point: a difference of means that a reader of the scale would call one."""

FEWEST = 20
"""With fewer respondents the interval of a difference is wider than the margin for any usual spread."""


class Balance(StrEnum):
    """What the intervals say."""

    TOO_FEW = "too_few"
    BALANCED = "balanced"
    UNCERTAIN = "uncertain"
    IMBALANCED = "imbalanced"


@dataclass(frozen=True, slots=True)
class Gap:
    """Mean within-person difference of two dimensions, ``higher`` − ``lower``, with its interval."""

    higher: str
    lower: str
    difference: float
    ci_lower: float
    ci_upper: float


@dataclass(frozen=True, slots=True)
class Imbalance:
    """The state of ``n`` respondents and every pair's gap, the largest first."""

    balance: Balance
    n: int
    gaps: tuple[Gap, ...]


def imbalance(profiles: Sequence[Mapping[str, float]], dimensions: Sequence[str]) -> Imbalance:
    """Compare every pair of dimensions within persons.

    Intervals hold together at 95% (Bonferroni over the pairs). Imbalanced: an interval lies wholly beyond
    half a scale point; balanced: all lie within it (two one-sided tests at the same levels); otherwise
    uncertain. The zero is that of the rating scale: it is equal agreement and not equal investment.
    """
    complete = [p for p in profiles if all(d in p for d in dimensions)]
    pairs = list(combinations(dimensions, 2))
    if len(complete) < FEWEST or not pairs:
        return Imbalance(Balance.TOO_FEW, len(complete), ())
    level = 1 - (1 - CONFIDENCE) / len(pairs)
    gaps = [_gap(complete, first, second, level) for first, second in pairs]
    gaps.sort(key=lambda gap: -gap.difference)
    if any(gap.ci_lower > MARGIN for gap in gaps):
        state = Balance.IMBALANCED
    elif all(gap.ci_lower > -MARGIN and gap.ci_upper < MARGIN for gap in gaps):
        state = Balance.BALANCED
    else:
        state = Balance.UNCERTAIN
    return Imbalance(state, len(complete), tuple(gaps))


def _gap(profiles: Sequence[Mapping[str, float]], first: str, second: str, level: float) -> Gap:
    values = np.array([p[first] - p[second] for p in profiles])
    if values.mean() < 0:
        first, second, values = second, first, -values
    return Gap(first, second, *mean_interval(values, level))
