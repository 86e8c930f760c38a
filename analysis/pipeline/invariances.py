"""Measurement invariance of a sample across the study's groups and the languages answered in."""

from __future__ import annotations

import numpy as np
import pandas as pd

from analysis.measurement.group_invariance import group_invariance
from analysis.measurement.invariance_ladder import MeasurementInvariance
from analysis.pipeline.measured import Invariance
from analysis.pipeline.sample import Sample
from analysis.preparation.answers import Answers
from analysis.unavailable import Unavailable
from questionnaire.instrument import Role
from questionnaire.plan import Group
from questionnaire.study import Study

DEFAULT_N_MIN = 200
"""Smallest group where a study file names no grouping of its own (Meade & Bauer 2007)."""
MOST_INDICATORS = 20
"""Full information over more indicators takes longer than the rest of an analysis; complete rows are used."""
SUBSTANTIVE = (Role.FACET, Role.PREDICTOR, Role.OUTCOME)


def invariances(study: Study, answers: Answers, sample: Sample, kept: np.ndarray) -> tuple[Invariance, ...]:
    """The ladder for every group of the study, and for language where respondents used several.

    ``answers`` are those ``sample`` was drawn from by the rows ``kept``.
    """
    context = answers.context[kept].reset_index(drop=True)
    found = [
        Invariance(group.code, group.name, _found(study, sample, group_labels(group, context), group.n_min))
        for group in study.groups
    ]
    if (
        "language" in context
        and len(set(context["language"].dropna())) > 1
        and not _grouped_by(study, "language")
    ):
        n_min = min((group.n_min for group in study.groups), default=DEFAULT_N_MIN)
        labels = context["language"].where(context["language"].astype(str).str.strip() != "")
        found.append(Invariance("language", {}, _found(study, sample, labels, n_min)))
    return tuple(found)


def group_labels(group: Group, context: pd.DataFrame) -> pd.Series | Unavailable:
    """The label of each row's group, missing for options outside it."""
    if group.question not in context:
        return Unavailable(f"the table has no column {group.question}")
    label_of = {option: label for label, options in group.members.items() for option in options}
    return context[group.question].astype(str).map(label_of)


def measurement_blocks(study: Study, sample: Sample) -> dict[str, pd.DataFrame]:
    """What hypotheses rest on: dimensions on the parcels of their facets, else constructs on their items."""
    blocks = {
        d.code: sample.parcels[list(d.facets)]
        for d in study.dimensions
        if not set(d.facets) & set(sample.absent)
    }
    if not study.dimensions:
        blocks = {
            c.code: sample.items[[item.code for item in c.items]]
            for c in study.constructs
            if c.role in SUBSTANTIVE and c.code not in sample.absent
        }
    return {code: block for code, block in blocks.items() if block.shape[1] >= 2}


def measurement_syntax(study: Study, sample: Sample) -> tuple[str, pd.DataFrame] | Unavailable:
    """The measurement model of those factors and its data."""
    usable = measurement_blocks(study, sample)
    if not any(block.shape[1] >= 3 for block in usable.values()) and len(usable) < 2:
        return Unavailable("no factor has enough indicators that were answered")
    syntax = "\n".join(f"{code} =~ {' + '.join(block.columns)}" for code, block in usable.items())
    return syntax, pd.concat(list(usable.values()), axis=1)


def _found(
    study: Study, sample: Sample, labels: pd.Series | Unavailable, n_min: int
) -> MeasurementInvariance | Unavailable:
    if isinstance(labels, Unavailable):
        return labels
    model = measurement_syntax(study, sample)
    if isinstance(model, Unavailable):
        return model
    syntax, data = model
    return group_invariance(
        syntax,
        data,
        labels,
        n_min=n_min,
        estimator=study.measurement.estimator,
        missing=treatment(study, data),
    )


def treatment(study: Study, data: pd.DataFrame) -> str:
    """How missing values are treated: as the study says, where that makes a difference and is affordable."""
    whole = not bool(data.isna().any(axis=None)) or data.shape[1] > MOST_INDICATORS
    return "listwise" if whole else study.measurement.missing


def _grouped_by(study: Study, question: str) -> bool:
    return any(group.question == question for group in study.groups)
