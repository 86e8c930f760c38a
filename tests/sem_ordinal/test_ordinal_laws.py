"""Laws of two-stage statistics, and correlations that are known in closed form."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from analysis.sem.sample.ordinal import two_stage

# Both sides are converged one-dimensional solutions.
SAME = 1e-9
GAMMA_SAME = 1e-7


def items(seed, n=300, categories=(2, 3, 5, 0, 0)):
    """Correlated items cut at random places, zeros for continuous ones; every category occurs."""
    rng = np.random.default_rng(seed)
    root = rng.normal(size=(len(categories), len(categories)))
    latent = rng.normal(size=(n, len(categories))) @ root + rng.normal(size=(n, len(categories)))
    out = latent.copy()
    for j, k in enumerate(categories):
        if k:
            out[:, j] = np.digitize(
                latent[:, j], np.quantile(latent[:, j], np.sort(rng.uniform(0.1, 0.9, k - 1)))
            )
    return out


@settings(max_examples=15, deadline=None)
@given(st.integers(0, 10_000))
def test_row_order_does_not_matter(seed):
    values, categories = items(seed), (2, 3, 5, 0, 0)
    shuffled = np.random.default_rng(seed).permutation(values)
    first, second = two_stage(values, categories), two_stage(shuffled, categories)
    np.testing.assert_allclose(first.statistics, second.statistics, atol=SAME)
    np.testing.assert_allclose(first.gamma, second.gamma, rtol=GAMMA_SAME, atol=GAMMA_SAME)


@settings(max_examples=15, deadline=None)
@given(st.integers(0, 10_000), st.permutations(range(5)))
def test_item_order_does_not_matter(seed, order):
    values, categories = items(seed), np.array((2, 3, 5, 0, 0))
    first = two_stage(values, tuple(categories.tolist()))
    second = two_stage(values[:, order], tuple(categories[order].tolist()))
    np.testing.assert_allclose(first.cov[np.ix_(order, order)], second.cov, atol=SAME)


@settings(max_examples=15, deadline=None)
@given(st.integers(0, 10_000))
def test_reversing_an_item_turns_its_correlations_and_thresholds(seed):
    values, categories = items(seed), (2, 3, 5, 0, 0)
    turned = values.copy()
    turned[:, 2] = 4 - turned[:, 2]
    first, second = two_stage(values, categories), two_stage(turned, categories)
    sign = np.array([1, 1, -1, 1, 1])
    np.testing.assert_allclose(first.cov * np.outer(sign, sign), second.cov, atol=SAME)
    own = first.layout.locations(2)
    np.testing.assert_allclose(first.locations[own], -second.locations[own][::-1], atol=SAME)


@settings(max_examples=10, deadline=None)
@given(st.integers(0, 10_000), st.floats(0.01, 100), st.floats(-50, 50))
def test_rescaling_a_continuous_item_rescales_its_covariances(seed, scale, shift):
    values, categories = items(seed), (2, 3, 5, 0, 0)
    moved = values.copy()
    moved[:, 3] = shift + scale * moved[:, 3]
    first, second = two_stage(values, categories), two_stage(moved, categories)
    by = np.array([1, 1, 1, scale, 1])
    np.testing.assert_allclose(second.cov, first.cov * np.outer(by, by), rtol=1e-7, atol=SAME * max(1, scale))


@settings(max_examples=10, deadline=None)
@given(st.integers(0, 10_000))
def test_gamma_is_symmetric_and_positive_semidefinite(seed):
    gamma = two_stage(items(seed), (2, 3, 5, 0, 0)).gamma
    np.testing.assert_array_equal(gamma, gamma.T)
    assert np.linalg.eigvalsh(gamma)[0] > -1e-8 * np.trace(gamma)


def test_a_covariate_that_explains_nothing_changes_nothing():
    values = items(3, n=400, categories=(3, 4, 0))
    rng = np.random.default_rng(0)
    # Two copies of every row with opposite covariate: its slopes are exactly zero.
    x = rng.normal(size=(400, 1))
    doubled, both = np.concatenate([values, values]), np.concatenate([x, -x])
    given_x, without = two_stage(doubled, (3, 4, 0), both), two_stage(doubled, (3, 4, 0))
    np.testing.assert_allclose(given_x.slopes, 0.0, atol=1e-7)
    np.testing.assert_allclose(given_x.cov, without.cov, atol=1e-7)


@pytest.mark.parametrize(("a", "b"), [(30, 20), (10, 40), (45, 5)])
def test_tetrachoric_of_median_splits_is_a_cosine(a, b):
    # Sheppard (1899): with both thresholds at 0, r = −cos(2π p₁₁).
    rows = [[0, 0]] * a + [[0, 1]] * b + [[1, 0]] * b + [[1, 1]] * a
    ours = two_stage(np.array(rows, float), (2, 2), with_gamma=False).cov[0, 1]
    assert ours == pytest.approx(-np.cos(2 * np.pi * a / (2 * (a + b))), abs=SAME)


def test_an_empty_cell_of_a_two_by_two_table_gets_half_a_case():
    # lavaan: lavCor(d, ordered = names(d)) with d of 20, 5, 0 and 15 cases gives .94276319
    rows = [[0, 0]] * 20 + [[0, 1]] * 5 + [[1, 1]] * 15
    found = two_stage(np.array(rows, float), (2, 2), with_gamma=False)
    filled = [[0, 0]] * 39 + [[0, 1]] * 11 + [[1, 0]] * 1 + [[1, 1]] * 29
    by_hand = two_stage(np.array(filled, float), (2, 2), with_gamma=False)
    assert found.cov[0, 1] == pytest.approx(by_hand.cov[0, 1], abs=SAME)
    assert found.cov[0, 1] == pytest.approx(0.94276319, abs=1e-6)
    assert found.empty_pairs == ((0, 1),)


def test_standard_errors_hold_over_samples():
    """Γ/n against the spread over 300 samples of n = 500 from a known latent correlation matrix."""
    rng = np.random.default_rng(11)
    truth = np.array([[1.0, 0.5, 0.3], [0.5, 1.0, 0.6], [0.3, 0.6, 1.0]])
    root = np.linalg.cholesky(truth)
    found, variances = [], []
    for _ in range(300):
        z = rng.normal(size=(500, 3)) @ root.T
        y = np.column_stack([np.digitize(z[:, 0], [-0.5, 0.8]), z[:, 1] > 0.4, z[:, 2]])
        stage = two_stage(y.astype(float), (3, 2, 0))
        found.append(stage.statistics)
        variances.append(np.diag(stage.gamma) / 500)
    ratio = np.std(found, axis=0) / np.sqrt(np.mean(variances, axis=0))
    # A standard deviation of 300 draws is known to about 1/sqrt(600) = .04: four of those.
    np.testing.assert_allclose(ratio, 1.0, atol=0.17)
    np.testing.assert_allclose(np.mean(found, axis=0)[-3:], [0.5, 0.3, 0.6], atol=0.012)
