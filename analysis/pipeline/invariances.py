"""Measurement invariance of a sample across the study's groups and the languages answered in."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

import numpy as np
import pandas as pd

from analysis.measurement.group_invariance import group_invariance
from analysis.measurement.invariance_ladder import MeasurementInvariance
from analysis.pipeline.measured import Indicators, Invariance
from analysis.pipeline.sample import Sample
from analysis.preparation.answers import Answers
from analysis.unavailable import Unavailable
from questionnaire.instrument import Role, Text
from questionnaire.plan import Group, HypothesisKind
from questionnaire.study import Study

DEFAULT_N_MIN = 200
"""Smallest group where a study file names no grouping of its own (Meade & Bauer 2007)."""
MOST_INDICATORS = 20
"""Full information over more indicators takes longer than the rest of an analysis; complete rows are used."""
MOSTLY_COMPLETE = 0.9
"""Share of complete rows from which leaving out the others costs less than a model in parts."""
SUBSTANTIVE = (Role.FACET, Role.PREDICTOR, Role.OUTCOME)


def invariances(study: Study, answers: Answers, sample: Sample, kept: np.ndarray) -> tuple[Invariance, ...]:
    """The ladders for every group of the study, and for language where respondents used several.

    Each is climbed on what hypotheses rest on and, where that is facets' parcels, on their single items too:
    a parcel evens out what differs in one of its items. ``answers`` are those ``sample`` was drawn from by
    the rows ``kept``.
    """
    context = answers.context[kept].reset_index(drop=True)
    found: list[Invariance] = []
    for grouping, name, labels, n_min in _groupings(study, context):
        found.append(Invariance(grouping, name, ladder_on_parcels(study, sample, labels, n_min)))
        if study.dimensions and not isinstance(labels, Unavailable):
            found += [
                Invariance(grouping, title, ladder, Indicators.ITEMS, of)
                for of, title, ladder in _by_items(study, sample, labels, n_min, name)
            ]
    return tuple(found)


def compared_invariances(
    study: Study, answers: Answers, sample: Sample, kept: np.ndarray
) -> tuple[Invariance, ...]:
    """Of `invariances` only what hypotheses that compare groups rest on."""
    named = {
        str(h.options.get("group", "")) for h in study.hypotheses if h.kind is HypothesisKind.GROUP_COMPARISON
    }
    context = answers.context[kept].reset_index(drop=True)
    found = []
    for group in study.groups:
        if group.code in named:
            labels = group_labels(group, context)
            ladder = ladder_on_parcels(study, sample, labels, group.n_min)
            found.append(Invariance(group.code, group.name, ladder))
    return tuple(found)


def _groupings(
    study: Study, context: pd.DataFrame
) -> Iterator[tuple[str, Text, pd.Series | Unavailable, int]]:
    """Code, name, label of each row and smallest size of every grouping."""
    for group in study.groups:
        yield group.code, group.name, group_labels(group, context), group.n_min
    if (
        "language" in context
        and len(set(context["language"].dropna())) > 1
        and not _grouped_by(study, "language")
    ):
        n_min = min((group.n_min for group in study.groups), default=DEFAULT_N_MIN)
        yield (
            "language",
            {},
            context["language"].where(context["language"].astype(str).str.strip() != ""),
            n_min,
        )


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
    return _syntax({code: list(block.columns) for code, block in usable.items()}), pd.concat(
        list(usable.values()), axis=1
    )


def ladder_on_parcels(
    study: Study, sample: Sample, labels: pd.Series | Unavailable, n_min: int
) -> MeasurementInvariance | Unavailable:
    """The ladder on what hypotheses rest on, for the labels of the sample's rows."""
    if isinstance(labels, Unavailable):
        return labels
    model = measurement_syntax(study, sample)
    if isinstance(model, Unavailable):
        return model
    return _climbed(study, *model, labels, n_min, treatment(study, model[1]))


def _by_items(
    study: Study, sample: Sample, labels: pd.Series, n_min: int, name: Text
) -> Iterator[tuple[str, Text, MeasurementInvariance | Unavailable]]:
    """The ladder of all facets on their items; where too many rows have gaps, one for every dimension.

    Full information over the items of one dimension is affordable, over those of all it is not.
    """
    items = {c.code: [item.code for item in c.items] for c in study.constructs if c.code not in sample.absent}
    facets = {
        d.code: {f: items[f] for f in d.facets if f in items and len(items[f]) > 1} for d in study.dimensions
    }
    every = {facet: codes for own in facets.values() for facet, codes in own.items()}
    if not every:
        return
    data = sample.items[[code for codes in every.values() for code in codes]]
    in_groups = data[labels.notna().to_numpy()]
    if study.measurement.missing == "listwise" or in_groups.notna().all(axis=1).mean() >= MOSTLY_COMPLETE:
        yield "", name, _climbed(study, _syntax(every), data, labels, n_min, "listwise")
        return
    names = {dimension.code: dimension.name for dimension in study.dimensions}
    for code, own in facets.items():
        if own:
            part = data[[item for codes in own.values() for item in codes]]
            ladder = _climbed(study, _syntax(own), part, labels, n_min, treatment(study, part))
            yield code, names[code], ladder


def _climbed(
    study: Study, syntax: str, data: pd.DataFrame, labels: pd.Series, n_min: int, missing: str
) -> MeasurementInvariance | Unavailable:
    return group_invariance(
        syntax, data, labels, n_min=n_min, estimator=study.measurement.estimator, missing=missing
    )


def _syntax(blocks: Mapping[str, Iterable[str]]) -> str:
    return "\n".join(f"{factor} =~ {' + '.join(indicators)}" for factor, indicators in blocks.items())


def treatment(study: Study, data: pd.DataFrame) -> str:
    """How missing values are treated: as the study says, where that makes a difference and is affordable."""
    whole = not bool(data.isna().any(axis=None)) or data.shape[1] > MOST_INDICATORS
    return "listwise" if whole else study.measurement.missing


def _grouped_by(study: Study, question: str) -> bool:
    return any(group.question == question for group in study.groups)
