"""One score a variable: what analyses without latent variables stand on."""

from __future__ import annotations

import pandas as pd

from analysis.pipeline.sample import Sample
from analysis.unavailable import Unavailable
from questionnaire.study import Study


def composite(study: Study, sample: Sample, variable: str) -> pd.Series | Unavailable:
    """Mean of a dimension's parcels, or a construct's parcel: (n,), missing where a part is."""
    dimensions = {d.code: list(d.facets) for d in study.dimensions}
    parts = dimensions.get(variable, [variable])
    if missing := [p for p in parts if p not in sample.parcels or p in sample.absent]:
        return Unavailable(f"{', '.join(missing)} was not answered")
    return sample.parcels[parts].mean(axis=1, skipna=False)
