"""Reverse-coding, normal scores and parcels."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from scipy.stats import norm

from analysis.preparation import normal_scores, parcel_means, reverse_code

codes = arrays(float, st.integers(2, 40), elements=st.sampled_from([1.0, 2, 3, 4, 5, 6, 7]))


def test_two_equal_categories_score_as_half_normals() -> None:
    # E[z | z < 0] = −√(2/π)
    np.testing.assert_allclose(
        normal_scores(np.array([1.0, 2, 2, 1])), np.sqrt(2 / np.pi) * np.array([-1, 1, 1, -1])
    )


def test_three_categories_by_the_formula() -> None:
    shares = np.array([0.2, 0.5, 0.3])
    cuts = norm.ppf([0.2, 0.7])
    expected = np.array(
        [-norm.pdf(cuts[0]) / 0.2, (norm.pdf(cuts[0]) - norm.pdf(cuts[1])) / 0.5, norm.pdf(cuts[1]) / 0.3]
    )
    values = np.repeat([1.0, 2, 3], (shares * 10).astype(int))
    np.testing.assert_allclose(normal_scores(values), np.repeat(expected, [2, 5, 3]))


@given(codes)
def test_normal_scores_centre_keep_order_and_turn_with_the_item(values: np.ndarray) -> None:
    scores = normal_scores(values)
    assert scores.mean() == pytest.approx(0, abs=1e-10)
    assert (np.diff(scores[np.argsort(values, kind="stable")]) >= -1e-12).all()
    np.testing.assert_allclose(normal_scores(reverse_code(values, 7)), -scores, atol=1e-10)


@given(codes)
def test_normal_scores_depend_on_the_order_of_categories_only(values: np.ndarray) -> None:
    np.testing.assert_allclose(normal_scores(np.exp(values)), normal_scores(values))


@given(codes)
def test_reversing_twice_changes_nothing(values: np.ndarray) -> None:
    np.testing.assert_array_equal(reverse_code(reverse_code(values, 7), 7), values)


def test_missing_and_constant_items() -> None:
    np.testing.assert_equal(normal_scores(np.array([np.nan, 4, 4])), [np.nan, 0, 0])
    assert np.isnan(normal_scores(np.full(3, np.nan))).all()


def test_parcels_need_their_least_number_of_items() -> None:
    scored = pd.DataFrame(
        {
            "a1": [1.0, 1, 1],
            "a2": [2.0, 2, np.nan],
            "a3": [3.0, np.nan, np.nan],
            "a4": [6.0, 6, 6],
            "b1": [5.0] * 3,
        }
    )
    found = parcel_means(scored, {"a": ["a1", "a2", "a3", "a4"], "b": ["b1"], "c": ["c1"]}, 3)
    np.testing.assert_equal(found["a"].to_numpy(), [3.0, 3.0, np.nan])
    np.testing.assert_equal(found["b"].to_numpy(), [5.0, 5.0, 5.0])
    assert list(found) == ["a", "b"]
