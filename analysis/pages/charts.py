"""Flat charts of screening and measurement; data in, chart out."""

from __future__ import annotations

from typing import Any

import altair as alt
import pandas as pd

from analysis.pages.words import Words
from analysis.pipeline.result import FlowStep
from analysis.reporting.diagram import NEGATIVE, POSITIVE
from analysis.reporting.wording import words as report_words

MOST_ROWS = 300
"""Respondents drawn in the flag map: more are thinner than a pixel."""
ROW = 22
"""Pixels a row of labelled bars needs."""
CUT = "#767676"
INDICES = alt.Axis(labelAngle=-60, orient="top", labelLimit=150, labelOverlap=False)
EVERY_LABEL = alt.Axis(grid=True, labelFontSize=10, labelOverlap=False)


def flow_chart(flow: tuple[FlowStep, ...], say: Words) -> Any:
    """Rows left after each stage, with how many went."""
    frame = pd.DataFrame([(s.stage, s.n, f"{s.n:,}" + f" (−{s.removed:,})" * (s.removed > 0)) for s in flow])
    frame.columns = ["stage", "n", "text"]
    base = alt.Chart(frame, height=2 * ROW * len(frame) + 50).encode(
        y=alt.Y("stage:N", sort=None, title=None, axis=alt.Axis(labelLimit=160)),
        x=alt.X("n:Q", title=say("respondents")),
    )
    text = base.mark_text(align="right", dx=-6, color="white", fontWeight="bold").encode(text="text")
    return base.mark_bar(color=POSITIVE) + text


def flag_map(flags: pd.DataFrame, say: Words) -> tuple[Any, int, int] | None:
    """Flagged respondents × indices, how many are drawn and how many there are; None for none."""
    names = [name for name in flags.columns if name.startswith("flag_")]
    flagged = flags[names].astype(bool)
    counts = flagged.sum(axis=1)
    order = counts[counts > 0].sort_values(ascending=False, kind="stable").index
    if len(order) == 0:
        return None
    drawn = order[:MOST_ROWS]
    wide = flagged.loc[drawn].rename(columns=lambda name: index_name(name, say))
    wide.insert(0, "respondent", flags.loc[drawn, "respondent"].astype(str))
    wide.insert(0, "place", range(1, len(wide) + 1))
    tidy = wide.melt(id_vars=["place", "respondent"], var_name="index", value_name="flagged")
    chart = (
        alt.Chart(tidy, height=min(460, max(120, 6 * len(drawn))))
        .mark_rect()
        .encode(
            x=alt.X("index:N", sort=None, title=None, axis=INDICES),
            y=alt.Y("place:O", title=say("respondents"), axis=alt.Axis(labels=False, ticks=False)),
            color=alt.Color(
                "flagged:N",
                scale=alt.Scale(domain=[False, True], range=["#8881", NEGATIVE]),
                legend=None,
            ),
            tooltip=[
                alt.Tooltip("respondent", title=say("respondent")),
                alt.Tooltip("index", title=say("index")),
                alt.Tooltip("flagged", title=say("flagged")),
            ],
        )
    )
    return chart, len(drawn), len(order)


def index_name(column: str, say: Words) -> str:
    """What the report calls the index of a ``flag_`` column."""
    index = column.removeprefix("flag_")
    return report_words(say.language).known(f"index_{index}", index)


def flagged_rows(flags: pd.DataFrame, say: Words) -> pd.DataFrame:
    """The flagged respondents, most flags first, with a mark under each index that flags them."""
    names = [name for name in flags.columns if name.startswith("flag_")]
    marks = flags[names].astype(bool)
    counts = marks.sum(axis=1)
    order = counts[counts > 0].sort_values(ascending=False, kind="stable").index
    columns: dict[str, list[object]] = {
        "respondent": [str(one) for one in flags.loc[order, "respondent"]],
        "count": counts.loc[order].tolist(),
    }
    for name in names:
        columns[index_name(name, say)] = ["×" if flag else "" for flag in marks.loc[order, name]]
    return pd.DataFrame(columns)


def loadings(items: pd.DataFrame, say: Words) -> Any:
    """Standardised loadings, one point an item, in the constructs' order."""
    return (
        alt.Chart(items, height=14 * len(items) + 50)
        .mark_circle(size=70, opacity=1)
        .encode(
            x=alt.X("loading:Q", title=say("loading"), scale=alt.Scale(zero=True)),
            y=alt.Y(
                "item:N",
                sort=None,
                title=None,
                axis=EVERY_LABEL,
            ),
            color=alt.Color(
                "construct:N",
                sort=None,
                title=say("construct"),
                legend=None,
                scale=alt.Scale(scheme="category10"),
            ),
            tooltip=[
                alt.Tooltip("item", title=say("item")),
                alt.Tooltip("construct", title=say("construct")),
                alt.Tooltip("loading", title=say("loading"), format=".3f"),
            ],
        )
    )


def reliability(constructs: pd.DataFrame, cut: float, say: Words) -> Any:
    """Omega of every construct beside the line that is usually asked for."""
    points = (
        alt.Chart(constructs, height=ROW * len(constructs) + 50)
        .mark_circle(size=90, opacity=1, color=POSITIVE)
        .encode(
            x=alt.X("omega:Q", title=say("omega"), scale=alt.Scale(domain=[0, 1])),
            y=alt.Y("construct:N", sort=None, title=None, axis=EVERY_LABEL),
            tooltip=[
                alt.Tooltip("construct", title=say("construct")),
                alt.Tooltip("omega", title=say("omega"), format=".3f"),
            ],
        )
    )
    line = alt.Chart(pd.DataFrame({"cut": [cut]})).mark_rule(color=CUT, strokeDash=[5, 4]).encode(x="cut:Q")
    return points + line
