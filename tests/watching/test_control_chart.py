"""The EWMA chart against its closed form, its theoretical run length and its laws."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats

from questionnaire.watching.control_chart import BASELINE, LIMIT, SUBGROUP, WEIGHT, ewma_chart

ROUNDING = 1e-12


def test_the_closed_form():
    # Subgroups of 2 with means 1, 3 (baseline), then 4, 6; within-variance 2 each (values mean ± 1).
    values = np.array([0, 2, 2, 4, 3, 5, 5, 7], dtype=float)
    points = ewma_chart(values, subgroup=2, baseline=2)
    assert [point.mean for point in points] == [1, 3, 4, 6]
    first, second = 0.2 * 4 + 0.8 * 2, 0.2 * 6 + 0.8 * (0.2 * 4 + 0.8 * 2)
    assert [point.ewma for point in points[2:]] == pytest.approx([first, second], abs=ROUNDING)
    # σ²(z̄_1) = λ² σ²/m and σ²(z̄_2) = λ²(1 + (1 − λ)²) σ²/m, summed term by term; σ² = 2, m = 2.
    half = [LIMIT * np.sqrt(0.04), LIMIT * np.sqrt(0.04 * (1 + 0.64))]
    assert [point.upper - 2 for point in points[2:]] == pytest.approx(half, abs=ROUNDING)


def test_too_few_subgroups_have_no_chart_and_an_incomplete_one_waits():
    assert ewma_chart(np.zeros(SUBGROUP * BASELINE)) == ()
    values = np.random.default_rng(1).normal(size=SUBGROUP * (BASELINE + 2) + 7)
    assert len(ewma_chart(values)) == BASELINE + 2


def run_length(shift):
    """Mean points until the alarm by the density of z_t within its limits (Brook & Evans 1972, time-varying).

    In units of σ/√m about the centre. The grid is that of the widest limits.
    """
    widest = LIMIT * np.sqrt(WEIGHT / (2 - WEIGHT))
    edges = np.linspace(-widest, widest, 402)
    middles = (edges[1:] + edges[:-1]) / 2
    reach = (edges[:, None] - (1 - WEIGHT) * middles[None, :]) / WEIGHT - shift
    move = np.diff(stats.norm.cdf(reach), axis=0)
    first = np.diff(stats.norm.cdf(edges / WEIGHT - shift))
    mass, survived = first, 1.0
    for step in range(1, 6000):
        mass = mass if step == 1 else move @ mass
        half = widest * np.sqrt(1 - (1 - WEIGHT) ** (2 * step))
        mass = np.where(np.abs(middles) <= half, mass, 0.0)
        survived += mass.sum()
    return survived


def test_the_limits_give_a_false_alarm_in_about_370_points():
    assert run_length(0.0) == pytest.approx(370, abs=20)


def test_a_shift_of_one_standard_error_is_found_as_soon_as_the_theory_says():
    """A long baseline stands for known parameters, which the theory assumes."""
    generator = np.random.default_rng(20261125)
    runs, baseline, m = 400, 400, 4
    lengths = []
    for _ in range(runs):
        values = generator.normal(size=(baseline + 120) * m)
        values[baseline * m :] += 1 / np.sqrt(m)
        after = [point.out for point in ewma_chart(values, subgroup=m, baseline=baseline)][baseline:]
        lengths.append(after.index(True) + 1)
    error = np.std(lengths) / np.sqrt(runs)
    assert abs(np.mean(lengths) - run_length(1.0)) < 3 * error


@settings(max_examples=30, deadline=None)
@given(st.integers(0, 2**32 - 1), st.floats(-5, 5), st.floats(0.1, 10))
def test_another_zero_and_unit_move_the_chart_along(seed, shift, unit):
    values = np.random.default_rng(seed).normal(size=SUBGROUP * (BASELINE + 4))
    own, moved = ewma_chart(values), ewma_chart(shift + unit * values)
    for a, b in zip(own, moved, strict=True):
        assert b.ewma == pytest.approx(shift + unit * a.ewma, abs=1e-9)
        assert b.upper == pytest.approx(shift + unit * a.upper, abs=1e-9)
