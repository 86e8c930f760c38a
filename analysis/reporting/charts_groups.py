"""Groups as drawings: each group's paths with their intervals, and the ladder of invariance."""

from __future__ import annotations

from typing import Any

from analysis.measurement.invariance_ladder import MeasurementInvariance
from analysis.pipeline.measured import Invariance
from analysis.pipeline.result import AnalysisResult, GroupComparison
from analysis.reporting.charts import drawn
from analysis.reporting.diagram import NEGATIVE, POSITIVE
from analysis.reporting.document import Figure
from analysis.reporting.names import group_name
from analysis.reporting.wording import Words
from analysis.synergy.group_paths import GroupPaths

ROW = 20
MEASURES = ("cfi", "rmsea")


def group_forest(
    comparison: GroupComparison, found: GroupPaths, result: AnalysisResult, words: Words
) -> Figure:
    """Every compared path in every group with its interval."""
    data = [
        {
            "path": str(row.path),
            "group": group_name(result.study, comparison.grouping, str(row.group), words),
            "estimate": row.estimate,
            "low": row.ci_lower,
            "high": row.ci_upper,
        }
        for row in found.paths.itertuples()
    ]
    x: dict[str, Any] = {"type": "quantitative", "title": words("forest_axis")}
    y = {"field": "group", "type": "nominal", "sort": None, "title": None, "axis": {"grid": True}}
    layers = [
        {"mark": {"type": "rule", "color": "#444444"}, "encoding": {"x": {"datum": 0}}},
        {
            "mark": {"type": "rule", "strokeWidth": 2, "color": POSITIVE},
            "encoding": {"y": y, "x": {**x, "field": "low"}, "x2": {"field": "high"}},
        },
        {
            "mark": {"type": "point", "filled": True, "size": 60, "color": POSITIVE, "opacity": 1},
            "encoding": {"y": y, "x": {**x, "field": "estimate"}},
        },
    ]
    header = {"labelFontSize": 12, "labelAngle": 0, "labelAlign": "left", "labelFontWeight": "bold"}
    spec = {
        "data": {"values": data},
        "facet": {"row": {"field": "path", "type": "nominal", "sort": None, "title": None, "header": header}},
        "spec": {"width": 400, "height": {"step": ROW}, "layer": layers},
    }
    return drawn("group_forest", words, spec, comparison.hypothesis, hypothesis=comparison.hypothesis)


def ladder_figure(entry: Invariance, found: MeasurementInvariance, name: str, words: Words) -> Figure:
    """CFI and RMSEA of every model of the ladder; one that does not hold is an orange square."""
    kinds = [words("ladder_holds"), words("ladder_fails")]
    data = []
    for place, row in enumerate(found.ladder.to_dict("records"), start=1):
        freed = f" − {row['freed']}" if row["freed"] else ""
        level = words(f"level_{row['level']}")
        data.append(
            {
                "step": f"{place}. {level}{freed}",
                "cfi": row["cfi"],
                "rmsea": row["rmsea"],
                "holds": kinds[0 if row["holds"] else 1],
            }
        )
    own = {"field": "holds", "type": "nominal", "title": None}
    shown = {
        "color": {
            **own,
            "scale": {"domain": kinds, "range": [POSITIVE, NEGATIVE]},
            "legend": {"orient": "bottom"},
        },
        "shape": {**own, "scale": {"domain": kinds, "range": ["circle", "square"]}},
    }
    y: dict[str, Any] = {"field": "step", "type": "nominal", "sort": None, "title": None}
    panels = []
    for measure in MEASURES:
        first = measure == "cfi"
        axis = {"grid": True, "labelLimit": 220} if first else {"grid": True, "labels": False, "ticks": False}
        value = {"field": measure, "type": "quantitative", "title": measure.upper(), "scale": {"zero": False}}
        panels.append(
            {
                "width": 190,
                "height": {"step": ROW},
                "mark": {"type": "point", "filled": True, "size": 80, "opacity": 1},
                "encoding": {"y": {**y, "axis": axis}, "x": value, **shown},
            }
        )
    spec = {"data": {"values": data}, "hconcat": panels}
    return drawn("ladder_figure", words, spec, f"{entry.grouping}_{entry.indicators.value}", group=name)
