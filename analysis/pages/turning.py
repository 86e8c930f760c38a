"""The predicted surface as a figure that can be turned."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd

from analysis.reporting.charts_probes import Titles
from analysis.synergy.curves import REACH, surface_values

PLACES = 25
"""Values along each side."""
HEIGHT = 460


def turning(known: pd.DataFrame, titles: Titles) -> Any:
    """The predicted outcome over both variables; ``known``: as of ``Probe.predicted_of``.

    There is room for short ``titles`` only: the caption states the unit.
    """
    import plotly.graph_objects as go

    side = np.linspace(-REACH, REACH, PLACES)
    x, y = np.meshgrid(side, side)
    z = surface_values(known, x.ravel(), y.ravel()).reshape(x.shape)
    names = (titles.first, "x:.2f"), (titles.second, "y:.2f"), (titles.outcome, "z:.3f")
    said = "<br>".join(f"{name}: %{{{value}}}" for name, value in names) + "<extra></extra>"
    surface = go.Surface(x=side, y=side, z=z, colorscale="Cividis", showscale=False, hovertemplate=said)
    figure = go.Figure(surface)
    axes: dict[str, Any] = {
        "xaxis_title": titles.first,
        "yaxis_title": titles.second,
        "zaxis_title": titles.outcome,
        # Seen from where both variables are low, so that a rise towards both is a rise to the back.
        # From nearer a narrow screen cuts the axes' titles off.
        "camera": {"eye": {"x": -2.6, "y": -2.6, "z": 1.5}},
    }
    figure.update_layout(scene=axes, height=HEIGHT, margin={"l": 0, "r": 0, "t": 0, "b": 0})
    return figure


def camera(name: str) -> dict[str, Any]:
    """Buttons of the turning figure: a picture of it as it stands, at 300 dots per inch of 16 cm."""
    picture = {
        "format": "png",
        "filename": name.replace(" ", "_"),
        "width": 640,
        "height": HEIGHT,
        "scale": 3.125,
    }
    return {"toImageButtonOptions": picture, "displaylogo": False, "displayModeBar": True}
