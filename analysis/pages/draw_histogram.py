"""Bootstrap draws of one parameter as bars, with its estimate and the interval they give."""

from __future__ import annotations

from typing import Any

import altair as alt
import numpy as np
import pandas as pd

from analysis.pages.words import Words
from analysis.reporting.diagram import NEGATIVE, POSITIVE, UNDECIDED

BINS = 50
FEWEST_BINS = 10
TAILS = (0.025, 0.975)


def histogram(values: np.ndarray, estimate: float | None, say: Words) -> tuple[Any, pd.DataFrame]:
    """The chart and its bars as ``lower upper count``; about √n bars, so that few draws make broad ones.

    ``estimate`` None where it is not known.
    """
    counts, edges = np.histogram(values, bins=min(BINS, max(FEWEST_BINS, int(len(values) ** 0.5))))
    frame = pd.DataFrame({"lower": edges[:-1], "upper": edges[1:], "count": counts})
    low, high = np.quantile(values, TAILS)
    known = [] if estimate is None else [estimate]
    marks = pd.DataFrame(
        {"at": [low, high, *known], "what": ["limit", "limit", "estimate"][: 2 + len(known)]}
    )
    bars = alt.Chart(frame, height=220).encode(
        x=alt.X("lower:Q", title=say("value"), scale=alt.Scale(zero=False)),
        x2="upper:Q",
        y=alt.Y("count:Q", title=say("draws"), axis=alt.Axis(tickMinStep=1)),
        # Between two numbers on each axis a bar is a rectangle; without the second it is a dash at its top.
        y2=alt.datum(0),
        tooltip=[alt.Tooltip("lower", format=".3f"), alt.Tooltip("upper", format=".3f"), "count"],
    )
    rules = alt.Chart(marks).encode(x="at:Q")
    chart = (
        bars.mark_bar(color=POSITIVE, opacity=0.75, stroke="white", strokeWidth=0.5)
        + rules.transform_filter(alt.datum.what == "limit").mark_rule(
            color=UNDECIDED, strokeDash=[6, 4], strokeWidth=2
        )
        + rules.transform_filter(alt.datum.what == "estimate").mark_rule(color=NEGATIVE, strokeWidth=2.5)
    )
    return chart, frame
