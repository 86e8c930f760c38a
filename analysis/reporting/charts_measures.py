"""What was measured as drawings: the heterotrait–monotrait ratios, and the answers to every item."""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd

from analysis.reporting.diagram import NEGATIVE
from analysis.reporting.drawing import Drawing, Spec, category, quantity, tip
from analysis.reporting.numbers import bounded
from analysis.reporting.wording import Words

HTMT = 0.85
"""Above it two constructs are hard to tell apart (Henseler, Ringle & Sarstedt 2015)."""
DARK = 0.74
"""Where black and white are told equally well from the cell's blue, 4.6 to 1: above it figures are white."""
ROW = 22
"""Pixels from one row to the next."""


def htmt_map(square: pd.DataFrame, words: Words) -> Drawing:
    """The lower triangle with its figures, those above HTMT framed; ``square``: ratios by construct."""
    codes = [str(code) for code in square.index]
    values = square.to_numpy(dtype=float).tolist()
    rows = [
        {"row": codes[i], "column": codes[j], "ratio": values[i][j], "text": bounded(values[i][j], 2)}
        for i in range(len(codes))
        for j in range(i)
        if values[i][j] == values[i][j]
    ]
    place = {
        "y": category("row", sort=codes, axis={"labelOverlap": False}),
        "x": category("column", sort=codes, axis={"labelAngle": -60, "labelOverlap": False}),
        "tooltip": [
            tip("row", words("construct")),
            tip("column", words("construct")),
            tip("ratio", "HTMT", 3),
        ],
    }
    shade = quantity("ratio", "HTMT", scale={"scheme": "blues", "domain": [0, 1]}, legend=None)
    ink = {"condition": {"test": f"datum.ratio > {DARK}", "value": "#FFFFFF"}, "value": "#000000"}
    layers: list[Spec] = [
        {"mark": "rect", "encoding": {**place, "color": shade}},
        {
            "mark": {"type": "text", "fontSize": 10},
            "encoding": {**place, "text": {"field": "text", "type": "nominal"}, "color": ink},
        },
    ]
    if any(row["ratio"] > HTMT for row in rows):
        # A layer without marks is an unnamed picture to a screen reader.
        frame = {"type": "rect", "filled": False, "stroke": NEGATIVE, "strokeWidth": 2}
        over = {"transform": [{"filter": f"datum.ratio > {HTMT}"}], "mark": frame, "encoding": place}
        layers.append(over)
    return Drawing(rows, {"height": {"step": ROW}, "layer": layers})


def answer_shares(categories: pd.DataFrame, points: Mapping[str, int], words: Words) -> Drawing:
    """Shares of every answer, centred on the middle of its scale; items nobody answered are left out.

    ``categories``: ``item category count``; ``points``: how many each item's scale has, in the order drawn.
    """
    rows: list[dict[str, object]] = []
    for item, k in points.items():
        own = categories[categories["item"] == item]
        counts = [float(own.loc[own["category"] == point, "count"].sum()) for point in range(1, k + 1)]
        total = sum(counts)
        if total == 0:
            continue
        shares = [count / total for count in counts]
        start = -sum(shares[: k // 2]) - (shares[k // 2] / 2 if k % 2 else 0.0)
        for point, (count, share) in enumerate(zip(counts, shares, strict=True), start=1):
            place = {"at": (point - 1) / (k - 1), "a": start, "b": start + share}
            rows.append({"item": item, "point": point, "count": count, "share": share, **place})
            start += share
    shade = quantity(
        "at",
        words("likert_legend"),
        scale={"scheme": "blueorange", "domain": [0, 1], "reverse": True},
        legend={
            "orient": "top",
            "values": [0, 1],
            "labelExpr": f"datum.value ? '{words('likert_high')}' : '{words('likert_low')}'",
        },
    )
    encoding = {
        "y": category("item"),
        "x": quantity("a", words("likert_axis"), axis={"format": "%", "tickCount": 5}),
        "x2": {"field": "b"},
        "color": shade,
        "tooltip": [
            tip("item", words("item")),
            tip("point", words("likert_legend"), 0),
            tip("count", "n", 0),
            {**tip("share", words("share"), 1), "format": ".1%"},
        ],
    }
    mark = {"type": "bar", "height": {"band": 0.85}}
    return Drawing(list(rows), {"height": {"step": ROW}, "mark": mark, "encoding": encoding})
