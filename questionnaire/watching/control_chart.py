"""Does the mean of a dimension drift while the study is in the field? An EWMA control chart."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

SUBGROUP = 20
"""Respondents a point, in order of arrival: days differ too much in number to be compared."""

WEIGHT = 0.2
LIMIT = 2.86
"""λ and L of the EWMA (Lucas & Saccucci 1990, Technometrics 32): a false alarm in about 370 points."""

BASELINE = 5
"""Points that set the centre and the spread; judged are those after them."""


@dataclass(frozen=True, slots=True)
class ChartPoint:
    """One subgroup: its ``mean``, the weighted average ``ewma`` up to it and its limits.

    ``out``: outside the limits; a point of the baseline never is, being what the limits come from.
    """

    index: int
    mean: float
    ewma: float
    lower: float
    upper: float
    out: bool


def ewma_chart(
    values: np.ndarray, *, subgroup: int = SUBGROUP, baseline: int = BASELINE
) -> tuple[ChartPoint, ...]:
    """The chart of ``values`` (n,) in order of arrival; empty with fewer than ``baseline`` + 1 subgroups.

    z_t = λ x̄_t + (1 − λ) z_{t−1}, z_0 = the baseline's mean, with limits
    z_0 ± L σ √(λ/(2 − λ) · (1 − (1 − λ)^{2t}) / m) (Roberts 1959; Montgomery 2013, eq. 9.25–9.26), where σ is
    the pooled standard deviation within the baseline's subgroups of m. An incomplete last subgroup waits.
    The average starts anew after the baseline.
    """
    count = len(values) // subgroup
    if count <= baseline:
        return ()
    groups = values[: count * subgroup].reshape(count, subgroup)
    means = groups.mean(axis=1)
    centre = float(means[:baseline].mean())
    sigma = float(np.sqrt(groups[:baseline].var(axis=1, ddof=1).mean()))
    points, average = [], centre
    for index, mean in enumerate(means.tolist()):
        step = index + 1 if index < baseline else index - baseline + 1
        average = WEIGHT * mean + (1 - WEIGHT) * (centre if step == 1 else average)
        spread = WEIGHT / (2 - WEIGHT) * (1 - (1 - WEIGHT) ** (2 * step)) / subgroup
        half = LIMIT * sigma * float(np.sqrt(spread))
        out = index >= baseline and abs(average - centre) > half
        points.append(ChartPoint(index + 1, mean, average, centre - half, centre + half, out))
    return tuple(points)
