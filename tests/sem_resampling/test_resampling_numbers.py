"""The pure functions: intervals against R, compact moments against full ones, weights, Bollen-Stine rows."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from analysis.sem.model.cells import compile_cells
from analysis.sem.model.implied import chain, implied
from analysis.sem.resampling.batched_moments import gradient, moments
from analysis.sem.resampling.bollen_stine import model_true_rows
from analysis.sem.resampling.compact import compact
from analysis.sem.resampling.intervals import acceleration, bca, normal, percentile, quantiles
from analysis.sem.resampling.units import complete_units
from analysis.sem.resampling.weights import block_size, blocks, resampling_counts
from analysis.sem.syntax.parser import parse_model
from analysis.sem.table.build import build_table

FIRST = [0.31, -0.12, 0.55, 0.48, 0.02, 0.77, -0.33, 0.21, 0.94, 0.40]
SECOND = [0.18, 0.63, 0.29, -0.05, 0.37, 1.21, 0.08, 0.52, 0.44, 0.26]
DRAWS = np.array([*FIRST, *SECOND])[:, None]
# Exact arithmetic on both sides; R printed eleven digits.
EXACT = 1e-9


def test_quantiles_are_those_of_the_boot_package() -> None:
    # boot:::norm.inter(x, c(.025, .05, .1, .3, .5, .9, .95, .975))[, 2]
    expected = [-0.33, -0.31623991909, -0.11199751225, 0.18921783199, 0.34, 0.92056538689, 1.1923084674, 1.21]
    alpha = np.array([0.025, 0.05, 0.1, 0.3, 0.5, 0.9, 0.95, 0.975])
    np.testing.assert_allclose(quantiles(DRAWS, alpha)[0], expected, atol=EXACT)
    np.testing.assert_allclose(percentile(DRAWS, 0.9)[0], [-0.31623991909, 1.1923084674], atol=EXACT)


def test_normal_interval_is_lavaans() -> None:
    # (t0 - (mean(x) - t0)) + sd(x) * qnorm(c(.025, .975)) with t0 = 0.35
    found = normal(DRAWS, np.array([0.35]), 0.95)[0]
    np.testing.assert_allclose(found, [-0.37248826758, 1.0564882676], atol=EXACT)


def test_bca_without_bias_and_acceleration_is_the_percentile_interval() -> None:
    draws = np.linspace(-1.0, 1.0, 1000)[:, None]
    np.testing.assert_allclose(bca(draws, np.array([0.0]), 0.95), percentile(draws, 0.95), atol=EXACT)


def test_bca_moves_with_the_acceleration() -> None:
    # Efron & Tibshirani (1993, equation 14.10) by hand: w = 0, z = -1.96, a = 0.1 gives alpha = 0.0506.
    draws = np.linspace(0.0, 1.0, 100_001)[:, None]
    low, high = bca(draws, np.array([0.5]), 0.95, np.array([0.1]))[0]
    assert low == pytest.approx(0.05061, abs=2e-4)
    assert high == pytest.approx(0.99265, abs=2e-4)


def test_draws_on_one_side_have_no_bca_interval() -> None:
    assert np.isnan(bca(DRAWS, np.array([9.0]), 0.95)).all()


def test_acceleration_of_a_mean_is_its_skewness() -> None:
    # Efron & Tibshirani (1993, section 14.3): skewness / (6 sqrt(n)) for a mean.
    x = np.random.default_rng(1).exponential(size=50)
    sums = tuple(np.array([[np.sum(x**k)]]) for k in (1, 2, 3))
    centred = x - x.mean()
    expected = np.sum(centred**3) / (6.0 * np.sum(centred**2) ** 1.5)
    assert acceleration((np.array([50.0]), *sums))[0] == pytest.approx(expected)


MODELS = [
    "f =~ x1 + x2 + x3\ng =~ x4 + x5 + x6\ng ~ f",
    "f =~ x1 + x2 + x3\ng =~ x4 + x5 + x6\nx1 ~~ x4\nx2 ~~ x3",
    "x1 ~ x2 + x3\nx4 ~ x1 + x2\nx5 ~ x4 + x6\nx6 ~ x5 + x3",
    "f =~ x1 + x2 + x3\nf ~ x4 + x5\nx6 ~ f + x4\nx1 ~~ x6",
    "f =~ x1 + x2\ng =~ x3 + x4\nh =~ f + g\nh ~ x5\nx6 ~ h + x1",
]


@settings(max_examples=25, deadline=None)
@given(st.sampled_from(MODELS), st.booleans(), st.integers(0, 10_000))
def test_compact_moments_and_gradient_are_the_full_ones(model: str, means: bool, seed: int) -> None:
    table = build_table(
        parse_model(model),
        observed_names=tuple(f"x{i}" for i in range(1, 7)),
        fixed_x=False,
        meanstructure=means,
    )
    cells = compile_cells(table)
    group, rng = cells.groups[0], np.random.default_rng(seed)
    theta = rng.uniform(-0.4, 0.4, (3, cells.q))
    short = compact(group, cells.q)
    full, own = implied(group, theta), moments(short, theta, np.zeros((3, 6, 6)), np.zeros((3, 6)))
    np.testing.assert_allclose(own.sigma, full.sigma, atol=1e-12)
    np.testing.assert_allclose(own.mu, full.mu, atol=1e-12)
    slope = rng.normal(size=(3, 6, 6))
    slope += slope.transpose(0, 2, 1)
    dmu = rng.normal(size=(3, 6)) if means else None
    expected = np.zeros((3, cells.q))
    expected[:, group.free] = chain(group, full, slope, np.zeros((3, 6)) if dmu is None else dmu)
    np.testing.assert_allclose(gradient(short, own, slope, dmu), expected, atol=1e-11)


def test_woodbury_inverse_is_the_inverse() -> None:
    table = build_table(
        parse_model("f =~ x1 + x2 + x3 + x4 + x5"), observed_names=("x1", "x2", "x3", "x4", "x5")
    )
    cells = compile_cells(table)
    theta = np.random.default_rng(1).uniform(0.3, 1.0, (4, cells.q))
    own = moments(compact(cells.groups[0], cells.q), theta, np.zeros((4, 5, 5)), np.zeros((4, 5)))
    assert own.residual is not None
    np.testing.assert_allclose(own.inverse() @ own.sigma, np.broadcast_to(np.eye(5), (4, 5, 5)), atol=1e-10)


def test_counts_add_up_and_repeat() -> None:
    block = blocks(1000, block_size(40), 9)[2]
    first, again = resampling_counts(block, [25, 15]), resampling_counts(block, [25, 15])
    assert [c.sum(axis=1).tolist() for c in first] == [[25.0] * block.size, [15.0] * block.size]
    assert all((a == b).all() for a, b in zip(first, again, strict=True))


@pytest.mark.parametrize("clustered", [False, True])
def test_moments_of_a_draw_are_those_of_its_rows(clustered: bool) -> None:
    rng = np.random.default_rng(3)
    rows = rng.normal(size=(60, 4)) + 5.0
    cluster = rng.integers(0, 12, 60) if clustered else None
    units = complete_units(rows, "ML", True, cluster)
    counts = resampling_counts(blocks(2, 2, 1)[0], [units.size])[0]
    found = units.resample(counts)
    for k in range(2):
        weights = counts[k] if cluster is None else counts[k][np.unique(cluster, return_inverse=True)[1]]
        drawn = pd.DataFrame(np.repeat(rows, weights.astype(int), axis=0))
        np.testing.assert_allclose(found.cov[k], drawn.cov(ddof=0), atol=1e-12)
        np.testing.assert_allclose(found.mean[k], drawn.mean(), atol=1e-12)


def test_moments_do_not_depend_on_what_is_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    rows = np.random.default_rng(3).normal(size=(500, 4))
    counts = resampling_counts(blocks(3, 3, 1)[0], [500])[0]
    kept = complete_units(rows, "ML", True).resample(counts)
    monkeypatch.setattr("analysis.sem.resampling.units.KEPT_VALUES", 0)
    monkeypatch.setattr("analysis.sem.resampling.units.SLICE_VALUES", 1000)
    sliced = complete_units(rows, "ML", True).resample(counts)
    np.testing.assert_allclose(sliced.cov, kept.cov, atol=1e-12)


def test_bollen_stine_rows_have_the_models_moments() -> None:
    rng = np.random.default_rng(2)
    rows = rng.normal(size=(80, 3)) @ rng.normal(size=(3, 3))
    sigma, mu = np.array([[2.0, 0.5, 0.1], [0.5, 1.0, 0.2], [0.1, 0.2, 1.5]]), np.array([1.0, 2.0, 3.0])
    turned = model_true_rows(rows, np.cov(rows.T, ddof=0), sigma, mu)
    np.testing.assert_allclose(np.cov(turned.T, ddof=0), sigma, atol=1e-12)
    np.testing.assert_allclose(turned.mean(axis=0), mu, atol=1e-12)
