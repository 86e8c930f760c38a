"""The predicted surface seen from one side: a flat drawing of a solid figure, as lines and areas."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from analysis.reporting.charts_probes import COLOURS, Titles
from analysis.reporting.diagram import UNDECIDED
from analysis.reporting.drawing import Drawing, Spec, quantity
from analysis.synergy.curves import REACH, surface_values

EYE = (-1.3, -2.2, 1.3)
"""Where it is seen from: where both variables are low, so that a rise towards both is a rise to the back."""
CELLS = 24
"""Cells along each side."""
TALL = 0.62
"""How tall the figure is beside the length of its sides."""
WIDTH, HEIGHT = 640, 480
HALF = 0.72
"""What is drawn, from the middle to the upper and lower edge, in lengths of a side."""
ENDS = np.array([-REACH, REACH])


@dataclass(frozen=True, slots=True)
class _View:
    """Parallel projection of a box of ``2 · REACH`` × ``2 · REACH`` × (``low`` to ``high``)."""

    known: pd.DataFrame
    low: float
    high: float

    def height(self, x: np.ndarray, y: np.ndarray) -> np.ndarray:
        return surface_values(self.known, x, y)

    def flat(self, x: np.ndarray, y: np.ndarray, z: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """Where points (n,) of the box are on the paper: across and up."""
        right, up, _ = _directions()
        return self._box(x, y, z) @ right, self._box(x, y, z) @ up

    def seen(self, x: np.ndarray, y: np.ndarray) -> np.ndarray:
        """Whether nothing of the surface stands between the eye and its points (n,)."""
        towards = np.array(EYE) / np.linalg.norm(EYE)
        step = np.linspace(0.02, 1.5, 60)[:, None]
        # One length of the box is 2 · REACH of a variable, TALL of it the range of the outcome.
        ax, ay = x + step * towards[0] * 2 * REACH, y + step * towards[1] * 2 * REACH
        ray = self.height(x, y) + step * towards[2] * (self.high - self.low) / TALL
        there = self.height(ax.ravel(), ay.ravel()).reshape(ax.shape)
        inside = (np.abs(ax) <= REACH) & (np.abs(ay) <= REACH)
        return np.asarray(~((there > ray) & inside).any(axis=0))

    def _box(self, x: np.ndarray, y: np.ndarray, z: np.ndarray) -> np.ndarray:
        tall = TALL * ((z - self.low) / (self.high - self.low) - 0.5)
        return np.column_stack([x / (2 * REACH), y / (2 * REACH), tall])


def surface_view(known: pd.DataFrame, titles: Titles) -> Drawing:
    """The predicted outcome as a surface over both variables; dashed white: both are equal.

    ``known``: as of ``Probe.predicted_of``. Far cells are drawn first, so that near ones cover them.
    """
    edges = np.linspace(-REACH, REACH, CELLS + 1)
    x, y = (axis.ravel() for axis in np.meshgrid(edges, edges))
    heights = surface_values(known, x, y)
    # A surface without any height is drawn as a level floor.
    margin = 0.5 if np.ptp(heights) == 0 else 0.0
    view = _View(known, float(heights.min()) - margin, float(heights.max()) + margin)
    rows = [*_frame(view), *_cells(view, edges), *_equal(view), *_scales(view, titles)]
    wide = HALF * WIDTH / HEIGHT
    place = {
        "x": quantity("x", axis=None, scale={"domain": [-wide, wide], "nice": False}),
        "y": quantity("y", axis=None, scale={"domain": [-HALF, HALF], "nice": False}),
    }
    outline = {**place, "detail": {"field": "line", "type": "nominal"}}
    outline["order"] = {"field": "order", "type": "quantitative"}
    shade = quantity("value", scale={"type": "quantize", "scheme": COLOURS}, legend=None)
    layers: list[Spec] = [
        _layer("frame", {"type": "line", "strokeWidth": 1, "color": "#B0B0B0"}, outline),
        _layer(
            "cell",
            {
                "type": "line",
                "filled": True,
                "stroke": "#FFFFFF",
                "strokeWidth": 0.4,
                "interpolate": "linear-closed",
            },
            {**outline, "color": shade},
        ),
        _layer(
            "equal", {"type": "line", "strokeWidth": 2, "strokeDash": [6, 4], "color": "#FFFFFF"}, outline
        ),
        _layer("axis", {"type": "line", "strokeWidth": 1, "color": UNDECIDED}, outline),
        *(_words(side) for side in ("center", "right")),
    ]
    for layer in layers:
        layer["encoding"] = {**place, **layer["encoding"]}
    return Drawing(rows, {"width": WIDTH, "height": HEIGHT, "view": {"stroke": None}, "layer": layers})


def _layer(kind: str, mark: Spec, encoding: Spec) -> Spec:
    return {"transform": [{"filter": f"datum.kind == '{kind}'"}], "mark": mark, "encoding": encoding}


def _words(side: str) -> Spec:
    text = {"text": {"field": "text", "type": "nominal"}, "angle": quantity("angle", scale=None)}
    return _layer(side, {"type": "text", "align": side, "fontSize": 12, "baseline": "middle"}, text)


def _directions() -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Right, up and towards the eye, each of length 1."""
    towards = np.array(EYE) / np.linalg.norm(EYE)
    right = np.cross(-towards, [0.0, 0.0, 1.0])
    right /= np.linalg.norm(right)
    return right, np.cross(right, -towards), towards


def _line(
    view: _View, kind: str, name: str, x: Sequence[float], y: Sequence[float], z: Sequence[float]
) -> list[dict[str, Any]]:
    across, up = view.flat(np.array(x), np.array(y), np.array(z))
    points = zip(across.tolist(), up.tolist(), strict=True)
    return [{"kind": kind, "line": name, "order": k, "x": a, "y": b} for k, (a, b) in enumerate(points)]


def _cells(view: _View, edges: np.ndarray) -> list[dict[str, Any]]:
    _, _, towards = _directions()
    places = [(float(x), float(y)) for x in edges[:-1] for y in edges[:-1]]
    places.sort(key=lambda place: place[0] * towards[0] + place[1] * towards[1])
    side = float(edges[1] - edges[0])
    rows = []
    for x, y in places:
        xs, ys = [x, x + side, x + side, x], [y, y, y + side, y + side]
        heights = view.height(np.array(xs), np.array(ys))
        corners = _line(view, "cell", f"cell {x} {y}", xs, ys, heights.tolist())
        rows += [{**corner, "value": float(heights.mean())} for corner in corners]
    return rows


def _equal(view: _View) -> list[dict[str, Any]]:
    """The line on which both variables are equal, in the pieces that can be seen."""
    at = np.linspace(-REACH, REACH, 161)
    seen = view.seen(at, at)
    pieces = np.cumsum(np.diff(seen, prepend=seen[:1]))
    heights = view.height(at, at)
    rows = []
    for piece in np.unique(pieces[seen]):
        own = seen & (pieces == piece)
        place = at[own].tolist()
        rows += _line(view, "equal", f"equal {piece}", place, place, heights[own].tolist())
    return rows


def _frame(view: _View) -> list[dict[str, Any]]:
    """The floor, and the edges of the box behind the surface."""
    left, right = -REACH, REACH
    floor, top = view.low, view.high
    return [
        *_line(
            view,
            "frame",
            "floor",
            [left, right, right, left, left],
            [left, left, right, right, left],
            [floor] * 5,
        ),
        *_line(view, "frame", "back", [right, right], [right, right], [floor, top]),
        *_line(view, "frame", "side", [right, right], [left, left], [floor, top]),
        *_line(view, "frame", "top", [left, right, right], [right, right, left], [top] * 3),
    ]


def _scales(view: _View, titles: Titles) -> list[dict[str, Any]]:
    """Three axes with their figures and names: below to the right, below to the left, and upright."""
    floor, near, tick = view.low, -REACH, 0.06 * REACH
    rows: list[dict[str, Any]] = []
    for at in np.arange(-REACH, REACH + 1).tolist():
        rows += _line(view, "axis", f"x {at}", [at, at], [near, near - tick], [floor] * 2)
        rows += _line(view, "axis", f"y {at}", [near, near - tick], [at, at], [floor] * 2)
        rows.append(_text(view, _figure(at), (at, near - 3 * tick, floor)))
        rows.append(_text(view, _figure(at), (near - 3 * tick, at, floor)))
    for at in _ticks(view.low, view.high):
        rows += _line(view, "axis", f"z {at}", [near, near - tick], [REACH, REACH], [at] * 2)
        rows.append(_text(view, _figure(at), (near - 1.6 * tick, REACH, at), side="right"))
    along_x = _line(view, "axis", "x", [near, REACH], [near, near], [floor] * 2)
    along_y = _line(view, "axis", "y", [near, near], [REACH, near], [floor] * 2)
    upright = _line(view, "axis", "z", [near, near], [REACH, REACH], [floor, view.high])
    middle = (view.low + view.high) / 2
    return [
        *rows,
        *along_x,
        *along_y,
        *upright,
        _text(view, titles.first, (0.0, near - 7 * tick, floor), along=along_x),
        _text(view, titles.second, (near - 7 * tick, 0.0, floor), along=along_y),
        _text(view, titles.outcome, (near - 6 * tick, REACH, middle), along=upright),
    ]


def _text(
    view: _View,
    text: str,
    place: tuple[float, float, float],
    side: str = "center",
    along: Sequence[dict[str, Any]] = (),
) -> dict[str, Any]:
    """Words at a place of the box, turned to run beside the line ``along``."""
    x, y, z = place
    (row,) = _line(view, side, text, [x], [y], [z])
    turn = math.atan2(along[1]["y"] - along[0]["y"], along[1]["x"] - along[0]["x"]) if along else 0.0
    return {**row, "text": text, "angle": -math.degrees(turn)}


def _ticks(low: float, high: float) -> list[float]:
    """Round figures between ``low`` and ``high``, about four."""
    rough = (high - low) / 4
    unit = 10.0 ** math.floor(math.log10(rough))
    step = next(unit * k for k in (1, 2, 5, 10) if unit * k >= rough)
    return [step * k for k in range(math.ceil(low / step), math.floor(high / step) + 1)]


def _figure(value: float) -> str:
    return f"{value:.10g}".replace("-", "−")
