"""Item descriptives against closed forms and scipy."""

import numpy as np
import pytest
from scipy import stats

from analysis.measurement.descriptives import category_counts, describe_item, excess_kurtosis, skewness

ANSWERS = np.array([1, 1, 2, 3, 3, 3, 5, np.nan])


def test_one_item_by_hand() -> None:
    found = describe_item(ANSWERS, 5)
    assert (found["n"], found["missing"]) == (7, 1)
    assert found["mean"] == pytest.approx(18 / 7)
    assert (found["floor"], found["ceiling"]) == (pytest.approx(2 / 7), pytest.approx(1 / 7))
    assert category_counts(ANSWERS, 5).tolist() == [2, 1, 3, 0, 1]


def test_skew_and_kurtosis_are_the_unbiased_ones() -> None:
    x = ANSWERS[:7]
    assert skewness(x) == pytest.approx(stats.skew(x, bias=False))
    assert excess_kurtosis(x) == pytest.approx(stats.kurtosis(x, bias=False))


@pytest.mark.parametrize("values", [np.full(4, np.nan), np.array([4.0]), np.full(9, 4.0)])
def test_too_little_to_describe_is_nan_without_a_warning(values: np.ndarray) -> None:
    with np.errstate(all="raise"):
        found = describe_item(values, 7)
    assert np.isnan(found["skew"])
