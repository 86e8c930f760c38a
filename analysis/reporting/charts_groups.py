"""Groups as drawings: each group's paths with their intervals, and the ladder of invariance."""

from __future__ import annotations

import pandas as pd

from analysis.reporting.diagram import POSITIVE, UNDECIDED
from analysis.reporting.drawing import Drawing, Spec, category, quantity, tip, two_kinds
from analysis.reporting.wording import Words

ROW = 22
"""Pixels from one row to the next."""
MEASURES = ("cfi", "rmsea")
LEAST = 0.03
"""What an axis of a fit measure spans at least: a change too small to count must not look large."""
_GROUP = r"split(datum.value, '\t')[1]"
_PATH = r"split(datum.value, '\t')[0]"


def group_forest(paths: pd.DataFrame, words: Words) -> Drawing:
    """Every path in every group with its interval, a path's groups below its name.

    ``paths``: as of ``named_paths``.
    """
    rows = [
        {
            "row": f"{row['path']}\t{row['group']}",
            **{name: row[name] for name in ("path", "group", "n", "estimate", "ci_lower", "ci_upper")},
        }
        for row in paths.to_dict("records")
    ]
    order: list[str] = []
    for path in dict.fromkeys(row["path"] for row in rows):
        order += [f"{path}\t", *(str(row["row"]) for row in rows if row["path"] == path)]
    heading = {"test": f"!{_GROUP}"}
    axis = {
        "labelExpr": f"{_GROUP} || {_PATH}",
        "labelFontWeight": {"condition": {**heading, "value": "bold"}, "value": "normal"},
        "grid": True,
        "gridOpacity": {"condition": {**heading, "value": 0}, "value": 1},
        "ticks": False,
        "labelPadding": 6,
    }
    encoding = {
        "y": category("row", scale={"domain": order}, axis=axis),
        "tooltip": [
            tip("path", words("path")),
            tip("group", words("group")),
            tip("n", "n", 0),
            tip("estimate", words("estimate"), 3),
            tip("ci_lower", words("lower_bound"), 3),
            tip("ci_upper", words("upper_bound"), 3),
        ],
    }
    x = words("forest_axis")
    layers = [
        {"mark": {"type": "rule", "color": UNDECIDED}, "encoding": {"x": {"datum": 0}}},
        {
            "mark": {"type": "rule", "strokeWidth": 2, "color": POSITIVE},
            "encoding": {**encoding, "x": quantity("ci_lower", x), "x2": {"field": "ci_upper"}},
        },
        {
            "mark": {"type": "point", "filled": True, "size": 70, "color": POSITIVE, "opacity": 1},
            "encoding": {**encoding, "x": quantity("estimate", x)},
        },
    ]
    return Drawing(rows, {"height": {"step": ROW}, "layer": layers})


def ladder(steps: pd.DataFrame, measure: str, words: Words) -> Drawing:
    """``measure`` (cfi or rmsea) of every model of the ladder; one that does not hold is an orange square.

    ``steps``: as of ``MeasurementInvariance.ladder``.
    """
    kinds = words("ladder_holds"), words("ladder_fails")
    rows = [
        {"step": step, "cfi": row["cfi"], "rmsea": row["rmsea"], "holds": kinds[0 if row["holds"] else 1]}
        for step, row in zip(step_names(steps, words), steps.to_dict("records"), strict=True)
    ]
    shape = category("holds", scale={"domain": list(kinds), "range": ["circle", "square"]})
    encoding: Spec = {
        "y": category("step", axis={"grid": True, "labelLimit": 220}),
        "x": quantity(
            measure,
            measure.upper(),
            axis={"format": ".3f", "tickCount": 4},
            scale={"domain": _span([float(row[measure]) for row in rows]), "nice": False},
        ),
        "color": two_kinds("holds", *kinds),
        "shape": {**shape, "legend": {"orient": "bottom"}},
        "tooltip": [
            tip("step", words("level")),
            tip("cfi", "CFI", 3),
            tip("rmsea", "RMSEA", 3),
            tip("holds", words("holds")),
        ],
    }
    mark = {"type": "point", "filled": True, "size": 90, "opacity": 1}
    return Drawing(rows, {"height": {"step": ROW}, "mark": mark, "encoding": encoding})


def _span(values: list[float]) -> list[float]:
    """Bounds of an axis from 0 to 1 around ``values`` and at least LEAST apart."""
    low, high = min(values), max(values)
    spare = max(0.1 * (high - low), (LEAST - (high - low)) / 2)
    return [max(0.0, low - spare), min(1.0, high + spare)]


def step_names(steps: pd.DataFrame, words: Words) -> list[str]:
    """``2. metric − f=~x2``: the place of each model, what is equal in it, and what was freed."""
    freed = steps["freed"].fillna("").astype(str)
    return [
        f"{place}. {words(f'level_{level}')}" + (f" − {name}" if name else "")
        for place, (level, name) in enumerate(zip(steps["level"], freed, strict=True), start=1)
    ]
