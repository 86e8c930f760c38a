"""The report's figures of a whole result: verdict estimates, HTMT, answer distributions."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from analysis.pipeline.result import AnalysisResult
from analysis.reporting.charts_measures import HTMT, answer_shares, htmt_map
from analysis.reporting.diagram import NEGATIVE, POSITIVE, UNDECIDED
from analysis.reporting.document import Figure
from analysis.reporting.drawing import WIDTH, drawn
from analysis.reporting.numbers import NONE, bounded, number
from analysis.reporting.sections_verdicts import TONES, verdict_word
from analysis.reporting.wording import Words
from analysis.unavailable import Unavailable

COLOURS = {"for": POSITIVE, "against": NEGATIVE, "open": UNDECIDED, "closed": "#B0B0B0"}


def forest_figure(result: AnalysisResult, words: Words) -> Figure | None:
    """Estimate and interval of every verdict of the primary analysis beside its band of no interest."""
    rows = [r for r in result.verdicts if r.primary and number(r.estimate) != NONE]
    if not rows:
        return None
    data = [
        {
            "code": row.hypothesis,
            "estimate": row.estimate,
            "low": row.ci_lower,
            "high": row.ci_upper,
            "from": -row.sesoi,
            "to": row.sesoi,
            "verdict": verdict_word(row.verdict, words),
        }
        for row in rows
    ]
    verdicts = {verdict_word(r.verdict, words): COLOURS[TONES.get(r.verdict, "closed")] for r in rows}
    y = {"field": "code", "type": "nominal", "sort": None, "title": None, "axis": {"grid": True}}
    colour = {
        "field": "verdict",
        "type": "nominal",
        "title": words("verdict"),
        "scale": {"domain": list(verdicts), "range": list(verdicts.values())},
        "legend": {"orient": "bottom", "columns": 3, "labelLimit": 400},
    }
    shape = {"field": "verdict", "type": "nominal", "legend": None}

    def x(field: str, **more: Any) -> dict[str, Any]:
        return {"field": field, "type": "quantitative", "title": words("forest_axis"), **more}

    bar = {"type": "bar", "height": {"band": 0.9}, "color": "#DDE5EC"}
    layers = [
        {"mark": bar, "encoding": {"y": y, "x": x("from"), "x2": {"field": "to"}}},
        {
            "mark": {"type": "rule", "strokeWidth": 2},
            "encoding": {"y": y, "x": x("low"), "x2": {"field": "high"}, "color": colour},
        },
        {
            "mark": {"type": "point", "filled": True, "size": 60},
            "encoding": {"y": y, "x": x("estimate"), "color": colour, "shape": shape},
        },
        {"mark": {"type": "rule", "color": "#444444"}, "encoding": {"x": {"datum": 0}}},
    ]
    spec = {"data": {"values": data}, "width": WIDTH, "height": {"step": 20}, "layer": layers}
    return drawn("forest", words, spec)


def htmt_figure(result: AnalysisResult, words: Words) -> Figure | None:
    """The heterotrait–monotrait ratios as a heat map, each cell with its figure."""
    ratios = result.measurement.htmt
    if isinstance(ratios, Unavailable):
        return None
    spec = {**htmt_map(ratios, words).alone(), "width": {"step": 30}}
    return drawn("htmt_map", words, spec, cut=bounded(HTMT, 2))


def likert_figure(result: AnalysisResult, words: Words) -> Figure | None:
    """Shares of every answer to every item, centred on the middle of its scale."""
    counted = result.measurement.categories
    if counted.empty:
        return None
    study, order = result.study, dict.fromkeys(map(str, counted["item"]))
    points = {item: study.scale(study.items[item].scale).points for item in order}
    spec = answer_shares(counted, points, words).alone()
    return drawn("likert", words, {**spec, "width": WIDTH, "height": {"step": 11}})


def present(figures: Sequence[Figure | None]) -> tuple[Figure, ...]:
    """Those figures that there is something to draw for."""
    return tuple(figure for figure in figures if figure is not None)
