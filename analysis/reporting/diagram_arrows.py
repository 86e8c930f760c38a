"""Where the arrows of a path diagram leave, run and arrive."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from analysis.reporting.diagram_layout import (
    BOX_WIDTH,
    NODE_HEIGHT,
    NODE_WIDTH,
    ROUND,
    Indicator,
    Layout,
    Node,
)

MANY = 5
"""From more arrows than these at one variable, their labels stand nearer to their beginnings."""

OWN_BOXES = 40.0
"""Pixels from a variable's outline to below its indicators, which stand beside it."""

Point = tuple[float, float]
Curve = tuple[Point, Point, Point, Point]


@dataclass(frozen=True, slots=True)
class Arrow:
    """A cubic Bézier curve from cause to effect, with the place of its label and the row it shows."""

    row: Mapping[str, Any]
    curve: Curve
    label: Point


def arrows(rows: Sequence[Mapping[str, Any]], layout: Layout) -> list[Arrow]:
    """Regressions and higher-order loadings whose two ends are drawn."""
    boxes = {box.name: box for box in layout.indicators}
    ends = [(row, *pair) for row in rows if (pair := _ends(row, layout, boxes)) is not None]
    drawn = []
    for number, (row, cause, effect) in enumerate(ends):
        leave = _slot(number, ends, of_cause=True)
        arrive = _slot(number, ends, of_cause=False)
        curve = _curve(cause, effect, leave, arrive)
        # Labels that would meet where arrows run together are spread along them; where many arrive, they
        # stand nearer to the causes, and where most leave together nearer to the effects.
        into = sum(other.name == effect.name for _, _, other in ends)
        out_of = sum(other.name == cause.name and isinstance(e, Node) for _, other, e in ends)
        spread = 0.34 + 0.05 * arrive if into > MANY else 0.42 + 0.16 * arrive
        spread = 0.64 if out_of > into else spread
        beside = 0.7 + 0.1 * leave if _own_column(cause, effect) else 0.5 + 0.18 * leave
        where = spread if isinstance(effect, Node) else beside
        drawn.append(Arrow(row, curve, point_at(curve, where)))
    return drawn


def point_at(curve: Curve, t: float) -> Point:
    """The point of a cubic Bézier curve at ``t`` between 0 and 1."""
    weights = ((1 - t) ** 3, 3 * (1 - t) ** 2 * t, 3 * (1 - t) * t**2, t**3)
    x = sum(w * p[0] for w, p in zip(weights, curve, strict=True))
    y = sum(w * p[1] for w, p in zip(weights, curve, strict=True))
    return x, y


def _ends(
    row: Mapping[str, Any], layout: Layout, boxes: Mapping[str, Indicator]
) -> tuple[Node, Node | Indicator] | None:
    cause, effect = (row["rhs"], row["lhs"]) if row["op"] == "~" else (row["lhs"], row["rhs"])
    if row["op"] not in ("~", "=~") or cause not in layout.nodes:
        return None
    if effect in layout.nodes:
        return layout.nodes[cause], layout.nodes[effect]
    return (layout.nodes[cause], boxes[effect]) if row["op"] == "~" and effect in boxes else None


def _slot(number: int, ends: Sequence[tuple[Any, Node, Node | Indicator]], *, of_cause: bool) -> float:
    """Between -1 and 1: where on its end this arrow sits among those that share it, ordered by height."""
    _, cause, effect = ends[number]
    shared = [
        (e.y if of_cause else c.y, k)
        for k, (_, c, e) in enumerate(ends)
        if (c.name == cause.name if of_cause else e.name == effect.name)
    ]
    rank = [k for _, k in sorted(shared)].index(number)
    return 0.0 if len(shared) == 1 else 2.0 * rank / (len(shared) - 1) - 1.0


def _curve(cause: Node, effect: Node | Indicator, leave: float, arrive: float) -> Curve:
    if isinstance(effect, Indicator):
        return _to_box(cause, effect)
    if abs(cause.x - effect.x) < 1.0:
        return _within_layer(cause, effect)
    forward = 1.0 if effect.x > cause.x else -1.0
    start = _edge(cause, forward, 0.6 * leave)
    x, y = _edge(effect, -forward, 0.6 * arrive)
    end = (x - forward * 4.0, y)
    third = (end[0] - start[0]) / 3
    return start, (start[0] + third, start[1]), (end[0] - third, end[1]), end


def _edge(node: Node, direction: float, offset: float) -> Point:
    """The point of a node's outline on its left (-1) or right (1), ``offset`` half-heights off centre."""
    half = NODE_WIDTH / 2
    reach = half * math.sqrt(1 - offset**2) if node.latent else half
    return node.x + direction * reach, node.y + offset * NODE_HEIGHT / 2


def _within_layer(cause: Node, effect: Node) -> Curve:
    x = cause.x + NODE_WIDTH / 2
    bend = 40.0 + abs(cause.y - effect.y) * 0.25
    start, end = (x, cause.y), (x + 4.0, effect.y)
    return start, (start[0] + bend, start[1]), (end[0] + bend, end[1]), end


def _own_column(cause: Node, effect: Node | Indicator) -> bool:
    return abs(effect.x - cause.x) < NODE_WIDTH * 2


def _to_box(cause: Node, box: Indicator) -> Curve:
    """Below everything between, then up into the box from its left."""
    start = (cause.x + NODE_WIDTH / 4, cause.y + math.copysign(NODE_HEIGHT * 0.43, box.y - cause.y))
    if _own_column(cause, box):
        # The box stands in the cause's own column: pass below the cause's own boxes, run outside them all
        # and come in from the right.
        end = (box.x + BOX_WIDTH / 2 + 3.0, box.y)
        far, turn = end[0] + 1.4 * ROUND, start[1] + math.copysign(OWN_BOXES, box.y - cause.y)
        return start, (far, turn), (far, end[1]), end
    end = (box.x - BOX_WIDTH / 2 - 3.0, box.y + 4.0)
    low = max(start[1], box.y) + 70.0
    return start, (start[0] + 90.0, low), (end[0] - 60.0, box.y + 40.0), end
