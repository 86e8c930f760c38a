"""Interactions made visible: lines, regions, a balance map and a surface that turns."""

from __future__ import annotations

from typing import Any

import altair as alt
import numpy as np
import pandas as pd

from analysis.pages.words import Words
from analysis.reporting.diagram import NEGATIVE, POSITIVE, UNDECIDED

LEVELS = ("#D55E00", "#767676", "#0072B2")
"""Low, middle, high: told apart with every common colour blindness (Okabe & Ito 2008)."""


def slope_forest(slopes: pd.DataFrame, say: Words) -> Any:
    """The effect at each level of the moderator, with its interval."""
    frame = slopes.assign(level=slopes["at"].map(lambda v: f"{v:+g} SD".replace("-", "−")))
    base = alt.Chart(frame, height=110 + 30 * len(frame)).encode(
        y=alt.Y("level:N", sort=None, title=None), tooltip=["level", alt.Tooltip("slope", format=".3f")]
    )
    bars = base.mark_rule(color=POSITIVE, strokeWidth=2).encode(
        x=alt.X("ci_lower:Q", title=say("effect")), x2="ci_upper:Q"
    )
    points = base.mark_circle(size=110, color=POSITIVE, opacity=1).encode(x="slope:Q")
    zero = alt.Chart(pd.DataFrame({"zero": [0.0]})).mark_rule(color=UNDECIDED).encode(x="zero:Q")
    return bars + points + zero


def slope_lines(predicted: pd.DataFrame, predictor: str, moderator: str, outcome: str) -> Any:
    """Predicted outcome along the predictor at −1, 0 and +1 SD of the moderator."""
    along, at = (
        ("first_at", "second_at") if predicted["first"].iloc[0] == predictor else ("second_at", "first_at")
    )
    frame = predicted[predicted[at].isin([-1.0, 0.0, 1.0])]
    frame = frame.assign(level=frame[at].map(lambda v: f"{moderator} {v:+g}".replace("-", "−")))
    order = sorted(frame["level"].unique(), key=lambda text: float(text.split()[-1].replace("−", "-")))
    return (
        alt.Chart(frame, height=280)
        .mark_line(point=True, strokeWidth=2.5)
        .encode(
            x=alt.X(f"{along}:Q", title=predictor),
            y=alt.Y("value:Q", title=outcome),
            color=alt.Color(
                "level:N", sort=order, title=None, scale=alt.Scale(domain=order, range=list(LEVELS))
            ),
            strokeDash=alt.StrokeDash("level:N", sort=order, title=None, scale=alt.Scale(domain=order)),
            tooltip=["level", alt.Tooltip("value", format=".3f")],
        )
    )


def johnson_neyman(slopes: pd.DataFrame, region: dict[str, Any], say: Words) -> Any:
    """The slope along the moderator with its band, and the bounds where it becomes significant.

    A simple slope is linear in the moderator and its variance quadratic, so three levels determine both
    exactly (Bauer & Curran 2005, eqs. 8 and 9).
    """
    at = slopes["at"].to_numpy(dtype=float)
    line = np.polyfit(at, slopes["slope"].to_numpy(dtype=float), 1)
    variance = np.polyfit(at, slopes["se"].to_numpy(dtype=float) ** 2, 2)
    reach = float(((slopes["ci_upper"] - slopes["slope"]) / slopes["se"]).iloc[0])
    low, high = min(-2.0, float(region["observed_min"])), max(2.0, float(region["observed_max"]))
    grid = np.linspace(low, high, 81)
    slope, se = np.polyval(line, grid), np.sqrt(np.maximum(np.polyval(variance, grid), 0.0))
    frame = pd.DataFrame(
        {"at": grid, "slope": slope, "lower": slope - reach * se, "upper": slope + reach * se}
    )
    base = alt.Chart(frame, height=280).encode(
        x=alt.X("at:Q", title=f"{region['moderator']} ({say('standardised')})")
    )
    band = base.mark_area(opacity=0.25, color=POSITIVE).encode(
        y=alt.Y("lower:Q", title=say("jn_slope", predictor=region["predictor"])), y2="upper:Q"
    )
    middle = base.mark_line(color=POSITIVE, strokeWidth=2.5).encode(y="slope:Q")
    bounds = [
        float(b) for b in (region["lower"], region["upper"]) if b is not None and low <= float(b) <= high
    ]
    rules = (
        alt.Chart(pd.DataFrame({"bound": bounds}, dtype=float))
        .mark_rule(color=NEGATIVE, strokeDash=[6, 4], strokeWidth=2)
        .encode(x="bound:Q")
    )
    zero = alt.Chart(pd.DataFrame({"zero": [0.0]})).mark_rule(color=UNDECIDED).encode(y="zero:Q")
    return band + middle + zero + rules


def balance_map(predicted: pd.DataFrame, outcome: str) -> Any:
    """Predicted outcome over both variables, with the line on which they are equal."""
    first, second = str(predicted["first"].iloc[0]), str(predicted["second"].iloc[0])
    cells = (
        alt.Chart(predicted, height=320)
        .mark_rect()
        .encode(
            x=alt.X("first_at:O", title=first),
            y=alt.Y("second_at:O", title=second, sort="descending"),
            color=alt.Color("value:Q", title=outcome, scale=alt.Scale(scheme="viridis")),
            tooltip=[
                alt.Tooltip("first_at", title=first),
                alt.Tooltip("second_at", title=second),
                alt.Tooltip("value", title=outcome, format=".3f"),
            ],
        )
    )
    equal = predicted[predicted["first_at"] == predicted["second_at"]]
    line = (
        alt.Chart(equal)
        .mark_line(color="white", strokeDash=[6, 4], strokeWidth=2.5)
        .encode(x="first_at:O", y=alt.Y("second_at:O", sort="descending"))
    )
    return cells + line


def surface(predicted: pd.DataFrame, outcome: str) -> Any:
    """The response surface as a figure that can be turned."""
    import plotly.graph_objects as go

    first, second = str(predicted["first"].iloc[0]), str(predicted["second"].iloc[0])
    grid = predicted.pivot_table(index="second_at", columns="first_at", values="value")
    figure = go.Figure(
        go.Surface(x=list(grid.columns), y=list(grid.index), z=grid.to_numpy(), colorscale="Viridis")
    )
    axes = {"xaxis_title": first, "yaxis_title": second, "zaxis_title": outcome}
    figure.update_layout(scene=axes, height=460, margin={"l": 0, "r": 0, "t": 0, "b": 0})
    return figure
