"""Simple slopes, Johnson–Neyman bounds and response surfaces against semTools, base R and closed forms."""

import json
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from scipy.stats import norm

from analysis import sem
from analysis.synergy.response_surface import balance, congruence, predicted_values
from analysis.synergy.slopes import Shape, johnson_neyman, simple_slopes
from analysis.synergy.surface import Surface
from analysis.unavailable import Unavailable

GOLDEN = Path(__file__).parents[1] / "golden"
REFERENCE = json.loads((Path(__file__).parent / "reference" / "response_surface.json").read_text())
# semTools gives eleven digits of lavaan's estimates; two optimisers end within this of each other.
SEMTOOLS = 2e-5
PRINTED = 1e-8  # base R's numbers are stored with fifteen digits; its derivatives are symbolic
WIDE = (-3.0, 3.0)


def surface_of(estimates, covariance):
    terms = (("X",), ("Y",), ("X", "X"), ("X", "Y"), ("Y", "Y"))
    return Surface("Z", terms, np.array(estimates), np.array(covariance))


@pytest.fixture(scope="module")
def full():
    return surface_of(REFERENCE["b"], REFERENCE["V"])


def two_way(intercept=0.2, change=0.3, v_a=0.01, v_b=0.01, v_ab=0.0):
    covariance = np.array([[v_a, 0, v_ab], [0, 0.01, 0], [v_ab, 0, v_b]])
    return Surface("Z", (("X",), ("M",), ("M", "X")), np.array([intercept, 0.1, change]), covariance)


def test_simple_slopes_are_those_of_semtools():
    model = (GOLDEN / "cases" / "two_way_interaction_ml.json").read_text()
    text = json.loads(model)["model"].replace("f3 ~ f1 + f2 + f12", "f3 ~ a*f1 + b*f2 + g*f12")
    data = pd.read_csv(GOLDEN / "data" / "latent_interaction_two_way.csv")
    fit = sem.fit(text + "\nA := a\nB := b\nG := g", data, meanstructure=True)
    surface = Surface("f3", (("f1",), ("f2",), ("f1", "f2")), *fit.defined(["A", "B", "G"]))
    slopes = [s for s in simple_slopes(surface, 0.95) if s.predictor == "f1"]
    probe = json.loads((GOLDEN / "cases" / "two_way_interaction_probe.json").read_text())["probe"]
    for slope, reference in zip(slopes, probe["SimpleSlope"], strict=True):
        assert slope.at == reference["f2"]
        assert slope.slope == pytest.approx(reference["est"], rel=SEMTOOLS)
        assert slope.se == pytest.approx(reference["se"], rel=SEMTOOLS)
        assert slope.pvalue == pytest.approx(reference["pvalue"], rel=1e-3, abs=1e-15)


@pytest.mark.parametrize(
    ("surface", "shape", "count"),
    [
        (two_way(), Shape.OUTSIDE, 2),
        (two_way(intercept=0.5, change=0.02), Shape.BETWEEN, 2),
        (two_way(intercept=0.0, change=0.0), Shape.NOWHERE, 0),
        (two_way(intercept=0.9, change=0.3, v_a=0.01, v_b=0.001, v_ab=0.00316), Shape.OUTSIDE, 2),
        (two_way(intercept=0.0, change=0.05), Shape.NOWHERE, 0),
        (two_way(intercept=0.5, change=0.0, v_b=0.0), Shape.EVERYWHERE, 0),
        (two_way(intercept=0.1, change=0.0, v_b=0.0), Shape.NOWHERE, 0),
    ],
)
def test_the_slope_is_just_significant_at_the_bounds(surface, shape, count):
    region = johnson_neyman(surface, "X", "M", 0.95, WIDE)
    assert region.shape is shape
    assert len(region.bounds) == count
    for bound in region.bounds:
        estimate, se = surface.combine(surface.slope("X", {"M": bound}))
        assert 2 * norm.sf(abs(estimate) / se) == pytest.approx(0.05, rel=1e-9)
    middle = float(np.mean(region.bounds)) if count else 0.0
    estimate, se = surface.combine(surface.slope("X", {"M": middle}))
    assert (abs(estimate) / se > norm.ppf(0.975)) == (shape in (Shape.BETWEEN, Shape.EVERYWHERE))


def test_a_bound_beyond_what_was_observed_is_marked():
    region = johnson_neyman(two_way(), "X", "M", 0.95, (0.0, 3.0))
    assert region.inside == tuple(0.0 < bound < 3.0 for bound in region.bounds)
    assert set(region.inside) == {True, False} or not all(region.inside)


def test_slopes_of_a_full_quadratic_with_triple_are_its_derivatives():
    terms = (("X",), ("Y",), ("W",), ("X", "X"), ("X", "Y"), ("W", "X"), ("W", "X", "Y"))
    surface = Surface("Z", terms, np.array([0.2, 0.1, 0.3, -0.1, 0.15, 0.05, 0.07]), np.eye(7) / 100)
    at = {"X": 0.7, "Y": -1.2, "W": 0.4}
    found, _ = surface.combine(surface.slope("X", at))
    assert found == pytest.approx(0.2 - 2 * 0.1 * 0.7 + 0.15 * -1.2 + 0.05 * 0.4 + 0.07 * -1.2 * 0.4)
    step = 1e-6
    up, down = (surface.combine(surface.rise({**at, "X": 0.7 + d}))[0] for d in (step, -step))
    assert found == pytest.approx((up - down) / (2 * step), rel=1e-8)
    held = {
        (s.held, s.held_at) for s in simple_slopes(surface, 0.95) if (s.predictor, s.moderator) == ("X", "Y")
    }
    assert held == {("W", -1.0), ("W", 0.0), ("W", 1.0)}


@pytest.mark.parametrize("name", REFERENCE["features"])
def test_the_surfaces_features_are_those_of_base_r(full, name):
    (found,) = (q for q in congruence(full, 0.95) if q.name == name)
    estimate, se = REFERENCE["features"][name]
    assert found.estimate == pytest.approx(estimate, rel=PRINTED)
    assert found.se == pytest.approx(se, rel=PRINTED)
    assert found.ci_upper - found.ci_lower == pytest.approx(2 * norm.ppf(0.975) * se, rel=PRINTED)


def test_predictions_are_those_of_base_r(full):
    found = {(p.first_at, p.second_at): p for p in predicted_values(full, 0.95)}
    for place, (value, se) in (((1.0, -1.0), REFERENCE["high_low"]), ((-1.0, 1.0), REFERENCE["low_high"])):
        assert (found[place].value, found[place].se) == pytest.approx((value, se), rel=PRINTED)
    assert found[0.0, 0.0].value == found[0.0, 0.0].se == 0.0


def test_the_test_of_balance_is_base_rs_wald_test(full):
    found = balance(full)
    assert (found.kappa, found.kappa_se) == pytest.approx(tuple(REFERENCE["kappa"]), rel=PRINTED)
    assert (found.wald, found.df, found.pvalue) == pytest.approx(tuple(REFERENCE["wald"]), rel=PRINTED)


def test_exact_balance_has_no_gap_and_an_axis_of_equality():
    exact = surface_of([0.2, 0.2, -0.1, 0.2, -0.1], np.diag([1.0, 1.0, 2.0, 3.0, 2.0]) / 1000)
    found = {q.name: q.estimate for q in congruence(exact, 0.95)}
    assert found["p11"] == pytest.approx(1.0)
    assert found["a3"] == found["a5"] == 0.0
    assert found["p10"] is None  # a ridge: every point of the line is stationary
    assert balance(surface_of([0, 0, -0.1, 0.1, -0.1], np.eye(5) / 100)).wald == pytest.approx(0.0)


def test_without_squares_there_is_no_congruence():
    assert isinstance(congruence(two_way(), 0.95), Unavailable)
    assert isinstance(balance(two_way()), Unavailable)
