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
