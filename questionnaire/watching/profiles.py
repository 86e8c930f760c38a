"""One respondent's mean on each dimension of the study, on the rating scale."""

from __future__ import annotations

from questionnaire.instrument import Role
from questionnaire.journey import Progress
from questionnaire.scoring import dimension_shares
from questionnaire.study import Study


def predictor_dimensions(study: Study) -> tuple[str, ...]:
    """Codes of the dimensions that stand on facets: what the theory's outcome is explained by."""
    facets = {construct.code for construct in study.constructs if construct.role is Role.FACET}
    return tuple(d.code for d in study.dimensions if set(d.facets) <= facets)


def dimension_means(study: Study, given: Progress) -> dict[str, float]:
    """The shares of :func:`questionnaire.scoring.dimension_shares` in points of the first facet's scale."""
    shares = dimension_shares(study, given)
    return {code: 1 + share * (_points(study, code) - 1) for code, share in shares.items()}


def _points(study: Study, dimension: str) -> int:
    first = study.construct(study.dimension(dimension).facets[0])
    return study.scale(first.items[0].scale).points
