"""Charts of a result as SVG, drawn by Vega-Lite: verdict estimates, HTMT, answer distributions."""

from __future__ import annotations

import re
from collections.abc import Sequence
from html import escape
from typing import Any

import vl_convert

from analysis.pipeline.result import AnalysisResult
from analysis.reporting.diagram import FONTS, NEGATIVE, POSITIVE, UNDECIDED
from analysis.reporting.document import Figure
from analysis.reporting.numbers import NONE, bounded, number
from analysis.reporting.sections_verdicts import TONES, verdict_word
from analysis.reporting.wording import Words
from analysis.unavailable import Unavailable

WIDTH = 560
DARK = 0.6
"""From this ratio on a cell is so dark that its figure is printed in white."""
COLOURS = {"for": POSITIVE, "against": NEGATIVE, "open": UNDECIDED, "closed": "#B0B0B0"}


def forest(result: AnalysisResult, words: Words) -> Figure | None:
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


def htmt_map(result: AnalysisResult, words: Words) -> Figure | None:
    """The heterotrait–monotrait ratios as a heat map, each cell with its figure."""
    frame = result.measurement.htmt
    if isinstance(frame, Unavailable):
        return None
    codes = [str(code) for code in frame.index]
    values = frame.to_numpy(dtype=float)
    data = [
        {
            "a": codes[i],
            "b": codes[j],
            "ratio": float(values[i, j]),
            "printed": bounded(float(values[i, j]), 2),
        }
        for i in range(len(codes))
        for j in range(i)
        if values[i, j] == values[i, j]
    ]
    place = {
        "y": {"field": "a", "type": "nominal", "sort": codes, "title": None},
        "x": {"field": "b", "type": "nominal", "sort": codes, "title": None, "axis": {"labelAngle": -45}},
    }
    shade = {
        "field": "ratio",
        "type": "quantitative",
        "title": "HTMT",
        "scale": {"scheme": "blues", "domain": [0, 1]},
    }
    ink = {"condition": {"test": f"datum.ratio > {DARK}", "value": "#FFFFFF"}, "value": "#111111"}
    layers = [
        {"mark": "rect", "encoding": {**place, "color": shade}},
        {
            "mark": {"type": "text", "fontSize": 10},
            "encoding": {**place, "text": {"field": "printed", "type": "nominal"}, "color": ink},
        },
    ]
    spec = {"data": {"values": data}, "width": {"step": 30}, "height": {"step": 22}, "layer": layers}
    return drawn("htmt_map", words, spec)


def likert(result: AnalysisResult, words: Words) -> Figure | None:
    """Shares of every answer to every item, centred on the middle of its scale."""
    frame = result.measurement.categories
    if frame.empty:
        return None
    points = {code: result.study.scale(item.scale).points for code, item in result.study.items.items()}
    data: list[dict[str, object]] = []
    for item, rows in frame.groupby("item", sort=False):
        total = float(rows["count"].sum())
        if total == 0:
            continue
        k = points[str(item)]
        shares = [float(rows.loc[rows["category"] == c, "count"].sum()) / total for c in range(1, k + 1)]
        start = -sum(shares[: k // 2]) - (shares[k // 2] / 2 if k % 2 else 0.0)
        for category, share in enumerate(shares, start=1):
            at = (category - 1) / (k - 1)
            data.append({"item": str(item), "at": at, "a": start, "b": start + share})
            start += share
    axis = {"format": "%", "tickCount": 5}
    encoding = {
        "y": {"field": "item", "type": "nominal", "sort": None, "title": None},
        "x": {"field": "a", "type": "quantitative", "title": words("likert_axis"), "axis": axis},
        "x2": {"field": "b"},
        "color": {
            "field": "at",
            "type": "quantitative",
            "title": words("likert_legend"),
            "scale": {"scheme": "blueorange", "domain": [0, 1], "reverse": True},
            "legend": {
                "orient": "top",
                "values": [0, 1],
                "labelExpr": f"datum.value ? '{words('likert_high')}' : '{words('likert_low')}'",
            },
        },
    }
    mark = {"type": "bar", "height": {"band": 0.85}}
    spec = {
        "data": {"values": data},
        "width": WIDTH,
        "height": {"step": 11},
        "mark": mark,
        "encoding": encoding,
    }
    return drawn("likert", words, spec)


def present(figures: Sequence[Figure | None]) -> tuple[Figure, ...]:
    """Those figures that there is something to draw for."""
    return tuple(figure for figure in figures if figure is not None)


def drawn(key: str, words: Words, spec: dict[str, Any], suffix: str = "", **blanks: object) -> Figure:
    """A figure from a Vega-Lite ``spec``; its words are ``key`` and ``key_note``, filled with ``blanks``."""
    config = {
        "font": FONTS.replace("'", ""),
        "background": "#FFFFFF",
        "axis": {"labelFontSize": 11, "titleFontSize": 12, "titleFontWeight": "normal", "labelLimit": 220},
        "legend": {"labelFontSize": 11, "titleFontSize": 12, "titleFontWeight": "normal", "labelLimit": 400},
    }
    full = {"$schema": "https://vega.github.io/schema/vega-lite/v5.json", "config": config, **spec}
    svg = vl_convert.vegalite_to_svg(full)
    found = re.search(r'<svg[^>]*?width="([\d.]+)"', svg)
    width = float(found.group(1)) if found else float(WIDTH)
    name, caption = f"{key}_{suffix}" if suffix else key, words(key, **blanks)
    # What a screen reader says, and unique names for clips, since several drawings share one page.
    svg = svg.replace("<svg ", f'<svg role="img" aria-label="{escape(caption)}" ', 1)
    svg = re.sub(r"\b(clip|gradient_)(\d+)\b", rf"{name}_\1\2", svg)
    return Figure(name, caption, svg, width, words(f"{key}_note", **blanks))
