"""Pattern statistics: one pass, mergeable, weightable, and telling what was never seen together."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from analysis.sem.errors import DataError
from analysis.sem.sample.incomplete import incomplete_sample
from analysis.sem.sample.moments import GroupData
from analysis.sem.sample.patterns import Patterns, merge_patterns, never_together, pattern_statistics

# Sums of a few dozen doubles of size 10 round to about 1e-14.
ROUNDING = 1e-9


@st.composite
def incomplete(draw, max_rows=30, p=4):
    n = draw(st.integers(6, max_rows))
    values = draw(hnp.arrays(float, (n, p), elements=st.floats(-10, 10, width=32)))
    gone = draw(hnp.arrays(bool, (n, p)))
    values = np.where(gone, np.nan, values)
    return values[~np.isnan(values).all(axis=1)]


def same(a: Patterns, b: Patterns) -> bool:
    pairs = [(a.n, b.n), (a.mean, b.mean), (a.cross, b.cross)]
    return (
        np.array_equal(a.observed, b.observed)
        and np.array_equal(a.repeated, b.repeated)
        and all(np.allclose(x, y, atol=ROUNDING) for x, y in pairs)
    )


def test_statistics_of_a_small_table():
    nan = np.nan
    values = np.array([[1.0, 2.0], [3.0, nan], [5.0, 8.0], [nan, 7.0]])
    stats = pattern_statistics(values)
    assert stats.observed.tolist() == [[True, True], [False, True], [True, False]]
    assert stats.n.tolist() == [2, 1, 1]
    assert stats.mean.tolist() == [[3, 5], [0, 7], [3, 0]]
    assert stats.repeated.tolist() == [0]
    assert stats.cross.tolist() == [[[8, 12], [12, 18]]]
    assert (stats.total, stats.n_values) == (4, 6)


@settings(max_examples=40, deadline=None)
@given(incomplete(), st.integers(1, 5))
def test_merged_parts_equal_one_pass(values, cut):
    if len(values) <= cut:
        return
    parts = pattern_statistics(values[:cut]), pattern_statistics(values[cut:])
    assert same(merge_patterns(*parts), pattern_statistics(values))


@settings(max_examples=40, deadline=None)
@given(incomplete(), st.randoms(use_true_random=False))
def test_the_order_of_rows_does_not_matter(values, rnd):
    order = list(range(len(values)))
    rnd.shuffle(order)
    assert same(pattern_statistics(values), pattern_statistics(values[order]))


@settings(max_examples=40, deadline=None)
@given(incomplete(), st.data())
def test_weights_count_rows(values, data):
    times = data.draw(st.lists(st.integers(1, 3), min_size=len(values), max_size=len(values)))
    weighted = pattern_statistics(values, np.array(times, dtype=float))
    repeated = pattern_statistics(np.repeat(values, times, axis=0))
    assert np.array_equal(weighted.n, repeated.n)
    assert np.allclose(weighted.mean, repeated.mean, atol=ROUNDING)
    for place, cross in zip(weighted.repeated, weighted.cross, strict=True):
        assert np.allclose(cross, repeated.cross[list(repeated.repeated).index(place)], atol=1e-6)


def test_a_pattern_whose_rows_all_weigh_nothing_is_empty():
    stats = pattern_statistics(np.array([[1.0, np.nan], [2.0, 3.0]]), np.array([0.0, 1.0]))
    assert stats.n.tolist() == [1, 0]
    assert stats.mean[1].tolist() == [0, 0]


def test_pairs_never_observed_together_are_named():
    rng = np.random.default_rng(1)
    values = rng.standard_normal((40, 3))
    values[:20, 0] = np.nan
    values[20:, 1] = np.nan
    assert never_together(pattern_statistics(values)) == [(0, 1)]
    _, findings = incomplete_sample(GroupData("", ("a", "b", "c"), values, np.arange(40)))
    assert [(f.code, f.where) for f in findings] == [("never_observed_together", ("a b",))]


def test_rows_left_out_are_told():
    rng = np.random.default_rng(1)
    values = rng.standard_normal((40, 3))
    values[3] = np.nan
    values[5, 0] = np.nan
    sample, findings = incomplete_sample(GroupData("", ("x", "y", "z"), values, np.arange(100, 140)), ("x",))
    assert sample.n == 38
    assert set(range(100, 140)) - set(sample.index.tolist()) == {103, 105}
    assert [f.code for f in findings] == ["empty_rows", "missing_exogenous"]
    assert "1 rows" in findings[1].message
    assert findings[1].where == ("x",)


@pytest.mark.parametrize(
    ("spoil", "says"),
    [
        (lambda v: v.__setitem__((slice(None), 0), np.nan), "x has no value"),
        (lambda v: v.__setitem__((slice(None), 1), 2.0), "y has the same value"),
        (lambda v: v.__setitem__((slice(None), 2), v[:, 0] + v[:, 1]), "linearly dependent"),
    ],
)
def test_data_that_cannot_carry_a_model_are_named(spoil, says):
    values = np.random.default_rng(1).standard_normal((40, 3))
    spoil(values)
    with pytest.raises(DataError, match=says):
        incomplete_sample(GroupData("A", ("x", "y", "z"), values, np.arange(40)))
