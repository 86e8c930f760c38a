"""Interactions made visible: lines, regions, a balance map and a surface that turns."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import altair as alt
import numpy as np
import pandas as pd

from analysis.pages.words import Words
from analysis.reporting.diagram import NEGATIVE, POSITIVE, UNDECIDED

LEVELS = ("#D55E00", "#767676", "#0072B2")
"""Low, middle, high: told apart with every common colour blindness (Okabe & Ito 2008)."""


def _signed(at: float) -> str:
    return f"{at:+g}".replace("-", "−") if at else "0"


def slope_forest(slopes: pd.DataFrame, say: Words) -> Any:
    """The effect at each level of the moderator, with its interval."""
    frame = slopes.assign(level=slopes["at"].map(lambda v: f"{_signed(v)} SD"))
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
    frame = frame.assign(level=frame[at].map(lambda v: f"{moderator} {_signed(v)}"))
    order = sorted(frame["level"].unique(), key=lambda text: float(text.split()[-1].replace("−", "-")))
    return (
        alt.Chart(frame, height=340)
        .mark_line(point=True, strokeWidth=2.5)
        .encode(
            x=alt.X(f"{along}:Q", title=predictor),
            y=alt.Y("value:Q", title=outcome),
            color=alt.Color(
                "level:N",
                sort=order,
                title=None,
                scale=alt.Scale(domain=order, range=list(LEVELS)),
                legend=alt.Legend(orient="top", columns=1, labelLimit=300),
            ),
            strokeDash=alt.StrokeDash("level:N", sort=order, title=None, scale=alt.Scale(domain=order)),
            tooltip=["level", alt.Tooltip("value", format=".3f")],
        )
    )


def johnson_neyman(slopes: pd.DataFrame, region: dict[str, Any], say: Words) -> Any:
    """The slope along the moderator with its band, and the bounds where it becomes significant."""
    frame = band(slopes, region)
    low, high = float(frame["at"].min()), float(frame["at"].max())
    base = alt.Chart(frame, height=280).encode(
        x=alt.X("at:Q", title=f"{region['moderator']} ({say('standardised')})")
    )
    area = base.mark_area(opacity=0.25, color=POSITIVE).encode(
        y=alt.Y("ci_lower:Q", title=say("jn_slope", predictor=region["predictor"])), y2="ci_upper:Q"
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
    return area + middle + zero + rules


def band(slopes: pd.DataFrame, region: Mapping[str, Any]) -> pd.DataFrame:
    """``at slope ci_lower ci_upper`` over the moderator's range.

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
    return pd.DataFrame(
        {"at": grid, "slope": slope, "ci_lower": slope - reach * se, "ci_upper": slope + reach * se}
    )


def balance_map(predicted: pd.DataFrame, outcome: str) -> Any:
    """Predicted outcome over both variables, with the line on which they are equal."""
    first, second = str(predicted["first"].iloc[0]), str(predicted["second"].iloc[0])
    cells = (
        alt.Chart(predicted, height=380)
        .mark_rect()
        .encode(
            x=alt.X("first_at:O", title=first),
            y=alt.Y("second_at:O", title=second, sort="descending"),
            color=alt.Color(
                "value:Q",
                title=outcome,
                scale=alt.Scale(scheme="viridis"),
                legend=alt.Legend(orient="bottom", gradientLength=180),
            ),
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


def grid(predicted: pd.DataFrame) -> pd.DataFrame:
    """The surface as a square: a row a value of the second variable, a column a value of the first."""
    first, second = str(predicted["first"].iloc[0]), str(predicted["second"].iloc[0])
    square = predicted.pivot_table(index="second_at", columns="first_at", values="value")
    square.columns = [f"{first} {_signed(float(str(at)))}" for at in square.columns]
    square.index = [f"{second} {_signed(float(str(at)))}" for at in square.index]
    return square.reset_index(names="SD")


def surface(predicted: pd.DataFrame, outcome: str) -> Any:
    """The response surface as a figure that can be turned."""
    import plotly.graph_objects as go

    first, second = str(predicted["first"].iloc[0]), str(predicted["second"].iloc[0])
    square = predicted.pivot_table(index="second_at", columns="first_at", values="value")
    figure = go.Figure(
        go.Surface(
            x=list(square.columns), y=list(square.index), z=square.to_numpy(), colorscale="Viridis",
            colorbar={"orientation": "h", "thickness": 12, "y": -0.12},
        )
    )  # fmt: skip
    axes: dict[str, Any] = {"xaxis_title": first, "yaxis_title": second, "zaxis_title": outcome}
    # Seen from where both variables are low, so that a rise towards both is a rise to the back.
    axes["camera"] = {"eye": {"x": -1.8, "y": -1.8, "z": 1.0}}
    figure.update_layout(scene=axes, height=460, margin={"l": 0, "r": 0, "t": 0, "b": 0})
    return figure


def camera(name: str) -> dict[str, Any]:
    """Buttons of the turning figure: a picture of it as it stands, at 300 dots per inch of 16 cm."""
    picture = {
        "format": "png",
        "filename": name.replace(" ", "_"),
        "width": 640,
        "height": 460,
        "scale": 3.125,
    }
    return {"toImageButtonOptions": picture, "displaylogo": False, "displayModeBar": True}
