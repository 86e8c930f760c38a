"""The same respondents' scores, wave beside wave."""

from __future__ import annotations

import pandas as pd

from analysis.pipeline.composites import composite
from analysis.pipeline.sample import Sample
from analysis.unavailable import Unavailable
from questionnaire.study import Study


def wide_composites(
    study: Study, sample: Sample, context: pd.DataFrame, variables: tuple[str, ...], waves: tuple[str, ...]
) -> pd.DataFrame | Unavailable:
    """One row a respondent, columns ``variable_1`` …: mean of a dimension's parcels, or a construct's parcel.

    A respondent's first row in a wave counts. Unavailable where the table does not say who answered.
    """
    columns = {}
    for variable in variables:
        column = composite(study, sample, variable)
        if isinstance(column, Unavailable):
            return column
        columns[variable] = column
    return wide(pd.DataFrame(columns), context, waves)


def wide(frame: pd.DataFrame, context: pd.DataFrame, waves: tuple[str, ...]) -> pd.DataFrame | Unavailable:
    """Columns ``name_1`` … of a frame's rows, one row a respondent; rows as of ``context``."""
    if "respondent" not in context:
        return Unavailable("the table has no column respondent", "Name who answered, the same in every wave.")
    frame = frame.reset_index(drop=True)
    who = context["respondent"].astype(str).reset_index(drop=True)
    when = context["wave"].astype(str).reset_index(drop=True)
    out = []
    for place, wave in enumerate(waves, 1):
        rows = frame[(when == wave).to_numpy()].set_index(who[when == wave])
        rows = rows[~rows.index.duplicated()]
        out.append(rows.set_axis([f"{name}_{place}" for name in rows.columns], axis=1))
    joined = pd.concat(out, axis=1)
    return joined.dropna(how="all").sort_index()
