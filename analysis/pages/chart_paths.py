"""The path diagram as a chart whose paths can be clicked."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any

import altair as alt
import pandas as pd

from analysis.reporting.diagram import ALPHA, NEGATIVE, POSITIVE, UNDECIDED, wrap
from analysis.reporting.diagram_arrows import arrows, point_at
from analysis.reporting.diagram_layout import NODE_HEIGHT, NODE_WIDTH, Layout, place
from analysis.reporting.names import path_name
from analysis.synergy.structure import JOINT

STEPS = 16
"""Straight pieces a curve is drawn in."""
HEIGHT = 560
EDGE = 16.0
"""Around the drawing."""
TIP = 7.0
"""How far before its end an arrow's head is centred, so that the box does not hide it."""
DASHES = alt.Scale(domain=["no", "yes"], range=[[1, 0], [6, 4]])
PICK = "pick"
"""The selection's name; what it selects is the field ``path``."""


def path_chart(estimates: pd.DataFrame, names: Mapping[str, str]) -> Any:
    """Regressions and higher-order loadings between the variables; a click selects ``path``."""
    shown = estimates[~((estimates["op"] == "=~") & estimates["rhs"].str.contains(JOINT))]
    layout = place(shown, set(estimates.loc[estimates["op"] == "=~", "lhs"]))
    lines, labels = _curves(shown, layout)
    nodes, words = _nodes(layout, names)
    # The sheet has room for indicators, which are not drawn here.
    left, right = min(nodes["x0"].min(), lines["x"].min()), max(nodes["x1"].max(), lines["x"].max())
    top, bottom = min(nodes["y0"].min(), lines["y"].min()), max(nodes["y1"].max(), lines["y"].max())
    x = alt.X("x:Q", axis=None, scale=alt.Scale(domain=[left - EDGE, right + EDGE], nice=False))
    y = alt.Y("y:Q", axis=None, scale=alt.Scale(domain=[bottom + EDGE, top - EDGE], nice=False))
    pick = alt.selection_point(name=PICK, fields=["path"], on="click", empty=True)
    faded = alt.condition(pick, alt.value(1.0), alt.value(0.25))
    colour = alt.Color("colour:N", scale=None, legend=None)
    tip = [alt.Tooltip("path:N", title=" "), alt.Tooltip("std_all:Q", title="β", format=".3f")]
    curves = (
        alt.Chart(lines)
        .mark_line(strokeCap="round")
        .encode(
            x=x, y=y, order="step:Q", detail="path:N", color=colour, opacity=faded, tooltip=tip,
            size=alt.Size("width:Q", scale=None, legend=None),
            strokeDash=alt.StrokeDash("dash:N", scale=DASHES, legend=None),
        )
    )  # fmt: skip
    tips = (
        alt.Chart(labels)
        .mark_point(shape="triangle-right", filled=True, size=130)
        .encode(
            x=alt.X("tip_x:Q", axis=None), y=alt.Y("tip_y:Q", axis=None),
            angle=alt.Angle("angle:Q", scale=None), color=colour, opacity=faded,
        )
    )  # fmt: skip
    values = alt.Chart(labels).encode(x=x, y=y, tooltip=tip)
    plates = values.mark_square(size=900, color="white", opacity=0.94).add_params(pick)
    figures = values.mark_text(fontSize=14, fontWeight="bold").encode(
        text="text:N", color=colour, opacity=faded
    )
    boxes = (
        alt.Chart(nodes)
        .mark_rect(fill="#F2F6FA", stroke="#33475B", strokeWidth=1.5, cornerRadius=20)
        .encode(
            x=alt.X("x0:Q", axis=None), x2="x1:Q", y=alt.Y("y0:Q", axis=None), y2="y1:Q",
        )
    )  # fmt: skip
    texts = alt.Chart(words).mark_text(fontSize=13, color="#16202A").encode(x=x, y=y, text="text:N")
    return (
        alt.layer(curves, boxes, tips, plates, figures, texts)
        .properties(height=HEIGHT, background="white")
        .configure_view(stroke=None)
    )


def _curves(shown: pd.DataFrame, layout: Layout) -> tuple[pd.DataFrame, pd.DataFrame]:
    rows = [{str(key): value for key, value in row.items()} for row in shown.to_dict("records")]
    lines, labels = [], []
    for arrow in arrows(rows, layout):
        row = arrow.row
        if row["lhs"] not in layout.nodes or row["rhs"] not in layout.nodes:
            continue
        beta, p = float(row["std_all"]), float(row["pvalue"])
        decided = p < ALPHA or (p != p and row["op"] == "=~")
        look = {
            "path": path_name(row["lhs"], row["op"], row["rhs"]),
            "colour": UNDECIDED if not decided else POSITIVE if beta >= 0 else NEGATIVE,
            "dash": "no" if decided else "yes",
            "width": 1.3 + 4.0 * min(abs(beta), 1.0),
            "std_all": beta,
        }
        points = [point_at(arrow.curve, step / STEPS) for step in range(STEPS + 1)]
        lines += [look | {"x": px, "y": py, "step": k} for k, (px, py) in enumerate(points)]
        (ax, ay), (bx, by) = points[-2], points[-1]
        turn = math.degrees(math.atan2(by - ay, bx - ax))
        label = {"x": arrow.label[0], "y": arrow.label[1], "text": f"{beta:.2f}".replace("-", "−")}
        tip = {
            "tip_x": bx - TIP * math.cos(math.radians(turn)),
            "tip_y": by - TIP * math.sin(math.radians(turn)),
        }
        labels.append(look | label | tip | {"angle": turn})
    return pd.DataFrame(lines), pd.DataFrame(labels)


def _nodes(layout: Layout, names: Mapping[str, str]) -> tuple[pd.DataFrame, pd.DataFrame]:
    half_w, half_h = NODE_WIDTH / 2, NODE_HEIGHT / 2
    boxes, texts = [], []
    for node in layout.nodes.values():
        boxes.append((node.x - half_w, node.x + half_w, node.y - half_h, node.y + half_h))
        written = wrap(names.get(node.name) or node.name.replace(JOINT, " × "))
        first = node.y - 8.5 * (len(written) - 1)
        texts += [(node.x, first + 17 * k, text) for k, text in enumerate(written)]
    return (
        pd.DataFrame(boxes, columns=["x0", "x1", "y0", "y1"]),
        pd.DataFrame(texts, columns=["x", "y", "text"]),
    )
