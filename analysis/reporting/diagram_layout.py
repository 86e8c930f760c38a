"""Where each variable of a path diagram stands: layers from causes to outcomes, indicators outside."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import pandas as pd

NODE_WIDTH, NODE_HEIGHT = 156.0, 58.0
BOX_WIDTH, BOX_HEIGHT = 58.0, 23.0
LAYER_GAP, NARROW_GAP, ROW_GAP, BOX_GAP = 180.0, 150.0, 26.0, 6.0
INDICATOR_GAP = 46.0
MARGIN = 30.0
"""Around the sheet."""
ROUND = 36.0
"""More room at the right for arrows, with their labels, that run round their own column into a box."""
STAGGERED_HEIGHT = 470.0
"""Least height, in pixels, when layers between causes and outcomes stand alternately high and low, so
that no arrow has to run through a variable."""


@dataclass(frozen=True, slots=True)
class Node:
    """A variable: centre in pixels and whether it is latent (an ellipse) or observed (a box)."""

    name: str
    x: float
    y: float
    latent: bool


@dataclass(frozen=True, slots=True)
class Indicator:
    """An indicator box of a latent variable, standing to its ``side``: left, right, above or below."""

    name: str
    latent: str
    x: float
    y: float
    side: str


@dataclass(frozen=True, slots=True)
class Layout:
    """Everything placed, with the size of the sheet in pixels."""

    nodes: Mapping[str, Node]
    indicators: tuple[Indicator, ...]
    width: float
    height: float


def layers_of(edges: Iterable[tuple[str, str]], names: Sequence[str]) -> dict[str, int]:
    """The layer of each name: 0 without causes, else one more than its furthest cause.

    ``edges`` are (cause, effect). Arrows that close a loop are left out of the count, so that feedback
    models have layers too.
    """
    causes: dict[str, list[str]] = {name: [] for name in names}
    for cause, effect in edges:
        if cause != effect:
            causes[effect].append(cause)
    depth: dict[str, int] = {}

    def visit(name: str, above: frozenset[str]) -> int:
        if name not in depth:
            inner = above | {name}
            below = [visit(cause, inner) for cause in causes[name] if cause not in inner]
            depth[name] = 1 + max(below, default=-1)
        return depth[name]

    for name in names:
        visit(name, frozenset())
    return depth


def place(estimates: pd.DataFrame, latents: set[str]) -> Layout:
    """Place the variables of a model from its estimates (columns ``lhs op rhs``).

    ``latents`` names every latent variable, also those whose indicators are left out of ``estimates``.
    An indicator that is also an outcome stays an indicator box: arrows go to the box.
    """
    loadings = estimates[estimates["op"] == "=~"]
    paths = estimates[estimates["op"] == "~"]
    latent = list(dict.fromkeys(loadings["lhs"]))
    indicators = set(loadings["rhs"]) - set(latent)
    edges = list(zip(paths["rhs"], paths["lhs"], strict=True))
    edges += [(upper, lower) for upper, lower in _pairs(loadings) if lower in latent]
    edges = [edge for edge in edges if not indicators & set(edge)]
    shown = list(dict.fromkeys([*latent, *(name for edge in edges for name in edge)]))
    arrows = set(paths["lhs"])
    under = {
        name: sorted(
            (i for i in loadings.loc[loadings["lhs"] == name, "rhs"] if i in indicators),
            key=arrows.__contains__,
        )
        for name in latent
    }
    return _place(shown, latents, layers_of(edges, shown), under, ROUND if indicators & arrows else 0.0)


def _pairs(rows: pd.DataFrame) -> list[tuple[str, str]]:
    return list(zip(rows["lhs"], rows["rhs"], strict=True))


def _place(
    shown: Sequence[str],
    latent: set[str],
    layers: Mapping[str, int],
    under: Mapping[str, Sequence[str]],
    room: float,
) -> Layout:
    columns: dict[int, list[str]] = {}
    for name in shown:
        columns.setdefault(layers[name], []).append(name)
    last = max(columns, default=0)
    # Outer layers stack their indicators beside them, inner ones have them above or below.
    need = {name: max(NODE_HEIGHT, len(under.get(name, ())) * (BOX_HEIGHT + BOX_GAP)) for name in shown}
    totals = {
        layer: sum(need[n] for n in names) + ROW_GAP * (len(names) - 1) for layer, names in columns.items()
    }
    height = max([*totals.values(), STAGGERED_HEIGHT if last > 1 else 0.0]) + 2 * MARGIN
    # Many layers stand closer, so that they stay readable across one page.
    step = NODE_WIDTH + (LAYER_GAP if last <= 1 else NARROW_GAP)
    left = MARGIN + BOX_WIDTH + INDICATOR_GAP + NODE_WIDTH / 2
    nodes: dict[str, Node] = {}
    boxes: list[Indicator] = []
    for layer, names in sorted(columns.items()):
        x = left + layer * step
        inner = 0 < layer < last
        heights = _inner(names, layer, height) if inner else _outer(names, need, totals[layer], height)
        for name, y in zip(names, heights, strict=True):
            nodes[name] = Node(name, x, y, name in latent)
            side = (
                ("above" if y < height / 2 else "below") if inner else ("right" if layer and last else "left")
            )
            boxes += _indicators(nodes[name], under.get(name, ()), side)
    width = left + last * step + NODE_WIDTH / 2 + INDICATOR_GAP + BOX_WIDTH + MARGIN
    return Layout(nodes, tuple(boxes), (width if last else left + NODE_WIDTH / 2 + MARGIN) + room, height)


def _outer(names: Sequence[str], need: Mapping[str, float], total: float, height: float) -> list[float]:
    centres = []
    y = (height - total) / 2
    for name in names:
        centres.append(y + need[name] / 2)
        y += need[name] + ROW_GAP
    return centres


def _inner(names: Sequence[str], layer: int, height: float) -> list[float]:
    room = MARGIN + 2 * BOX_HEIGHT + NODE_HEIGHT / 2
    if len(names) == 1:
        return [room if layer % 2 else height - room]
    return [room + k * (height - 2 * room) / (len(names) - 1) for k in range(len(names))]


def _indicators(node: Node, names: Sequence[str], side: str) -> list[Indicator]:
    middle = (len(names) - 1) / 2
    if side in ("left", "right"):
        x = node.x + (1 if side == "right" else -1) * (NODE_WIDTH / 2 + INDICATOR_GAP + BOX_WIDTH / 2)
        step = BOX_HEIGHT + BOX_GAP
        return [Indicator(n, node.name, x, node.y + step * (k - middle), side) for k, n in enumerate(names)]
    y = node.y + (1 if side == "below" else -1) * (NODE_HEIGHT / 2 + 22.0 + BOX_HEIGHT / 2)
    step = BOX_WIDTH + BOX_GAP
    return [Indicator(n, node.name, node.x + step * (k - middle), y, side) for k, n in enumerate(names)]
