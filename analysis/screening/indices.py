"""Every index by its name: how it is computed and which end of it is suspicious."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

import numpy as np

from analysis.screening.arrivals import arrivals_near
from analysis.screening.checks import failed_checks
from analysis.screening.duplicates import largest_match
from analysis.screening.even_odd import even_odd
from analysis.screening.irv import irv
from analysis.screening.longstring import longstring
from analysis.screening.mahalanobis import mahalanobis
from analysis.screening.psychometric_pairs import psychometric_pairs
from analysis.screening.responses import Responses
from analysis.screening.speed import fastest_page, seconds_per_item
from analysis.unavailable import Unavailable
from questionnaire.instrument import CheckKind

ABOVE, BELOW = "above", "below"


@dataclass(frozen=True, slots=True, eq=False)
class IndexValues:
    """An index over n respondents: ``values`` are reported, ``judged`` is held against the threshold."""

    values: np.ndarray
    judged: np.ndarray


@dataclass(frozen=True, slots=True)
class Index:
    """How to compute an index. A value at the threshold or ``direction`` of it raises a flag."""

    compute: Callable[[Responses], IndexValues | Unavailable]
    direction: str


def _plain(compute: Callable[[Responses], np.ndarray | Unavailable], direction: str) -> Index:
    def run(responses: Responses) -> IndexValues | Unavailable:
        values = compute(responses)
        return values if isinstance(values, Unavailable) else IndexValues(values, values)

    return Index(run, direction)


def _mahalanobis(responses: Responses) -> IndexValues | Unavailable:
    found = mahalanobis(responses.raw)
    return found if isinstance(found, Unavailable) else IndexValues(*found)


INDICES: Mapping[str, Index] = {
    "longstring": _plain(lambda r: longstring(r.sequence), ABOVE),
    "irv": _plain(lambda r: irv(r.raw), BELOW),
    "mahalanobis": Index(_mahalanobis, BELOW),
    "even_odd": _plain(lambda r: even_odd(r.turned, r.blocks), ABOVE),
    "psychsyn": _plain(lambda r: psychometric_pairs(r.raw, antonyms=False, seed=r.seed), BELOW),
    "psychant": _plain(lambda r: psychometric_pairs(r.raw, antonyms=True, seed=r.seed), ABOVE),
    "seconds_per_item": _plain(lambda r: seconds_per_item(r.seconds, r.answered), BELOW),
    "seconds_per_page_item": _plain(lambda r: fastest_page(r.page_seconds), BELOW),
    "attention": _plain(lambda r: failed_checks(r.failed, CheckKind.INSTRUCTED), ABOVE),
    "infrequency": _plain(lambda r: failed_checks(r.failed, CheckKind.INFREQUENCY), ABOVE),
    "seriousness": _plain(lambda r: failed_checks(r.failed, CheckKind.SERIOUSNESS), ABOVE),
    "duplicates": _plain(lambda r: largest_match(r.raw), ABOVE),
    "arrivals": _plain(lambda r: arrivals_near(r.arrived), ABOVE),
}
"""``mahalanobis`` reports D² and is judged by its χ² tail probability, so its threshold is a p value."""
