"""One respondent's mean on each dimension of the study, on the rating scale."""

from __future__ import annotations

from collections.abc import Mapping

from questionnaire.instrument import Role
from questionnaire.study import Study

LEAST_SHARE = 0.5
"""A facet counts where at least half of the items asked of it were answered (half rule of scale scoring)."""


def predictor_dimensions(study: Study) -> tuple[str, ...]:
    """Codes of the dimensions that stand on facets: what the theory's outcome is explained by."""
    facets = {construct.code for construct in study.constructs if construct.role is Role.FACET}
    return tuple(d.code for d in study.dimensions if set(d.facets) <= facets)


def dimension_means(study: Study, answers: Mapping[str, object]) -> dict[str, float]:
    """Mean of each dimension's facet means, reversed items turned round; a dimension that cannot is left out.

    Facets weigh the same, as they do as indicators of the dimension; every facet must have half of its items.
    """
    means: dict[str, float] = {}
    for dimension in study.dimensions:
        facets = [_facet_mean(study, code, answers) for code in dimension.facets]
        known = [mean for mean in facets if mean is not None]
        if len(known) == len(dimension.facets) and known:
            means[dimension.code] = sum(known) / len(known)
    return means


def _facet_mean(study: Study, construct: str, answers: Mapping[str, object]) -> float | None:
    items = study.construct(construct).items
    values = []
    for item in items:
        value = answers.get(item.code)
        if isinstance(value, int | float):
            values.append(study.scale(item.scale).points + 1 - value if item.reverse else value)
    asked = [item for item in items if item.code in answers or item.short]
    return sum(values) / len(values) if values and len(values) >= LEAST_SHARE * len(asked) else None
