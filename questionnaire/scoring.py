"""One respondent's standing on each dimension, in plain Python, for what is shown while a study is fielded.

An answer counts as its share of the way from the lowest point of its scale to the highest (proportion of the
maximum possible; Cohen, Cohen, Aiken & West 1999), so that scales of different lengths can be averaged.
"""

from __future__ import annotations

from statistics import fmean

from questionnaire.instrument import Item
from questionnaire.journey import Progress
from questionnaire.study import Study

LEAST_SHARE = 0.5
"""A facet counts where at least half of the items asked of it were answered (half rule of scale scoring)."""


def dimension_shares(study: Study, given: Progress) -> dict[str, float]:
    """Mean of each dimension's facet means, 0 to 1, reversed items turned; one that cannot be is left out.

    Facets weigh the same, as they do as indicators of the dimension, and every one of them must count. What
    was asked is told by the respondent's route; without one (brought in from elsewhere) it is every item.
    """
    route = {code for page in given.route for code in page.elements}
    shares: dict[str, float] = {}
    for dimension in study.dimensions:
        facets = [
            _facet_share(
                study, [i for i in study.construct(facet).items if not route or i.code in route], given
            )
            for facet in dimension.facets
        ]
        known = [share for share in facets if share is not None]
        if known and len(known) == len(facets):
            shares[dimension.code] = fmean(known)
    return shares


def _facet_share(study: Study, asked: list[Item], given: Progress) -> float | None:
    found = [_share(study, item, given.answers.get(item.code)) for item in asked]
    known = [share for share in found if share is not None]
    return fmean(known) if known and len(known) >= LEAST_SHARE * len(asked) else None


def _share(study: Study, item: Item, value: object) -> float | None:
    if isinstance(value, bool) or not isinstance(value, int):
        return None
    share = (value - 1) / (study.scale(item.scale).points - 1)
    return 1 - share if item.reverse else share
