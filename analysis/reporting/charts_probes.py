"""Interactions made visible: simple slopes, regions of significance, and the map of the predicted surface.

Every drawing shows one pair of variables: a page draws it alone, the report beside those of other pairs.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from analysis.reporting.diagram import NEGATIVE, POSITIVE, UNDECIDED
from analysis.reporting.drawing import HOVER, Drawing, Spec, category, quantity, tip, two_kinds
from analysis.reporting.wording import Words
from analysis.synergy.curves import REACH, bounds_between, slope_band, surface_values

LEVELS = (-1.0, 0.0, 1.0)
"""Standard deviations of the moderator at which slopes are drawn (Cohen, Cohen, West & Aiken 2003)."""
LEVEL_COLOURS = (NEGATIVE, UNDECIDED, POSITIVE)
DASHES = ([6, 3], [2, 2], [1, 0])
CURVE = 41
"""Places along a line that may be curved."""
HEIGHT = 260
"""Pixels from top to bottom of a drawing alone."""
FINE = 30
"""Cells along each side of a surface."""
LEGEND = {"orient": "bottom", "titleLimit": 320, "symbolType": "stroke"}
COLOURS = {"name": "cividis", "count": 7}


@dataclass(frozen=True, slots=True)
class Titles:
    """What the axes are called, with their units: the two variables of a pair, and what they explain."""

    first: str
    second: str
    outcome: str


def level_name(level: float, words: Words) -> str:
    """``−1 SD``, ``Mean``, ``+1 SD``."""
    return words("level_at_mean") if level == 0 else f"{'+' if level > 0 else '−'}{abs(level):g} SD"


def slope_levels(slopes: pd.DataFrame, titles: Titles, words: Words) -> Drawing:
    """The effect of the first variable at levels of the second, with its interval.

    ``slopes``: as of ``Probe.slopes_of``.
    """
    kinds = words("region_differs"), words("region_same")
    rows = [
        {
            "level": level_name(row["at"], words),
            **{name: row[name] for name in ("slope", "ci_lower", "ci_upper")},
            "said": kinds[0 if row["ci_lower"] > 0 or row["ci_upper"] < 0 else 1],
        }
        for row in slopes.to_dict("records")
    ]
    encoding = {
        "y": category("level", axis={"grid": True}),
        "color": two_kinds("said", *kinds, UNDECIDED),
        "tooltip": [tip("level", titles.second), *_slope_tips(words)],
    }
    x = words("slope_sd")
    layers = [
        {"mark": {"type": "rule", "color": UNDECIDED}, "encoding": {"x": {"datum": 0}}},
        {
            "mark": {"type": "rule", "strokeWidth": 2.5},
            "encoding": {**encoding, "x": quantity("ci_lower", x), "x2": {"field": "ci_upper"}},
        },
        {
            "mark": {"type": "point", "filled": True, "size": 90, "opacity": 1},
            "encoding": {**encoding, "x": quantity("slope", x)},
        },
    ]
    return Drawing(rows, {"height": {"step": 40}, "layer": layers})


def slope_lines(known: pd.DataFrame, titles: Titles, words: Words) -> Drawing:
    """The predicted outcome along the first variable at three levels of the second.

    ``known``: as of ``Probe.predicted_of``. Lines are curved where the square of the first is in the model.
    """
    along, rows = np.linspace(-REACH, REACH, CURVE), []
    places = np.arange(-REACH, REACH + 1)
    for level in LEVELS:
        for kind, where in (("line", along), ("point", places)):
            values = surface_values(known, where, np.full(len(where), level))
            rows += [
                {"kind": kind, "level": level_name(level, words), "x": x, "value": value}
                for x, value in zip(where.tolist(), values.tolist(), strict=True)
            ]
    names = [level_name(level, words) for level in LEVELS]
    own = category("level", title=titles.second, legend=LEGEND)
    encoding = {
        "x": quantity("x", titles.first, axis={"grid": True}),
        "y": quantity("value", titles.outcome, scale={"zero": False, "nice": False}),
        "color": {**own, "scale": {"domain": names, "range": list(LEVEL_COLOURS)}},
    }
    dash = {**own, "scale": {"domain": names, "range": list(DASHES)}}
    tips = [tip("x", titles.first, 0), tip("level", titles.second), tip("value", titles.outcome, 3)]
    layers = [
        {
            "transform": _only("line"),
            "mark": {"type": "line", "strokeWidth": 2.2},
            "encoding": {**encoding, "strokeDash": dash},
        },
        {
            "name": HOVER,
            "transform": _only("point"),
            "mark": {"type": "point", "filled": True, "size": 60, "opacity": 1},
            "encoding": {**encoding, "tooltip": tips},
        },
    ]
    return Drawing(rows, {"height": HEIGHT, "layer": layers})


def slope_regions(slopes: pd.DataFrame, region: Mapping[Any, Any], titles: Titles, words: Words) -> Drawing:
    """The slope of the first variable along the second with its interval: blue where that leaves 0 out.

    ``slopes`` and ``region``: as of ``Probe.slopes_of`` and ``region_of``. Grey ground: nobody was observed.
    """
    kinds = words("region_differs"), words("region_same")
    band = slope_band(slopes, region)
    low, high = float(band["at"].min()), float(band["at"].max())
    rows: list[dict[str, Any]] = [
        {"kind": "band", **{str(name): value for name, value in row.items()}}
        for row in band.to_dict("records")
    ]
    for row in rows:
        row["said"] = kinds[0 if row.pop("differs") else 1]
    rows += [{"kind": "bound", "at": bound} for bound in bounds_between(region, low, high)]
    seen = float(region["observed_min"]), float(region["observed_max"])
    empty = [(low, seen[0]), (seen[1], high)]
    rows += [{"kind": "unseen", "at": start, "end": end} for start, end in empty if start < end]
    x = quantity("at", titles.second, axis={"grid": True}, scale={"nice": False, "zero": False})
    y, colour = words("slope_sd"), two_kinds("said", *kinds, UNDECIDED)
    apart = {"x": x, "color": colour, "detail": {"field": "piece", "type": "nominal"}}
    layers: list[Spec] = [
        {
            "transform": _only("unseen"),
            "mark": {"type": "rect", "color": "#808080", "opacity": 0.18},
            "encoding": {"x": x, "x2": {"field": "end"}},
        },
        {
            "transform": _only("band"),
            "mark": {"type": "area", "opacity": 0.3},
            "encoding": {**apart, "y": quantity("ci_lower", y), "y2": {"field": "ci_upper"}},
        },
        {
            "transform": _only("band"),
            "mark": {"type": "line", "strokeWidth": 2.2},
            "encoding": {**apart, "y": quantity("slope", y)},
        },
        {"mark": {"type": "rule", "color": UNDECIDED}, "encoding": {"y": {"datum": 0}}},
        {
            "transform": _only("bound"),
            "mark": {"type": "rule", "color": NEGATIVE, "strokeDash": [5, 3], "strokeWidth": 1.8},
            "encoding": {"x": x, "tooltip": [tip("at", words("bound"), 2)]},
        },
        {
            "name": HOVER,
            "transform": _only("band"),
            "mark": {"type": "point", "size": 160, "filled": True, "opacity": 0},
            "encoding": {
                "x": x,
                "y": quantity("slope", y),
                "tooltip": [tip("at", titles.second, 2), *_slope_tips(words)],
            },
        },
    ]
    return Drawing(rows, {"height": HEIGHT, "layer": layers})


def surface_map(known: pd.DataFrame, titles: Titles) -> Drawing:
    """The predicted outcome over both variables, with the line on which they are equal.

    ``known``: as of ``Probe.predicted_of``.
    """
    cell = 2 * REACH / FINE
    # Cells overlap a little, so that no hairlines show between them.
    half = 0.53 * cell
    centres = -REACH + cell * (np.arange(FINE) + 0.5)
    rows: list[dict[str, Any]] = []
    for x in centres.tolist():
        values = surface_values(known, np.full(FINE, x), centres)
        rows += [
            {"kind": "cell", "x": x, "y": y, "value": value}
            for y, value in zip(centres.tolist(), values.tolist(), strict=True)
        ]
    rows += [{"kind": "equal", "x": at, "y": at} for at in (-REACH, REACH)]
    inside = {"domain": [-REACH, REACH], "nice": False}

    def x_of(field: str) -> Spec:
        return quantity(field, titles.first, scale=inside)

    def y_of(field: str) -> Spec:
        return quantity(field, titles.second, scale=inside)

    shade = quantity(
        "value",
        titles.outcome,
        scale={"type": "quantize", "scheme": COLOURS},
        legend={
            **{"orient": "bottom", "format": ".2f", "titleLimit": 320},
            # Wide enough for the figures of seven steps.
            **{"type": "gradient", "gradientLength": 290},
        },
    )
    tips = [tip("x", titles.first, 2), tip("y", titles.second, 2), tip("value", titles.outcome, 3)]
    layers = [
        {
            # The corners are left to the page: a third of what is sent with every choice.
            "transform": [*_only("cell"), *_corners(half)],
            "mark": {"type": "rect", "strokeWidth": 0, "clip": True},
            "encoding": {
                "x": x_of("x0"), "x2": {"field": "x1"}, "y": y_of("y0"), "y2": {"field": "y1"},
                "color": shade, "tooltip": tips,
            },
        },
        {
            "transform": _only("equal"),
            "mark": {"type": "line", "color": "#FFFFFF", "strokeDash": [6, 4], "strokeWidth": 2},
            "encoding": {"x": x_of("x"), "y": y_of("y")},
        },
    ]  # fmt: skip
    return Drawing(rows, {"height": 300, "layer": layers})


def _only(kind: str) -> list[Spec]:
    return [{"filter": f"datum.kind == '{kind}'"}]


def _corners(half: float) -> list[Spec]:
    """The edges of a cell from its middle."""
    return [
        {"calculate": f"datum.{axis} {sign} {half!r}", "as": f"{axis}{end}"}
        for axis in ("x", "y")
        for end, sign in ((0, "-"), (1, "+"))
    ]


def _slope_tips(words: Words) -> list[Spec]:
    return [
        tip("slope", words("slope_sd"), 3),
        tip("ci_lower", words("lower_bound"), 3),
        tip("ci_upper", words("upper_bound"), 3),
    ]
