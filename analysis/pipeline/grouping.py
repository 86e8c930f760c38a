"""Hypotheses that compare groups: the model in every group, where the measurement allows it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from analysis.measurement.invariance_ladder import MeasurementInvariance
from analysis.pipeline.fitting import TROUBLE
from analysis.pipeline.invariances import group_labels
from analysis.pipeline.measured import Indicators, Invariance
from analysis.pipeline.result import GroupComparison
from analysis.pipeline.sample import Sample
from analysis.preparation.answers import Answers
from analysis.synergy.compile import compile_model
from analysis.synergy.compiled import CompiledModel
from analysis.synergy.evidence import Effect, Evidence, NotTested
from analysis.synergy.group_paths import GroupPaths, compare_groups
from analysis.unavailable import Unavailable
from questionnaire.plan import Hypothesis, HypothesisKind
from questionnaire.study import Study

NEEDED = "metric"
"""Paths are compared where a unit of a factor is the same unit in every group; a study may ask for more."""


@dataclass(frozen=True, slots=True, eq=False)
class _Groups:
    """Whom to compare: the label of each row of the sample, missing for who is in none."""

    labels: pd.Series
    invariance: MeasurementInvariance


def compare_by_groups(
    study: Study, answers: Answers, sample: Sample, kept: np.ndarray, ladders: Sequence[Invariance]
) -> tuple[GroupComparison, ...]:
    """A comparison for every hypothesis of that kind.

    ``answers`` are those ``sample`` was drawn from by the rows ``kept``; ``ladders`` its invariance.
    """
    context = answers.context[kept].reset_index(drop=True)
    found = []
    for hypothesis in study.hypotheses:
        if hypothesis.kind is HypothesisKind.GROUP_COMPARISON:
            code = str(hypothesis.options.get("group", ""))
            groups = _groups(study, hypothesis, code, context, ladders)
            paths = groups if isinstance(groups, Unavailable) else _paths(study, hypothesis, sample, groups)
            found.append(GroupComparison(hypothesis.code, code, hypothesis.model, paths))
    return tuple(found)


def group_evidence(comparisons: Sequence[GroupComparison]) -> dict[str, Evidence | Unavailable]:
    """Hypothesis → its largest difference between groups, with the joint test's p value."""
    return {c.hypothesis: _evidence(c.found) for c in comparisons}


def _evidence(found: GroupPaths | Unavailable) -> Evidence | Unavailable:
    if isinstance(found, Unavailable):
        return found
    row = found.largest
    effect = Effect(
        float(str(row["difference"])),
        float(str(row["se"])),
        found.pvalue,
        contrasts=len(found.differences),
    )
    note = (
        f"largest difference: {row['path']}, {row['second']} minus {row['first']}; p of the Wald test that "
        f"all are equal, χ²({found.df}) = {found.wald:.2f}"
    )
    return Evidence(effect, (effect,), "multi-group", note=note)


def _groups(
    study: Study, hypothesis: Hypothesis, code: str, context: pd.DataFrame, ladders: Sequence[Invariance]
) -> _Groups | Unavailable:
    group = next((g for g in study.groups if g.code == code), None)
    ladder = next(
        (a.found for a in ladders if (a.grouping, a.indicators) == (code, Indicators.PARCELS)), None
    )
    if group is None or ladder is None:
        return Unavailable(f"the study has no groups {code!r}", "Name one of the study's groups.")
    if isinstance(ladder, Unavailable):
        return NotTested(ladder.reason, ladder.mend)
    planned = hypothesis.options.get("levels", ())
    for level in dict.fromkeys((NEEDED, *(planned if isinstance(planned, list | tuple) else ()))):
        if not ladder.holds(str(level)):
            why = "; ".join(ladder.reasons)
            return NotTested(
                f"{level} invariance across {code} was not reached ({why}), so paths cannot be compared"
            )
    labels = group_labels(group, context)
    return labels if isinstance(labels, Unavailable) else _Groups(labels, ladder)


def _paths(study: Study, hypothesis: Hypothesis, sample: Sample, groups: _Groups) -> GroupPaths | Unavailable:
    compiled = _compiled(study, hypothesis, sample, groups.invariance.freed)
    if isinstance(compiled, Unavailable):
        return compiled
    frame = sample.frame(compiled)
    rows = groups.labels.isin(list(groups.invariance.counts)).to_numpy()
    listwise = bool(compiled.products) or study.measurement.missing == "listwise"
    rows = rows & frame.notna().agg("all" if listwise else "any", axis=1).to_numpy()
    data = frame[rows]
    holes = bool(data.isna().any(axis=None))
    named = hypothesis.options.get("compare", ())
    compared = [str(label) for label in named] if isinstance(named, list | tuple) else []
    freed = [f for f in groups.invariance.freed if "=~" in f and f.split("=~")[1] in frame.columns]
    try:
        return compare_groups(
            compiled.syntax,
            data,
            groups.labels[rows],
            compared,
            compiled.products,
            confidence=study.rules.confidence,
            estimator=study.measurement.estimator,
            missing=study.measurement.missing if holes else "listwise",
            freed=freed,
        )
    except TROUBLE as error:
        return Unavailable(str(error))


def _compiled(
    study: Study, hypothesis: Hypothesis, sample: Sample, freed: Sequence[str]
) -> CompiledModel | Unavailable:
    """The model with an indicator that is equal in all groups first, as the first sets the unit."""
    order: dict[str, list[int]] = {}
    for dimension in study.dimensions:
        free = [f"{dimension.code}=~{facet}" in freed for facet in dimension.facets]
        if any(free):
            order[dimension.code] = [int(place) for place in np.argsort(free, kind="stable")]
    return compile_model(
        study, study.model(hypothesis.model), error_variances=sample.errors, absent=sample.absent, order=order
    )
