"""The report's figures of groups."""

from __future__ import annotations

from functools import partial

from analysis.measurement.invariance_ladder import MeasurementInvariance
from analysis.pipeline.measured import Invariance
from analysis.pipeline.result import GroupComparison
from analysis.reporting.charts_groups import MEASURES, group_forest, ladder
from analysis.reporting.document import Figure
from analysis.reporting.drawing import Drawing, Spec, drawn
from analysis.reporting.names import group_name
from analysis.reporting.wording import Words
from analysis.synergy.group_paths import GroupPaths
from questionnaire.study import Study


def forest_figure(comparison: GroupComparison, found: GroupPaths, study: Study, words: Words) -> Figure:
    """Every compared path in every group with its interval."""
    called = partial(group_name, study, comparison.grouping, words=words)
    spec = {**group_forest(found.paths, called, words).alone(), "width": 400}
    return drawn("group_forest", words, spec, comparison.hypothesis, hypothesis=comparison.hypothesis)


def ladder_figure(entry: Invariance, found: MeasurementInvariance, name: str, words: Words) -> Figure:
    """CFI and RMSEA of every model of the ladder beside each other, its steps named once."""
    cfi, rmsea = (ladder(found.ladder, measure, words) for measure in MEASURES)
    bare = {"grid": True, "labels": False, "ticks": False}
    panels = [_panel(cfi), _panel(rmsea)]
    panels[1]["encoding"] = {**panels[1]["encoding"], "y": {**panels[1]["encoding"]["y"], "axis": bare}}
    spec = {"data": {"values": cfi.rows}, "hconcat": panels}
    return drawn("ladder_figure", words, spec, f"{entry.grouping}_{entry.indicators.value}", group=name)


def _panel(drawing: Drawing) -> Spec:
    return {**drawing.marks, "width": 190}
