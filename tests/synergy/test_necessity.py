"""Necessity: ceilings against base R's brute force, closed forms, and chance level."""

import json
from pathlib import Path

import numpy as np
import pytest

from analysis.synergy.necessity import ceiling_line, necessity, peers, zone
from analysis.unavailable import Unavailable

REFERENCE = json.loads((Path(__file__).parent / "reference" / "necessity.json").read_text())
EXACT = 1e-9
GRID = 1e-5  # the reference counts 200,000 strips


def run(x, y, seed=1, permutations=200):
    x, y = np.asarray(x, float), np.asarray(y, float)
    return necessity(x, y, np.random.default_rng(seed), condition="X", outcome="Y", permutations=permutations)


@pytest.mark.parametrize("name", REFERENCE)
def test_both_ceilings_are_those_of_the_definition(name):
    case = REFERENCE[name]
    found = {c.name: c for c in run(case["x"], case["y"]).ceilings}
    assert found["CE-FDH"].effect == pytest.approx(case["ce"], rel=EXACT)
    needed = [0.0 if v is None else v for v in found["CE-FDH"].needed]
    np.testing.assert_allclose(needed, case["needed"], atol=1e-9)
    order = np.argsort(case["x"], kind="stable")
    line = ceiling_line(np.array(case["x"], float)[order], np.array(case["y"], float)[order])
    np.testing.assert_allclose(line, case["line"], rtol=EXACT)
    assert found["CR-FDH"].effect == pytest.approx(case["cr"], abs=GRID)
    assert found["CR-FDH"].accuracy == pytest.approx(case["accuracy"])


def test_a_triangle_without_anybody_is_half_the_scope():
    x = np.linspace(0, 1, 201)
    found = {c.name: c for c in run(np.append(x, 1.0), np.append(x, 0.0)).ceilings}
    assert found["CR-FDH"].effect == pytest.approx(0.5)
    assert found["CE-FDH"].effect == pytest.approx(0.5, abs=0.5 / 200 + 1e-12)  # steps of 1/200
    np.testing.assert_allclose(found["CR-FDH"].needed[1:], np.arange(10, 101, 10), atol=1e-8)
    assert found["CR-FDH"].needed[0] is None
    assert found["CE-FDH"].pvalue == pytest.approx(1 / 201)


@pytest.mark.parametrize(
    ("line", "area"),
    [
        ((0.0, 1.0), 0.5),  # the diagonal
        ((0.5, 0.0), 0.5),  # flat
        ((2.0, 1.0), 0.0),  # above everything
        ((-3.0, 1.0), 1.0),  # below everything
        ((0.5, 1.0), 0.125),  # leaves through the top: a triangle of legs 1/2
        ((-0.5, 1.0), 0.875),  # enters through the bottom
        ((1.0, -1.0), 0.5),  # falling
    ],
)
def test_the_empty_zone_of_a_line_in_the_unit_square(line, area):
    assert zone(*line, 0.0, 1.0, 0.0, 1.0) == pytest.approx(area)


def test_without_necessity_the_p_value_is_uniform():
    rng = np.random.default_rng(3)
    values = [
        run(rng.normal(size=60), rng.normal(size=60), seed=k, permutations=99).ceilings[0].pvalue
        for k in range(200)
    ]
    # Rejections at 10% of 200 tests: binomial standard error .021, four of them.
    assert abs(np.mean(np.array(values) <= 0.10) - 0.10) < 4 * 0.021


def test_the_seed_decides_and_units_do_not():
    case = REFERENCE["corner"]
    x, y = np.array(case["x"]), np.array(case["y"])
    one, again = run(x, y), run(100 * x - 3, 7 * y + 1)
    for a, b in zip(one.ceilings, again.ceilings, strict=True):
        assert (a.effect, a.pvalue) == pytest.approx((b.effect, b.pvalue))
    assert set(one.frame.columns) >= {"condition", "outcome", "n", "ceiling", "effect", "needed_100"}


def test_of_equal_conditions_the_highest_outcome_counts():
    x, y = np.array([1.0, 1.0, 2.0, 2.0, 3.0]), np.array([1.0, 2.0, 2.0, 5.0, 4.0])
    px, py = peers(x, y)
    assert (px.tolist(), py.tolist()) == ([1.0, 2.0], [2.0, 5.0])


def test_without_a_range_there_is_no_corner():
    assert isinstance(run([1, 1, 1, 1], [1, 2, 3, 4]), Unavailable)
    assert isinstance(run([1, np.nan, 2], [1, 2, np.nan]), Unavailable)
