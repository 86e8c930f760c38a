"""Bands and surfaces between the levels of a probe are those of its equation."""

from dataclasses import asdict

import numpy as np
import pandas as pd
import pytest

from analysis.synergy.curves import REACH, bounds_between, slope_band, surface_values
from analysis.synergy.probe import Probe
from analysis.synergy.response_surface import predicted_values
from analysis.synergy.slopes import Shape, johnson_neyman, simple_slopes
from analysis.synergy.surface import Surface
from analysis.unavailable import Unavailable

EXACT = 1e-9
"""Polynomials of these degrees are determined by the points given."""
NONE = Unavailable("not asked for")


def two_way(intercept=0.2, change=0.3, v_a=0.01, v_b=0.01, v_ab=0.0):
    covariance = np.array([[v_a, 0, v_ab], [0, 0.01, 0], [v_ab, 0, v_b]])
    return Surface("Z", (("X",), ("M",), ("M", "X")), np.array([intercept, 0.1, change]), covariance)


def triple():
    terms = (("X",), ("M",), ("W",), ("X", "X"), ("X", "M"), ("W", "X"), ("W", "X", "M"))
    estimates = np.array([0.2, 0.1, 0.3, -0.1, 0.15, 0.05, 0.07])
    root = np.random.default_rng(3).normal(size=(7, 7))
    return Surface("Z", terms, estimates, root @ root.T / 500)


def probed(surface, observed=(-1.5, 2.5)):
    region = johnson_neyman(surface, "X", "M", 0.95, observed)
    bounds = dict(zip(("lower", "upper"), region.bounds, strict=False))
    row = {"predictor": "X", "moderator": "M", "lower": bounds.get("lower"), "upper": bounds.get("upper")}
    slopes = pd.DataFrame([asdict(one) for one in simple_slopes(surface, 0.95)])
    regions = pd.DataFrame([{**row, "observed_min": observed[0], "observed_max": observed[1]}])
    predicted = pd.DataFrame([asdict(one) for one in predicted_values(surface, 0.95)])
    return region, Probe("M1", "Z", 0.95, slopes, regions, predicted, NONE, NONE)


SURFACES = {
    Shape.OUTSIDE: two_way(),
    Shape.BETWEEN: two_way(intercept=0.5, change=0.02),
    Shape.NOWHERE: two_way(intercept=0.0, change=0.05),
    Shape.EVERYWHERE: two_way(intercept=0.5, change=0.0, v_b=0.0),
}


@pytest.mark.parametrize("surface", [*SURFACES.values(), triple()], ids=[*SURFACES, "triple"])
def test_the_band_is_the_interval_of_the_equation_at_every_place(surface):
    _, probe = probed(surface)
    band = slope_band(probe.slopes_of("X", "M"), probe.region_of("X", "M"))
    assert (band["at"].min(), band["at"].max()) == (-REACH, 2.5)
    for row in band.itertuples():
        slope, se = surface.combine(surface.slope("X", {"M": row.at}))
        expected = (slope, slope - 1.959963984540054 * se, slope + 1.959963984540054 * se)
        assert (row.slope, row.ci_lower, row.ci_upper) == pytest.approx(expected, abs=EXACT)


@pytest.mark.parametrize("shape", SURFACES)
def test_what_differs_from_0_is_what_the_region_says(shape):
    region, probe = probed(SURFACES[shape])
    assert region.shape is shape
    band = slope_band(probe.slopes_of("X", "M"), probe.region_of("X", "M"))
    inside = [
        bool(region.bounds) and region.bounds[0] <= at <= region.bounds[1] for at in band["at"].tolist()
    ]
    differs = {
        Shape.OUTSIDE: [not one for one in inside],
        Shape.BETWEEN: inside,
        Shape.NOWHERE: [False] * len(band),
        Shape.EVERYWHERE: [True] * len(band),
    }[shape]
    # At the bounds themselves two pieces meet: each of them says what holds on its own side.
    bounds = bounds_between(probe.region_of("X", "M"), -REACH, 2.5)
    within = ~band["at"].isin(bounds).to_numpy()
    assert band["differs"][within].tolist() == [
        one for one, kept in zip(differs, within, strict=True) if kept
    ]
    edges = band.groupby("piece")["at"].agg(["min", "max"])
    assert edges["max"].tolist() == [*bounds, 2.5]
    assert edges["min"].tolist() == [-REACH, *bounds]


@pytest.mark.parametrize(
    ("lower", "upper", "expected"),
    [
        (-1.5, 1.0, [-1.5, 1.0]),
        (-9.0, 1.0, [1.0]),
        (0.5, None, [0.5]),
        (float("nan"), 9.0, []),
        (None, None, []),
    ],
)
def test_bounds_are_those_in_the_range(lower, upper, expected):
    assert bounds_between({"lower": lower, "upper": upper}, -2.0, 2.0) == expected


@pytest.mark.parametrize(("first", "second"), [("X", "M"), ("M", "X")])
def test_a_surface_is_its_equation_whichever_variable_comes_first(first, second):
    surface = triple()
    _, probe = probed(surface)
    known = probe.predicted_of(first, second)
    assert set(known["first"]) == {first}
    x, y = np.array([0.37, -1.9, 2.5]), np.array([1.1, 0.02, -3.0])
    expected = [surface.combine(surface.rise({first: a, second: b}))[0] for a, b in zip(x, y, strict=True)]
    np.testing.assert_allclose(surface_values(known, x, y), expected, atol=EXACT)


def test_slopes_of_a_triple_are_those_at_the_mean_of_the_third():
    _, probe = probed(triple())
    found = probe.slopes_of("X", "M")
    assert found["at"].tolist() == [-1.0, 0.0, 1.0]
    assert found["held_at"].tolist() == [0.0, 0.0, 0.0]
