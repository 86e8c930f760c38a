"""The dashboard's drawings: each takes plain rows and gives a chart."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, TypeAlias

from questionnaire.watching.control_chart import BASELINE, SUBGROUP, ChartPoint
from questionnaire.watching.group_means import GroupMean
from questionnaire.watching.page_times import BlockTime
from questionnaire.watching.progress_counts import DayCount, PageLoss

Words = Mapping[str, str]
Names = Mapping[str, str]
Drawing: TypeAlias = Any
"""An Altair chart; the library's own types lose themselves along a chain of calls."""

FIRST_CHART = SUBGROUP * (BASELINE + 1)

BLUE, ORANGE, GREEN, GREY = "#0072B2", "#D55E00", "#009E73", "#8a8a8a"
"""Okabe & Ito's colours, told apart by colour-blind readers and on light and dark grounds."""

ROW = 34
"""Pixels of a row whose label is a block's title."""
LEGEND = 30
"""Of a name in a legend above a chart: the page counts it into the chart's height."""


def _data(rows: Sequence[Mapping[str, object]]) -> Drawing:
    import altair as alt

    return alt.InlineData(values=rows)


def days(rows: Sequence[DayCount], words: Words) -> Drawing:
    """Two bars a day."""
    import altair as alt

    data = [
        {"day": row.day, "what": what, "n": n}
        for row in rows
        for what, n in ((words["started"], row.started), (words["completed"], row.finished))
    ]
    order = [words["started"], words["completed"]]
    return (
        alt.Chart(_data(data), height=340)
        .mark_bar()
        .encode(
            x=alt.X("day:O", title=words["day"], axis=alt.Axis(labelAngle=-45, labelOverlap=True)),
            xOffset=alt.XOffset("what:N", sort=order),
            y=alt.Y("n:Q", title=words["respondents"], axis=alt.Axis(tickMinStep=1, format="d")),
            color=_colour("what:N", order, [BLUE, GREEN], columns=2),
            tooltip=["day:O", "what:N", "n:Q"],
        )
    )


def losses(rows: Sequence[PageLoss], names: Names, words: Words) -> Drawing:
    """One bar a block: the share that is gone, and the share that is there now."""
    import altair as alt

    order = [words["gone"], words["now"]]
    data = [
        {
            "block": names.get(row.page, row.page),
            "what": what,
            "share": n / row.reached,
            "n": n,
            "of": row.reached,
        }
        for row in rows
        for what, n in zip(order, (row.left, row.pending), strict=True)
    ]
    shares = [(row.left + row.pending) / row.reached for row in rows]
    return (
        alt.Chart(_data(data), height=ROW * len(rows) + 40)
        .mark_bar()
        .encode(
            y=_blocks([names.get(row.page, row.page) for row in rows]),
            x=alt.X(
                "share:Q",
                title=words["share"],
                # A short axis is shown to 10% at least: without any loss it would have no length at all.
                scale=alt.Scale(domain=[0, max(0.1, *shares)]),
                axis=alt.Axis(format=".0%"),
            ),
            color=_colour("what:N", order, [ORANGE, BLUE], columns=2),
            tooltip=["block:N", "what:N", "n:Q", alt.Tooltip("of:Q", title=words["reached"])],
        )
    )


def times(rows: Sequence[BlockTime], names: Names, words: Words) -> Drawing:
    """A line for the middle half and a dot for the median."""
    import altair as alt

    data = [
        {
            "block": names.get(row.block, row.block),
            "lower": row.lower,
            "median": row.median,
            "upper": row.upper,
        }
        for row in rows
    ]
    base = alt.Chart(_data(data), height=ROW * len(rows) + 40).encode(
        y=_blocks([names.get(row.block, row.block) for row in rows])
    )
    middle = base.mark_rule(strokeWidth=4, color=GREY).encode(
        x=alt.X("lower:Q", title=words["seconds"], scale=alt.Scale(domainMin=0)), x2="upper:Q"
    )
    dots = base.mark_point(filled=True, size=90, color=BLUE).encode(
        x="median:Q",
        tooltip=["block:N", *(alt.Tooltip(f"{k}:Q", format=".1f") for k in ("lower", "median", "upper"))],
    )
    return middle + dots


def means(rows: Sequence[GroupMean], names: Names, words: Words) -> Drawing:
    """Means with intervals, one colour and shape a dimension, side by side within a group."""
    import altair as alt

    order = list(dict.fromkeys(names[row.dimension] for row in rows))
    data = [
        {
            "group": f"{names.get(row.group, row.group)} ({row.n})",
            "dimension": names[row.dimension],
            "mean": row.mean,
            "lower": row.lower,
            "upper": row.upper,
        }
        for row in rows
    ]
    groups = len({row.group for row in rows})
    base = alt.Chart(_data(data), height=ROW * 2 * groups + 60 + LEGEND * len(order)).encode(
        y=alt.Y("group:N", title=None, sort=None, axis=alt.Axis(labelLimit=160)),
        yOffset=alt.YOffset("dimension:N", sort=order),
        color=_colour("dimension:N", order, [BLUE, ORANGE, GREEN, GREY]),
    )
    lines = base.mark_rule(strokeWidth=3).encode(
        x=alt.X("lower:Q", title=words["mean"], scale=alt.Scale(zero=False)), x2="upper:Q"
    )
    dots = base.mark_point(filled=True, size=80).encode(
        x="mean:Q",
        shape=alt.Shape("dimension:N", sort=order, legend=None),
        tooltip=[
            "group:N",
            "dimension:N",
            *(alt.Tooltip(f"{k}:Q", format=".2f") for k in ("mean", "lower", "upper")),
        ],
    )
    return lines + dots


def drift(points: Sequence[ChartPoint], words: Words) -> Drawing:
    """The weighted mean between its limits; a point outside is large and of another colour and shape."""
    import altair as alt

    data = [
        {"order": p.index, "ewma": p.ewma, "mean": p.mean, "lower": p.lower, "upper": p.upper, "out": p.out}
        for p in points
    ]
    base = alt.Chart(_data(data), height=200).encode(
        x=alt.X("order:Q", title=words["order"], axis=alt.Axis(tickMinStep=1, format="d"))
    )
    band = base.mark_area(opacity=0.2, color=GREY).encode(
        y=alt.Y("lower:Q", title=words["ewma"], scale=alt.Scale(zero=False)), y2="upper:Q"
    )
    line = base.mark_line(color=BLUE).encode(y="ewma:Q")
    dots = base.mark_point(filled=True, opacity=1).encode(
        y="ewma:Q",
        color=alt.condition("datum.out", alt.value(ORANGE), alt.value(BLUE)),
        shape=alt.condition("datum.out", alt.value("triangle"), alt.value("circle")),
        size=alt.condition("datum.out", alt.value(140), alt.value(40)),
        tooltip=[
            "order:Q",
            *(alt.Tooltip(f"{k}:Q", format=".2f") for k in ("ewma", "mean", "lower", "upper")),
        ],
    )
    return band + line + dots


def _blocks(order: list[str]) -> Drawing:
    import altair as alt

    return alt.Y("block:N", title=None, sort=order, axis=alt.Axis(labelLimit=150))


def _colour(field: str, order: list[str], colours: list[str], columns: int = 1) -> Drawing:
    import altair as alt

    scale = alt.Scale(domain=order, range=colours[: len(order)])
    return alt.Color(field, title=None, scale=scale, legend=alt.Legend(orient="top", columns=columns))
