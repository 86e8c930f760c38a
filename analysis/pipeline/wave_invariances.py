"""Measurement invariance across the waves of a sample, and what it means for hypotheses across waves."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence

import pandas as pd

from analysis.measurement.invariance_ladder import LEVELS, MeasurementInvariance
from analysis.measurement.wave_invariance import wave_invariance
from analysis.pipeline.invariances import SUBSTANTIVE, measurement_blocks
from analysis.pipeline.measured import WAVE, Indicators, Invariance
from analysis.pipeline.sample import Sample
from analysis.pipeline.wave_table import wide
from analysis.synergy.evidence import NotTested
from analysis.unavailable import Unavailable
from questionnaire.study import Study

N_MIN = 100
"""Fewest respondents shared by two waves: the usual floor of a factor analysis (Gorsuch 1983)."""
NEEDED = "scalar"
"""Change within persons is read where the same answer means the same at every wave."""


def wave_invariances(
    study: Study, sample: Sample, context: pd.DataFrame, waves: tuple[str, ...]
) -> tuple[Invariance, ...]:
    """The ladder over all factors in one model, then that of every construct on its items.

    ``context``: the other columns of the sample's rows, which are those of all waves. Where all factors at
    once are too much for the respondents, each has its own model. The items of all constructs at every wave
    would have more moments than anyone has respondents, so each construct has its own.
    """
    blocks = measurement_blocks(study, sample)
    if not blocks:
        return (Invariance(WAVE, {}, Unavailable("no factor has enough indicators that were answered")),)
    found = [Invariance(WAVE, {}, _found(study, blocks, context, waves))]
    if isinstance(found[0].found, Unavailable) and len(blocks) > 1:
        names = {d.code: d.name for d in study.dimensions} | {c.code: c.name for c in study.constructs}
        alone = [
            Invariance(WAVE, names[code], _found(study, {code: block}, context, waves), of=code)
            for code, block in blocks.items()
        ]
        found += [entry for entry in alone if not isinstance(entry.found, Unavailable)]
    if not study.dimensions:
        return tuple(found)
    for construct in study.constructs:
        items = sample.items[[item.code for item in construct.items]]
        if construct.role in SUBSTANTIVE and construct.code not in sample.absent and items.shape[1] > 2:
            ladder = _found(study, {construct.code: items}, context, waves)
            found.append(Invariance(WAVE, construct.name, ladder, Indicators.ITEMS, construct.code))
    return tuple(found)


def same_over_waves(
    study: Study, entries: Sequence[Invariance], variables: Sequence[str]
) -> str | Unavailable:
    """How far these variables measure the same at every wave, in a sentence; why not, where too little."""
    dimensions = {d.code for d in study.dimensions}
    level = len(LEVELS)
    freed: list[str] = []
    for entry in _about(entries, variables, dimensions):
        if isinstance(entry.found, Unavailable):
            return NotTested(
                f"whether answers mean the same at every wave is not known ({entry.found.reason})",
                entry.found.mend,
            )
        if not entry.found.holds(NEEDED):
            why = "; ".join(entry.found.reasons)
            return NotTested(
                f"{NEEDED} invariance across waves was not reached ({why}), so waves cannot be compared"
            )
        level = min(level, LEVELS.index(entry.found.reached))
        freed += entry.found.freed
    if level == len(LEVELS):
        return NotTested("nothing was measured by several indicators, so waves cannot be compared")
    if freed:
        return f"partial invariance across waves: {LEVELS[level]}, freed {', '.join(dict.fromkeys(freed))}"
    return f"invariance across waves: {LEVELS[level]}"


def _about(
    entries: Sequence[Invariance], variables: Sequence[str], dimensions: Collection[str]
) -> Iterator[Invariance]:
    """The ladders that decide about variables: of all factors together where there is one."""
    joint, *others = [entry for entry in entries if entry.indicators is Indicators.PARCELS]
    alone = {entry.of: entry for entry in others}
    items = {entry.of: entry for entry in entries if entry.indicators is Indicators.ITEMS}
    if isinstance(joint.found, Unavailable):
        for variable in variables:
            yield alone.get(variable, items.get(variable, joint))
        return
    yield joint
    yield from (items[v] for v in variables if v not in dimensions and v in items)


def _found(
    study: Study, blocks: Mapping[str, pd.DataFrame], context: pd.DataFrame, waves: tuple[str, ...]
) -> MeasurementInvariance | Unavailable:
    data = wide(pd.concat(list(blocks.values()), axis=1), context, waves)
    if isinstance(data, Unavailable):
        return data
    return wave_invariance(
        {code: list(block.columns) for code, block in blocks.items()},
        data,
        waves,
        n_min=N_MIN,
        estimator=study.measurement.estimator,
        missing=study.measurement.missing,
    )
