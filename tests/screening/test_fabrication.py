"""Fabricated answers are noticed, honest ones are not."""

import numpy as np
import pytest

from analysis.screening.fabrication import Fabrication, look_for_fabrication
from analysis.unavailable import Unavailable

BLOCKS = [(0, 1, 2), (3, 4, 5), (6, 7, 8)]


def answers(trait_correlation: float, n: int = 400) -> np.ndarray:
    rng = np.random.default_rng(7)
    traits = rng.multivariate_normal(
        np.zeros(3), np.full((3, 3), trait_correlation) + (1 - trait_correlation) * np.eye(3), n
    )
    latent = np.repeat(traits, 3, axis=1) * 0.8 + 0.6 * rng.normal(size=(n, 9))
    return np.clip(np.round(4 + 1.3 * latent), 1, 7)


def test_one_trait_under_all_constructs_is_a_sign() -> None:
    found = look_for_fabrication(answers(1.0), BLOCKS, None)
    assert isinstance(found, Fabrication)
    assert found.collapse == pytest.approx(1, abs=0.05)
    assert "one trait" in found.signs[0]


@pytest.mark.parametrize("correlation", [0.0, 0.5, 0.8])
def test_related_constructs_are_not_fabricated(correlation: float) -> None:
    times = np.random.default_rng(1).lognormal(6, 0.35, 400)
    assert look_for_fabrication(answers(correlation), BLOCKS, times).signs == ()


def test_times_like_clockwork_are_a_sign() -> None:
    times = np.random.default_rng(1).normal(480, 5, 400)
    found = look_for_fabrication(answers(0.5), BLOCKS, times)
    assert "times hardly differ" in found.signs[0]


def test_noise_has_no_trait_under_it() -> None:
    noise = np.random.default_rng(2).integers(1, 8, size=(300, 9)).astype(float)
    assert look_for_fabrication(noise, BLOCKS, None).signs == ()


@pytest.mark.parametrize(("n", "blocks"), [(20, BLOCKS), (100, BLOCKS[:1])])
def test_too_little_to_judge_says_so(n: int, blocks: list[tuple[int, ...]]) -> None:
    assert isinstance(look_for_fabrication(answers(0.5, n), blocks, None), Unavailable)


def batches(
    n: int, fabricated: int, seed: int, constructs: int = 6
) -> tuple[np.ndarray, list[tuple[int, ...]]]:
    """Honest answers to related constructs (.5), after the first 200 a batch from one trait; alpha .8."""
    rng = np.random.default_rng(seed)
    blocks = [tuple(range(4 * k, 4 * k + 4)) for k in range(constructs)]

    def drawn(rows: int, correlation: float) -> np.ndarray:
        own = np.sqrt(correlation) * rng.standard_normal((rows, 1))
        own = own + np.sqrt(1 - correlation) * rng.standard_normal((rows, constructs))
        latent = np.sqrt(0.5) * (np.repeat(own, 4, axis=1) + rng.standard_normal((rows, 4 * constructs)))
        return np.digitize(latent, [-1.8, -1.2, -0.6, 0, 0.6, 1.2]).astype(float)

    honest = drawn(n - fabricated, 0.5)
    return np.vstack([honest[:200], drawn(fabricated, 1.0), honest[200:]]), blocks


def test_a_fabricated_batch_is_found_where_it_stands() -> None:
    turned, blocks = batches(800, 200, seed=3)
    found = look_for_fabrication(turned, blocks, None)
    assert isinstance(found, Fabrication)
    assert found.collapse < 0.9
    (sign,) = found.signs
    assert "answers in a row" in sign
    # Windows overlap its edges, so that it is found to half a window.
    assert set(range(250, 350)) <= set(found.batch) <= set(range(150, 450))


def test_a_batch_is_found_in_the_order_of_arrival() -> None:
    turned, blocks = batches(800, 200, seed=3)
    order = np.random.default_rng(1).permutation(len(turned))
    assert look_for_fabrication(turned[order], blocks, None).batch == ()
    found = look_for_fabrication(turned[order], blocks, None, order.astype(float))
    assert isinstance(found, Fabrication)
    assert set(range(250, 350)) <= {int(order[row]) for row in found.batch} <= set(range(150, 450))


@pytest.mark.parametrize(("fabricated", "least", "most"), [(0, 0.0, 0.02), (800, 1.0, 1.0), (160, 0.9, 1.0)])
def test_how_often_it_is_said(fabricated: int, least: float, most: float) -> None:
    """Thirty samples each; docs/fabrication.md has the whole table."""
    said = [bool(look_for_fabrication(*batches(800, fabricated, seed), None).signs) for seed in range(30)]
    assert least <= np.mean(said) <= most


def test_closely_related_constructs_in_a_small_sample_are_not_accused() -> None:
    """Factors that correlate .9 in 100 respondents often look like one; the sampling error says so."""
    accused = [bool(look_for_fabrication(related(100, 0.9, seed), BLOCKS, None).signs) for seed in range(60)]
    # Five per cent by the one-sided bound at a true .90, and three Monte Carlo errors.
    assert np.mean(accused) <= 0.05 + 3 * np.sqrt(0.05 * 0.95 / 60)


def related(n: int, correlation: float, seed: int) -> np.ndarray:
    rng = np.random.default_rng(seed)
    own = np.sqrt(correlation) * rng.standard_normal((n, 1))
    own = own + np.sqrt(1 - correlation) * rng.standard_normal((n, 3))
    return np.repeat(own, 3, axis=1) * 0.66 + 0.75 * rng.standard_normal((n, 9))
