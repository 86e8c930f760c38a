"""Each index against worked examples (definitions of R's careless) and laws."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from scipy.stats import chi2

from analysis.screening.arrivals import arrivals_near
from analysis.screening.checks import failed_checks
from analysis.screening.duplicates import largest_match
from analysis.screening.even_odd import even_odd, row_correlations
from analysis.screening.irv import irv
from analysis.screening.longstring import longstring
from analysis.screening.mahalanobis import mahalanobis
from analysis.screening.psychometric_pairs import pairwise_correlations, psychometric_pairs
from analysis.screening.speed import seconds_per_item
from analysis.unavailable import Unavailable
from questionnaire.instrument import CheckKind

NA = np.nan
ratings = arrays(
    float, st.tuples(st.integers(1, 6), st.integers(2, 9)), elements=st.sampled_from([1.0, 2, 3, 4])
)


@pytest.mark.parametrize(
    ("row", "expected"),
    [
        ([1, 1, 1, 2, 2], 3),
        ([1, 2, 3, 4, 5], 1),
        ([4, 4, 4, 4, 4], 5),
        ([2, 2, NA, 2, 2], 2),
        ([1, 2, 2, 1, 1], 2),
        ([NA, NA, NA, NA, NA], NA),
    ],
)
def test_longstring(row: list[float], expected: float) -> None:
    np.testing.assert_equal(longstring(np.array([row])), [expected])


@given(ratings)
def test_longstring_is_the_same_backwards(raw: np.ndarray) -> None:
    np.testing.assert_array_equal(longstring(raw), longstring(raw[:, ::-1]))


@pytest.mark.parametrize(
    ("row", "expected"),
    [([1, 2, 3], 1.0), ([4, 4, 4], 0.0), ([1, NA, 5], np.sqrt(8)), ([3, NA, NA], NA)],
)
def test_irv(row: list[float], expected: float) -> None:
    np.testing.assert_allclose(irv(np.array([row])), [expected])


@given(ratings)
def test_irv_is_numpys_standard_deviation_and_ignores_shifts(raw: np.ndarray) -> None:
    np.testing.assert_allclose(irv(raw), raw.std(axis=1, ddof=1))
    np.testing.assert_allclose(irv(raw + 10), irv(raw), atol=1e-12)


def test_mahalanobis_of_complete_rows_is_the_textbook_distance() -> None:
    raw = np.random.default_rng(1).integers(1, 8, size=(50, 4)).astype(float)
    centred = raw - raw.mean(axis=0)
    expected = np.einsum("ij,jk,ik->i", centred, np.linalg.inv(np.cov(raw, rowvar=False)), centred)
    distance, tail = mahalanobis(raw)
    np.testing.assert_allclose(distance, expected)
    np.testing.assert_allclose(tail, chi2.sf(expected, 4))
    # The squared distances sum to p(n − 1).
    assert distance.sum() == pytest.approx(4 * 49)


def test_mahalanobis_uses_what_a_row_has() -> None:
    raw = np.random.default_rng(1).integers(1, 8, size=(50, 3)).astype(float)
    raw[0] = [7, NA, NA]
    raw[1] = NA
    complete = raw[2:]
    distance, tail = mahalanobis(raw)
    expected = (7 - complete[:, 0].mean()) ** 2 / complete[:, 0].var(ddof=1)
    assert distance[0] == pytest.approx(expected)
    assert tail[0] == pytest.approx(chi2.sf(expected, 1))
    assert np.isnan(distance[1])
    assert np.isnan(tail[1])


@pytest.mark.parametrize(
    ("raw", "why"),
    [
        (np.ones((5, 3)), "no item varies"),
        (np.arange(6.0).reshape(2, 3), "cannot give the covariance"),
        (np.full((9, 2), NA), "nobody answered"),
        (np.column_stack([np.arange(9.0), np.arange(9.0)]), "singular"),
    ],
)
def test_mahalanobis_says_why_not(raw: np.ndarray, why: str) -> None:
    found = mahalanobis(raw)
    assert isinstance(found, Unavailable)
    assert why in found.reason


def test_even_odd_by_hand() -> None:
    # Halves of three constructs: odd means 1, 4, 6 and even means 2, 4, 5; then a reversed pattern.
    blocks = [(0, 1), (2, 3), (4, 5)]
    raw = np.array([[1, 2, 4, 4, 6, 5], [1, 6, 4, 4, 6, 1], [3, 3, 3, 3, 3, 3]], dtype=float)
    r = np.corrcoef([1, 4, 6], [2, 4, 5])[0, 1]
    r_against = np.corrcoef([1, 4, 6], [6, 4, 1])[0, 1]
    assert r_against < -1 / 3
    np.testing.assert_allclose(even_odd(raw, blocks), [-2 * r / (1 + r), 1.0, NA])


def test_even_odd_needs_three_constructs() -> None:
    assert "2 constructs" in even_odd(np.ones((3, 4)), [(0, 1), (2, 3)]).reason


def test_row_correlations_leave_out_missing_pairs() -> None:
    left = np.array([[1, 2, 3, NA, 9.0]])
    right = np.array([[2, 4, 7, 5, NA]])
    expected = np.corrcoef([1, 2, 3], [2, 4, 7])[0, 1]
    np.testing.assert_allclose(row_correlations(left, right), [expected])


def synonyms(n: int = 200) -> np.ndarray:
    rng = np.random.default_rng(5)
    cores = rng.normal(size=(n, 4))
    return np.column_stack([core + 0.2 * rng.normal(size=n) for core in cores.T for _ in range(2)])


def test_psychometric_synonyms_separate_the_careful_from_the_random() -> None:
    raw = synonyms()
    raw[:20] = np.random.default_rng(6).normal(size=(20, 8))
    values = psychometric_pairs(raw, antonyms=False, seed=1)
    assert values[20:].mean() > 0.8
    assert values[:20].mean() < 0.5


def test_psychometric_antonyms_are_synonyms_of_a_turned_item() -> None:
    raw = synonyms()
    turned = raw * np.array([1, -1] * 4)
    values = psychometric_pairs(turned, antonyms=True, seed=1)
    assert values.mean() < -0.8


def test_psychometric_pairs_repeat_with_their_seed_and_say_when_there_are_none() -> None:
    raw = np.round(synonyms())
    np.testing.assert_array_equal(
        psychometric_pairs(raw, antonyms=False, seed=3), psychometric_pairs(raw, antonyms=False, seed=3)
    )
    assert "0 pairs" in psychometric_pairs(raw, antonyms=True, seed=1).reason


def test_pairwise_correlations_are_numpys_on_complete_data() -> None:
    raw = synonyms(30)
    np.testing.assert_allclose(pairwise_correlations(raw), np.corrcoef(raw, rowvar=False), atol=1e-12)


def test_seconds_per_item() -> None:
    found = seconds_per_item(np.array([60.0, NA, 10.0]), np.array([30, 30, 0]))
    np.testing.assert_equal(found, [2.0, NA, NA])
    assert "no answering times" in seconds_per_item(None, np.array([1])).reason


def test_failed_checks_count_by_kind() -> None:
    failed = {CheckKind.INSTRUCTED: np.array([[1, 0], [1, 1], [NA, NA]])}
    np.testing.assert_equal(failed_checks(failed, CheckKind.INSTRUCTED), [1, 2, NA])
    assert "infrequency" in failed_checks(failed, CheckKind.INFREQUENCY).reason


def test_largest_match_finds_copies_and_near_copies() -> None:
    raw = np.array([[1, 2, 3, 4], [1, 2, 3, 4], [1, 2, 3, 5], [5, 5, 5, 1], [NA, NA, NA, 4]])
    np.testing.assert_allclose(largest_match(raw), [1, 1, 0.75, 0, NA])


def test_arrivals_near_counts_the_others() -> None:
    found = arrivals_near(np.array([0, 100, 200, 5000, NA]), window=150)
    np.testing.assert_equal(found, [1, 2, 1, 0, NA])


@given(st.permutations(range(12)))
def test_indices_follow_their_rows(order: list[int]) -> None:
    raw = np.random.default_rng(2).integers(1, 6, size=(12, 6)).astype(float)
    blocks = [(0, 1), (2, 3), (4, 5)]
    for compute in (longstring, irv, largest_match, lambda x: even_odd(x, blocks)):
        np.testing.assert_allclose(compute(raw[order]), compute(raw)[order])
