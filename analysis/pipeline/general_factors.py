"""Whether a general factor stands above the study's dimensions of facets, and how strong it is."""

from __future__ import annotations

import pandas as pd

from analysis.measurement.hierarchy import GeneralFactor, bifactor, second_order
from analysis.measurement.normality import Normality, multivariate_normality
from analysis.pipeline.invariances import measurement_blocks, treatment
from analysis.pipeline.sample import Sample
from analysis.unavailable import Unavailable
from questionnaire.instrument import Role
from questionnaire.study import Study


def general_factors(study: Study, sample: Sample) -> dict[str, GeneralFactor | Unavailable]:
    """The bifactor and the second-order model over the dimensions of facets, on the facets' parcels."""
    roles = {construct.code: construct.role for construct in study.constructs}
    blocks = {
        d.code: list(d.facets)
        for d in study.dimensions
        if all(roles[f] is Role.FACET for f in d.facets) and not set(d.facets) & set(sample.absent)
    }
    if not blocks:
        none = Unavailable("the study has no dimensions of facets that were answered")
        return {"bifactor": none, "second_order": none}
    data = sample.parcels[[facet for block in blocks.values() for facet in block]].reset_index(drop=True)
    if (spread := data.max() - data.min()).isna().any() or (spread < 1e-12).any() or len(data) < 3:
        flat = Unavailable("some facets have the same value throughout")
        return {"bifactor": flat, "second_order": flat}
    estimator, missing = study.measurement.estimator, treatment(study, data)
    return {
        "bifactor": bifactor(blocks, data, estimator=estimator, missing=missing),
        "second_order": second_order(blocks, data, estimator=estimator, missing=missing),
    }


def normality(study: Study, sample: Sample) -> Normality | Unavailable:
    """Multivariate normality of the indicators that hypotheses rest on, over complete rows."""
    blocks = measurement_blocks(study, sample)
    if not blocks:
        return Unavailable("no factor has two indicators that were answered")
    return multivariate_normality(pd.concat(list(blocks.values()), axis=1).dropna().to_numpy(dtype=float))
