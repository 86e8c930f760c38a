"""Interactions as drawings: simple slopes, regions of significance, and the predicted surface."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd

from analysis.pipeline.result import AnalysisResult
from analysis.reporting.charts import drawn
from analysis.reporting.diagram import NEGATIVE, POSITIVE, UNDECIDED
from analysis.reporting.document import Figure
from analysis.reporting.wording import Words
from analysis.synergy.probe import Probe
from analysis.unavailable import Unavailable

LEVELS = (-1.0, 0.0, 1.0)
"""Standard deviations of the moderator at which slopes are drawn (Cohen, Cohen, West & Aiken 2003)."""
LEVEL_COLOURS = (NEGATIVE, UNDECIDED, POSITIVE)
REACH = 2.0
"""Standard deviations to either side that a drawing shows at least."""
FINE = 30
"""Cells along each side of a surface."""
PANEL, LOW = 160, 132
"""Pixels across a panel, and from top to bottom where two rows and a figure before share one page."""
COLUMNS = 3


def probe_figures(result: AnalysisResult, words: Words) -> tuple[Figure, ...]:
    """Slopes and regions of every model with products, and the surface where squares are in the model."""
    figures = []
    for probe in result.probes:
        if isinstance(probe, Probe) and len(probe.predicted):
            figures += [_slopes(probe, words)]
            figures += [_regions(probe, words)] if len(probe.regions) else []
            figures += [] if isinstance(probe.congruence, Unavailable) else [_surface(probe, words)]
    return tuple(figures)


def _slopes(probe: Probe, words: Words) -> Figure:
    """Predicted outcome along one variable of each pair at three levels of the other."""
    names = [_level(level, words) for level in LEVELS]
    data = [
        {"panel": f"{row['first']} | {row['second']}", "x": row["first_at"], "y": row["value"],
         "level": _level(float(row["second_at"]), words)}
        for row in probe.predicted.to_dict("records")
        if row["second_at"] in LEVELS
    ]  # fmt: skip
    scale = {"domain": names, "range": list(LEVEL_COLOURS)}
    level: dict[str, Any] = {"field": "level", "type": "nominal", "sort": None, "title": words("moderator")}
    legend = {"orient": "bottom"}
    encoding = {
        "x": _axis("x", words("predictor_sd")),
        "y": _axis("y", words("predicted_sd", outcome=probe.outcome), zero=False),
        "color": {**level, "scale": scale, "legend": legend},
        "strokeDash": {
            **level,
            "scale": {"domain": names, "range": [[6, 3], [2, 2], [1, 0]]},
            "legend": legend,
        },
    }
    spec = {
        "width": PANEL,
        "height": LOW,
        "mark": {"type": "line", "strokeWidth": 2.2},
        "encoding": encoding,
    }
    return _panels("slopes", probe, words, data, spec)


def _level(level: float, words: Words) -> str:
    return words("level_at_mean") if level == 0 else f"{'+' if level > 0 else '−'}{abs(level):g} SD"


def _regions(probe: Probe, words: Words) -> Figure:
    """The slope along the moderator with its band; coloured where the band leaves zero out."""
    data: list[dict[Any, Any]] = []
    for region in probe.regions.to_dict("records"):
        panel = f"{region['predictor']} | {region['moderator']}"
        band = slope_band(probe.slopes, str(region["predictor"]), str(region["moderator"]), region)
        pieces = (np.diff(band["differs"].astype(int), prepend=int(band["differs"].iloc[0])) != 0).cumsum()
        band = band.assign(panel=panel, kind="band", piece=[f"{panel} {piece}" for piece in pieces])
        data += band.to_dict("records")
        for bound in (region["lower"], region["upper"]):
            if bound is not None and band["at"].min() <= float(bound) <= band["at"].max():
                data.append({"panel": panel, "kind": "bound", "at": float(bound)})
    kinds = [words("region_differs"), words("region_same")]
    for row in data:
        row["said"] = kinds[0] if row.get("differs") else kinds[1]
    colour = {
        "field": "said",
        "type": "nominal",
        "title": None,
        "scale": {"domain": kinds, "range": [POSITIVE, UNDECIDED]},
        "legend": {"orient": "bottom"},
    }
    x, kept = _axis("at", words("moderator_sd")), [{"filter": "datum.kind == 'band'"}]
    y = {"type": "quantitative", "title": words("slope")}
    detail = {"field": "piece", "type": "nominal"}
    layers = [
        {
            "transform": kept,
            "mark": {"type": "area", "opacity": 0.3},
            "encoding": {
                "x": x, "y": {**y, "field": "lower"}, "y2": {"field": "upper"}, "color": colour,
                "detail": detail,
            },
        },
        {
            "transform": kept,
            "mark": {"type": "line", "strokeWidth": 2},
            "encoding": {"x": x, "y": {**y, "field": "slope"}, "color": colour, "detail": detail},
        },
        {"mark": {"type": "rule", "color": "#444444"}, "encoding": {"y": {"datum": 0}}},
        {
            "transform": [{"filter": "datum.kind == 'bound'"}],
            "mark": {"type": "rule", "color": NEGATIVE, "strokeDash": [5, 3], "strokeWidth": 1.6},
            "encoding": {"x": x},
        },
    ]  # fmt: skip
    return _panels("regions", probe, words, data, {"width": PANEL, "height": LOW, "layer": layers})


def slope_band(slopes: pd.DataFrame, predictor: str, moderator: str, region: dict[Any, Any]) -> pd.DataFrame:
    """The slope of ``predictor`` and its band over the moderator: ``at slope lower upper differs``.

    A simple slope is linear in the moderator and its variance quadratic, so that three levels determine
    both exactly (Bauer & Curran 2005, eqs. 8 and 9).
    """
    own = slopes[(slopes["predictor"] == predictor) & (slopes["moderator"] == moderator)]
    own = own[own["held_at"] == 0.0]
    at = own["at"].to_numpy(dtype=float)
    line = np.polyfit(at, own["slope"].to_numpy(dtype=float), 1)
    variance = np.polyfit(at, own["se"].to_numpy(dtype=float) ** 2, 2)
    width = float(((own["ci_upper"] - own["slope"]) / own["se"]).iloc[0])
    low, high = min(-REACH, float(region["observed_min"])), max(REACH, float(region["observed_max"]))
    grid = np.linspace(low, high, 81)
    slope = np.polyval(line, grid)
    margin = width * np.sqrt(np.maximum(np.polyval(variance, grid), 0.0))
    lower, upper = slope - margin, slope + margin
    return pd.DataFrame(
        {"at": grid, "slope": slope, "lower": lower, "upper": upper, "differs": (lower > 0) | (upper < 0)}
    )


def _surface(probe: Probe, words: Words) -> Figure:
    """Predicted outcome over both variables of each pair, with the line on which they are equal."""
    cell = 2 * REACH / FINE
    # Cells overlap a little, so that no hairlines show between them.
    half = 0.53 * cell
    data: list[dict[str, object]] = []
    for (first, second), known in probe.predicted.groupby(["first", "second"], sort=False):
        panel = f"{first} × {second}"
        centres = -REACH + cell * (np.arange(FINE) + 0.5)
        for x in centres:
            values = surface_values(known, np.full(FINE, x), centres)
            data += [
                {"panel": panel, "kind": "cell", "x": x - half, "x2": x + half,
                 "y": y - half, "y2": y + half, "value": value}
                for y, value in zip(centres.tolist(), values.tolist(), strict=True)
            ]  # fmt: skip
        data += [{"panel": panel, "kind": "equal", "x": at, "y": at} for at in (-REACH, REACH)]
    title = words("predicted_sd", outcome=probe.outcome)
    inside = {"domain": [-REACH, REACH], "nice": False}
    x, y = _axis("x", words("first_sd")), _axis("y", words("second_sd"))
    x, y = {**x, "scale": inside}, {**y, "scale": inside}
    layers = [
        {
            "transform": [{"filter": "datum.kind == 'cell'"}],
            "mark": {"type": "rect", "strokeWidth": 0, "clip": True},
            "encoding": {
                "x": x, "x2": {"field": "x2"}, "y": y, "y2": {"field": "y2"},
                "color": {
                    "field": "value", "type": "quantitative", "title": title,
                    "scale": {"type": "quantize", "scheme": {"name": "cividis", "count": 7}},
                    "legend": {"orient": "bottom", "format": ".2f", "labelOverlap": "greedy"},
                },
            },
        },
        {
            "transform": [{"filter": "datum.kind == 'equal'"}],
            "mark": {"type": "line", "color": "#FFFFFF", "strokeDash": [6, 4], "strokeWidth": 2},
            "encoding": {"x": x, "y": y},
        },
    ]  # fmt: skip
    return _panels("surface", probe, words, data, {"width": PANEL, "height": PANEL, "layer": layers})


def surface_values(known: pd.DataFrame, x: np.ndarray, y: np.ndarray) -> np.ndarray:
    """The predicted outcome at (x, y), (n,): the quadratic that runs through the predicted values known."""

    def powers(a: np.ndarray, b: np.ndarray) -> np.ndarray:
        return np.column_stack([a, b, a * b, a**2, b**2])

    a, b = known["first_at"].to_numpy(dtype=float), known["second_at"].to_numpy(dtype=float)
    weights = np.linalg.lstsq(powers(a, b), known["value"].to_numpy(dtype=float), rcond=None)[0]
    return np.asarray(powers(x, y) @ weights)


def _axis(field: str, title: str, *, zero: bool = True) -> dict[str, Any]:
    scale = {"zero": zero, "nice": zero}
    return {"field": field, "type": "quantitative", "title": title, "axis": {"grid": True}, "scale": scale}


def _panels(
    kind: str, probe: Probe, words: Words, data: list[dict[str, Any]], spec: dict[str, Any]
) -> Figure:
    facet = {
        "field": "panel",
        "type": "nominal",
        "title": None,
        "sort": list(dict.fromkeys(str(row["panel"]) for row in data)),
        "header": {"labelFontSize": 12, "labelFontWeight": "bold"},
    }
    full = {"data": {"values": data}, "facet": facet, "columns": COLUMNS, "spec": spec}
    return drawn(f"{kind}_figure", words, full, f"{probe.model}_{probe.outcome}", model=probe.model)
