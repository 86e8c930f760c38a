"""Groups side by side: their paths, and how far measurement is the same in them."""

from __future__ import annotations

from typing import Any

import altair as alt
import pandas as pd

from analysis.pages.words import Words
from analysis.reporting.diagram import NEGATIVE, POSITIVE, UNDECIDED


def group_forest(paths: pd.DataFrame, say: Words) -> Any:
    """Every path in every group with its interval; ``paths`` as of ``GroupPaths.paths``."""
    frame = paths.assign(row=paths["path"].astype(str) + " · " + paths["group"].astype(str))
    base = alt.Chart(frame, height=50 + 22 * len(frame)).encode(
        y=alt.Y("row:N", sort=None, title=None, axis=alt.Axis(labelLimit=220)),
        tooltip=["path", "group", "n", alt.Tooltip("estimate", format=".3f")],
    )
    bars = base.mark_rule(color=POSITIVE, strokeWidth=2).encode(
        x=alt.X("ci_lower:Q", title=say("effect")), x2="ci_upper:Q"
    )
    points = base.mark_circle(size=90, color=POSITIVE, opacity=1).encode(x="estimate:Q")
    zero = alt.Chart(pd.DataFrame({"zero": [0.0]})).mark_rule(color=UNDECIDED).encode(x="zero:Q")
    return bars + points + zero


def ladder(rows: pd.DataFrame, say: Words) -> Any:
    """CFI of every model of the invariance ladder; a model that does not hold is an orange square."""
    step = [f"{k}. {level}" + (f" − {freed}" if freed else "") for k, level, freed in _steps(rows)]
    frame = rows[["cfi", "rmsea", "holds"]].assign(step=step)
    frame["holds"] = frame["holds"].map(lambda value: say("holds_yes") if value else say("holds_no"))
    kinds = [say("holds_yes"), say("holds_no")]
    base = alt.Chart(frame, height=70 + 24 * len(frame)).encode(
        y=alt.Y("step:N", sort=None, title=None, axis=alt.Axis(labelLimit=220))
    )
    return base.mark_point(filled=True, size=110, opacity=1).encode(
        x=alt.X("cfi:Q", title="CFI", scale=alt.Scale(zero=False)),
        color=alt.Color(
            "holds:N",
            title=None,
            scale=alt.Scale(domain=kinds, range=[POSITIVE, NEGATIVE]),
            legend=alt.Legend(orient="top"),
        ),
        shape=alt.Shape("holds:N", scale=alt.Scale(domain=kinds, range=["circle", "square"]), title=None),
        tooltip=["step", alt.Tooltip("cfi", format=".3f"), alt.Tooltip("rmsea", format=".3f"), "holds"],
    )


def _steps(rows: pd.DataFrame) -> list[tuple[int, str, str]]:
    freed = rows["freed"].fillna("").astype(str)
    return [
        (k, str(level), name) for k, (level, name) in enumerate(zip(rows["level"], freed, strict=True), 1)
    ]
