"""The report's figures of groups."""

from __future__ import annotations

from analysis.measurement.invariance_ladder import MeasurementInvariance
from analysis.pipeline.measured import Invariance
from analysis.pipeline.result import AnalysisResult, GroupComparison
from analysis.reporting.charts_groups import MEASURES, group_forest, ladder
from analysis.reporting.document import Figure
from analysis.reporting.drawing import Drawing, Spec, drawn
from analysis.reporting.names import named_paths
from analysis.reporting.wording import Words
from analysis.synergy.group_paths import GroupPaths


def forest_figure(
    result: AnalysisResult, comparison: GroupComparison, found: GroupPaths, words: Words
) -> Figure:
    """Every compared path in every group with its interval."""
    paths = named_paths(result, comparison, found, words)
    spec = {**group_forest(paths, words).alone(), "width": 400}
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
