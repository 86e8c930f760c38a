"""One sample to analyse: the rows a screening level keeps, scored one way."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd

from analysis.preparation.parcels import parcel_means
from analysis.preparation.scoring import Scored, score_items
from analysis.synergy.compiled import CompiledModel
from analysis.synergy.product_indicators import product_columns
from questionnaire.study import Study


@dataclass(frozen=True, slots=True, eq=False)
class Sample:
    """Scored data of one screening level.

    ``items``: scored items, turned; ``parcels``: one column a construct. ``errors``: construct → error
    variance (1 − ω)·var of its parcel, where ω could be computed. ``absent``: constructs without any
    answer.
    """

    level: str
    scoring: str
    items: pd.DataFrame
    parcels: pd.DataFrame
    errors: Mapping[str, float]
    absent: tuple[str, ...]

    def __len__(self) -> int:
        return len(self.items)

    def frame(self, compiled: CompiledModel) -> pd.DataFrame:
        """The data columns a compiled model needs."""
        columns = {code: self.items[code] for code in compiled.items}
        columns |= {name: self.parcels[construct] for name, construct in compiled.parcels.items()}
        for name, parts in compiled.indicators.items():
            columns[name] = pd.Series(product_columns(np.column_stack([columns[part] for part in parts])))
        return pd.DataFrame(columns).reset_index(drop=True)


def score_sample(study: Study, raw: pd.DataFrame, level: str, scoring: Scored) -> Sample:
    """The sample of raw item codes under one scoring; its error variances are still empty."""
    raw = raw.reset_index(drop=True)
    items = score_items(study, raw, scoring)
    members = {c.code: [item.code for item in c.items] for c in study.constructs}
    parcels = parcel_means(items, members, study.measurement.parcel_min_items)
    absent = tuple(
        code for code, rows in members.items() if not raw.reindex(columns=rows).notna().to_numpy().any()
    )
    return Sample(level, scoring.value, items, parcels, {}, absent)
