"""The path diagram as one SVG that needs nothing else: widths, colours and dashes carry the result."""

from __future__ import annotations

import math
from collections.abc import Mapping
from html import escape
from typing import Any

import pandas as pd

from analysis.reporting.diagram_arrows import Arrow, arrows
from analysis.reporting.diagram_layout import (
    BOX_HEIGHT,
    BOX_WIDTH,
    NODE_HEIGHT,
    NODE_WIDTH,
    Indicator,
    Layout,
    Node,
    place,
)
from analysis.synergy.structure import JOINT

# Okabe & Ito (2008): told apart with every common colour blindness and in grey print.
POSITIVE, NEGATIVE, UNDECIDED = "#0072B2", "#D55E00", "#767676"
FONTS = "system-ui, 'PingFang SC', 'Microsoft YaHei', 'Noto Sans CJK SC', sans-serif"
ALPHA = 0.05
SMALLEST = 14
"""Pixels: the smallest letters, which on a printed page must not fall below seven points."""
MOST_COVARIANCES = 6
LARGEST = 1.1
"""How much larger than drawn a diagram may be shown; beyond that, letters shout."""
Row = Mapping[str, Any]


def path_diagram(estimates: pd.DataFrame, names: Mapping[str, str], title: str) -> tuple[str, float]:
    """An SVG of the structural model with standardised estimates, and its width in pixels at full size.

    ``estimates`` has the columns ``lhs op rhs std_all pvalue``; ``names`` what to write for a code.
    Solid and coloured: the p value is below .05 (or a loading is fixed); dashed and grey: it is not.
    """
    drawn_rows = estimates[~_is_product_indicator(estimates)]
    latent = set(estimates.loc[estimates["op"] == "=~", "lhs"])
    layout = place(drawn_rows, latent)
    rows: list[Row] = [
        {str(key): value for key, value in row.items()} for row in drawn_rows.to_dict("records")
    ]
    drawn = arrows(rows, layout)
    width = LARGEST * layout.width
    sheet = [
        f'<svg xmlns="http://www.w3.org/2000/svg" role="img" aria-label="{escape(title)}" '
        f'viewBox="0 0 {layout.width:.0f} {layout.height:.0f}" font-family="{escape(FONTS)}" '
        f'width="{layout.width:.0f}" height="{layout.height:.0f}" style="max-width:{width:.0f}px">',
        f"<title>{escape(title)}</title><defs>{_tips()}</defs>",
        '<rect width="100%" height="100%" fill="#FFFFFF"/>',
        *_covariances(rows, layout),
        *(_arrow(arrow) for arrow in drawn),
        *(_indicator(box, rows, layout) for box in layout.indicators),
        *(_node(node, _name(node.name, names)) for node in layout.nodes.values()),
        *(_label(arrow) for arrow in drawn),
        "</svg>",
    ]
    return "\n".join(sheet), width


def _name(code: str, names: Mapping[str, str]) -> str:
    """What a variable is called; a product is called by its parts."""
    return names.get(code) or code.replace(JOINT, " × ")


def _tips() -> str:
    return "".join(
        f'<marker id="tip{colour[1:]}" viewBox="0 0 8 8" refX="6" refY="4" markerWidth="10" '
        f'markerHeight="10" markerUnits="userSpaceOnUse" orient="auto">'
        f'<path d="M0,0 L8,4 L0,8 z" fill="{colour}"/></marker>'
        for colour in (POSITIVE, NEGATIVE, UNDECIDED)
    )


def _arrow(arrow: Arrow) -> str:
    (x0, y0), (x1, y1), (x2, y2), (x3, y3) = arrow.curve
    size = min(abs(_number(arrow.row.get("std_all")) or 0.0), 1.0)
    # Weight says first whether the path differs from zero, then how large it is.
    weight = 2.0 + 3.4 * size if _significant(arrow.row) else 1.2
    dash = "" if _significant(arrow.row) else ' stroke-dasharray="6 4"'
    colour = _colour(arrow.row)
    return (
        f'<path d="M{x0:.1f},{y0:.1f} C{x1:.1f},{y1:.1f} {x2:.1f},{y2:.1f} {x3:.1f},{y3:.1f}" fill="none" '
        f'stroke="{colour}" stroke-width="{weight:.1f}"{dash} '
        f'marker-end="url(#tip{colour[1:]})"/>'
    )


def _label(arrow: Arrow) -> str:
    estimate = _number(arrow.row.get("std_all"))
    if estimate is None:
        return ""
    value = f"{estimate:.2f}".replace("-", "−")
    (x, y), width = arrow.label, 9.0 * len(value) + 10
    weight = "bold" if _significant(arrow.row) else "normal"
    return (
        f'<rect x="{x - width / 2:.1f}" y="{y - 10:.1f}" width="{width:.1f}" height="20" rx="5" '
        f'fill="#FFFFFF" fill-opacity="0.94"/>'
        f'<text x="{x:.1f}" y="{y + 5:.1f}" text-anchor="middle" font-size="15" font-weight="{weight}" '
        f'fill="{_colour(arrow.row)}">{value}</text>'
    )


def _is_product_indicator(estimates: pd.DataFrame) -> pd.Series:
    """Products of indicators say nothing that their latent product's name does not; they are left out."""
    return (estimates["op"] == "=~") & estimates["rhs"].str.contains(JOINT)


def _covariances(rows: list[Row], layout: Layout) -> list[str]:
    """Covariances among the variables drawn, unless they are so many that they hide the arrows."""
    found = [row for row in rows if _is_covariance(row, layout)]
    return [_covariance(row, layout) for row in found] if len(found) <= MOST_COVARIANCES else []


def _is_covariance(row: Row, layout: Layout) -> bool:
    return row["op"] == "~~" and row["lhs"] != row["rhs"] and {row["lhs"], row["rhs"]} <= set(layout.nodes)


def _covariance(row: Row, layout: Layout) -> str:
    first, second = layout.nodes[row["lhs"]], layout.nodes[row["rhs"]]
    x0, x1 = first.x + NODE_WIDTH / 2 - 14, second.x + NODE_WIDTH / 2 - 14
    bend = 40.0 + 0.10 * abs(first.y - second.y)
    return (
        f'<path d="M{x0:.1f},{first.y:.1f} C{x0 + bend:.1f},{first.y:.1f} {x1 + bend:.1f},{second.y:.1f} '
        f'{x1:.1f},{second.y:.1f}" fill="none" stroke="#C8C8C8" stroke-width="1.2"/>'
    )


def _indicator(box: Indicator, rows: list[Row], layout: Layout) -> str:
    node = layout.nodes[box.latent]
    row = next(r for r in rows if r["op"] == "=~" and r["lhs"] == box.latent and r["rhs"] == box.name)
    loading = _number(row.get("std_all"))
    value = "" if loading is None else f"{loading:.2f}".replace("-", "−")
    (x0, y0), (x1, y1), (tx, ty), anchor = _tether(box, node)
    return (
        f'<line x1="{x0:.1f}" y1="{y0:.1f}" x2="{x1:.1f}" y2="{y1:.1f}" stroke="#9A9A9A"/>'
        f'<rect x="{box.x - BOX_WIDTH / 2:.1f}" y="{box.y - BOX_HEIGHT / 2:.1f}" width="{BOX_WIDTH}" '
        f'height="{BOX_HEIGHT}" fill="#FFFFFF" stroke="#767676"/>'
        f'<text x="{box.x:.1f}" y="{box.y + 4.5:.1f}" text-anchor="middle" font-size="{SMALLEST}" '
        f'fill="#222222">{escape(box.name)}</text>'
        f'<text x="{tx:.1f}" y="{ty:.1f}" text-anchor="{anchor}" font-size="{SMALLEST}" '
        f'fill="#444444" stroke="#FFFFFF" stroke-width="4" paint-order="stroke">'
        f"{value}</text>"
    )


Tether = tuple[tuple[float, float], tuple[float, float], tuple[float, float], str]


def _tether(box: Indicator, node: Node) -> Tether:
    """The line from a latent variable to its indicator, and where its loading is written."""
    if box.side in ("left", "right"):
        way = 1.0 if box.side == "right" else -1.0
        edge = box.x - way * BOX_WIDTH / 2
        text = (edge - way * 13.0, box.y + 5.0)
        return (
            (node.x + way * (NODE_WIDTH / 2 - 8), node.y),
            (edge, box.y),
            text,
            "end" if way > 0 else "start",
        )
    way = 1.0 if box.side == "below" else -1.0
    edge = box.y - way * BOX_HEIGHT / 2
    reach = (node.x + 0.35 * (box.x - node.x), node.y + way * NODE_HEIGHT * 0.45)
    return reach, (box.x, edge), (box.x + 5.0, edge - way * 9.0 + 4.0), "start"


def _node(node: Node, name: str) -> str:
    lines = wrap(name)
    half_w, half_h = NODE_WIDTH / 2, NODE_HEIGHT / 2
    look = 'fill="#F2F6FA" stroke="#33475B" stroke-width="1.5"'
    shape = (
        f'<ellipse cx="{node.x:.1f}" cy="{node.y:.1f}" rx="{half_w}" ry="{half_h}" {look}/>'
        if node.latent
        else f'<rect x="{node.x - half_w:.1f}" y="{node.y - half_h:.1f}" width="{NODE_WIDTH}" '
        f'height="{NODE_HEIGHT}" {look}/>'
    )
    first = node.y + 5.0 - 8.5 * (len(lines) - 1)
    return shape + "".join(
        f'<text x="{node.x:.1f}" y="{first + 17 * k:.1f}" text-anchor="middle" font-size="14.5" '
        f'fill="#16202A">{escape(line)}</text>'
        for k, line in enumerate(lines)
    )


def wrap(label: str, widest: float = 17.0) -> list[str]:
    """At most two lines of about ``widest`` Latin characters; a Chinese one counts twice."""
    lines, line, used = [], "", 0.0
    joint = " " if " " in label else ""
    for piece in label.split(" ") if joint else list(label):
        size = sum(2.0 if ord(letter) > 0x2E80 else 1.0 for letter in piece) + len(joint)
        if line and used + size > widest:
            lines.append(line)
            line, used = "", 0.0
        line, used = (line + joint + piece) if line else piece, used + size
    lines.append(line)
    return lines if len(lines) <= 2 else [lines[0], lines[1] + "…"]


def _colour(row: Row) -> str:
    if not _significant(row):
        return UNDECIDED
    return POSITIVE if (_number(row.get("std_all")) or 0.0) >= 0 else NEGATIVE


def _significant(row: Row) -> bool:
    pvalue = _number(row.get("pvalue"))
    if pvalue is None:
        # A loading fixed to set the scale is no finding of its own, but not in doubt either.
        return bool(row["op"] == "=~")
    return pvalue < ALPHA


def _number(value: object) -> float | None:
    return float(value) if isinstance(value, int | float) and math.isfinite(value) else None
