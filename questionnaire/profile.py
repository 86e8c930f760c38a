"""A respondent's own scores beside the anonymous mean of those who have finished, in plain Python.

Scores are percent of the maximum possible (Cohen, Cohen, Aiken & West 1999): 0 is the lowest point of every
item, 100 the highest, whatever the scales.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from statistics import fmean

from questionnaire.journey import Progress
from questionnaire.scoring import dimension_shares
from questionnaire.study import Study

FEWEST = 20
"""No mean of fewer people is shown; and it moves only when this many more have finished, so that nobody's
answers can be told from the mean before and after them."""


@dataclass(frozen=True, slots=True)
class ProfileLine:
    """One dimension: its code, the respondent's score and the mean; None where too little was answered."""

    code: str
    own: float | None
    mean: float | None


def counted(finished: int) -> int:
    """How many of the ``finished``, in their order, the mean is of."""
    return finished - finished % FEWEST


def profile(study: Study, own: Progress, scores: Mapping[str, float | None]) -> list[ProfileLine]:
    """The respondent's line for every dimension beside the mean ``scores``."""
    mine = dimension_scores(study, own)
    return [ProfileLine(one.code, mine[one.code], scores.get(one.code)) for one in study.dimensions]


def mean_scores(study: Study, people: Iterable[Progress]) -> dict[str, float | None]:
    """The mean of every dimension over those who have a score on it; None when fewer than FEWEST have."""
    all_scores = [dimension_scores(study, given) for given in people]
    means: dict[str, float | None] = {}
    for one in study.dimensions:
        known = [score for scores in all_scores if (score := scores[one.code]) is not None]
        means[one.code] = fmean(known) if len(known) >= FEWEST else None
    return means


def dimension_scores(study: Study, given: Progress) -> dict[str, float | None]:
    """Percent of the maximum possible on every dimension; None where too little was answered."""
    shares = dimension_shares(study, given)
    return {one.code: 100 * shares[one.code] if one.code in shares else None for one in study.dimensions}
