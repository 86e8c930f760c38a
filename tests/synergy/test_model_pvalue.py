"""The test of a product model by drawing: what is drawn, what is fitted to it, what p value comes out."""

from dataclasses import replace
from itertools import product
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from analysis import sem
from analysis.sem.errors import ModelError
from analysis.sem.resampling.parametric import parametric_test
from analysis.synergy.compiled import CompiledModel
from analysis.synergy.first_order import FirstOrder, first_order
from analysis.synergy.model_pvalue import DrawnTest, drawn_test
from analysis.synergy.product_indicators import product_columns
from analysis.unavailable import Unavailable

GOLDEN = Path(__file__).parent.parent / "golden" / "data"
N = 400
MEASURED = """
S =~ s1 + s2 + s3
R =~ r1 + r2 + r3
PI =~ p1 + p2 + p3
S_x_R =~ s1_x_r1 + s2_x_r2 + s3_x_r3
"""
PATHS = "PI ~ gS*S + gR*R + gSR*S_x_R"
FIRST = ["s1", "s2", "s3", "r1", "r2", "r3", "p1", "p2", "p3"]
SAMPLING = 0.06
"""Four standard errors of a covariance of products with variances up to about 4 in a million rows are .02;
a wrong formula is out by .2 and more."""
EARLY_STOP = 1e-3
"""Draws end within .005 joint standard errors of their solutions, which changes χ² by its square at most."""


def compiled(paths: str = PATHS) -> CompiledModel:
    parts = {f"s{k}_x_r{k}": (f"s{k}", f"r{k}") for k in (1, 2, 3)}
    return CompiledModel("M", MEASURED, paths, tuple(FIRST), {}, parts, {"S_x_R": ("S", "R")})


def answers(seed: int, n: int = N, bend: float = 0.0) -> pd.DataFrame:
    """Data under PI = .3 S + .3 R + .2 SR + bend (S² − 1) + e."""
    rng = np.random.default_rng(seed)
    s, e = rng.standard_normal(n), rng.standard_normal(n)
    r = 0.5 * s + np.sqrt(0.75) * rng.standard_normal(n)
    pi = 0.3 * s + 0.3 * r + 0.2 * (s * r - 0.5) + bend * (s * s - 1) + 0.8 * e
    columns = {
        f"{name}{k}": values + 0.7 * rng.standard_normal(n)
        for name, values in (("s", s), ("r", r), ("p", pi))
        for k in (1, 2, 3)
    }
    return with_products(pd.DataFrame(columns))


def with_products(first: pd.DataFrame) -> pd.DataFrame:
    made = {
        f"s{k}_x_r{k}": product_columns(first[[f"s{k}", f"r{k}"]].to_numpy(dtype=float)) for k in (1, 2, 3)
    }
    return first.assign(**made)


@pytest.fixture(scope="module")
def fit() -> sem.Fit:
    return sem.fit(compiled().syntax, answers(1), estimator="MLR")


@pytest.fixture(scope="module")
def structure(fit: sem.Fit) -> FirstOrder:
    found = first_order(compiled(), fit)
    assert isinstance(found, FirstOrder)
    return found


def test_drawn_first_order_indicators_have_the_implied_moments(fit: sem.Fit, structure: FirstOrder) -> None:
    rows = replace(structure, n=1_000_000, marginals={}).draw(np.random.default_rng(3), 1)[0]
    names = list(fit.table.observed)
    drawn, implied = np.cov(rows.T), fit.implied[0].sigma
    # The outcome's variance holds the free variance of the latent product, which need not be a normal one.
    predictors = [names.index(name) for name in FIRST[:6]]
    block = np.ix_(predictors, predictors)
    np.testing.assert_allclose(drawn[block], implied[block], atol=SAMPLING)


def test_drawn_products_have_the_moments_of_products_of_normal_variables(
    fit: sem.Fit, structure: FirstOrder
) -> None:
    """Cov(ab, cd) = σac σbd + σad σbc (Isserlis 1918), which no free parameter of the fit gives."""
    rows = replace(structure, n=1_000_000, marginals={}).draw(np.random.default_rng(4), 1)[0]
    names, sigma = list(fit.table.observed), fit.implied[0].sigma
    drawn = np.cov(rows.T)
    at = {name: names.index(name) for name in names}
    for j, k in product((1, 2, 3), repeat=2):
        a, b, c, d = at[f"s{j}"], at[f"r{j}"], at[f"s{k}"], at[f"r{k}"]
        closed = sigma[a, c] * sigma[b, d] + sigma[a, d] * sigma[b, c]
        assert drawn[at[f"s{j}_x_r{j}"], at[f"s{k}_x_r{k}"]] == pytest.approx(closed, abs=SAMPLING)
    loadings = fit.estimates.set_index(["lhs", "op", "rhs"])["est"]
    effect = loadings["PI", "~", "S_x_R"]
    phi = {pair: loadings[pair[0], "~~", pair[1]] for pair in (("S", "S"), ("R", "R"), ("S", "R"))}
    closed = effect * (phi["S", "S"] * phi["R", "R"] + phi["S", "R"] ** 2)
    # p1 and the first product have loading 1, so their covariance is that of PI and S·R.
    assert drawn[at["p1"], at["s1_x_r1"]] == pytest.approx(closed, abs=SAMPLING)


def test_drawn_first_order_indicators_take_the_observed_values(fit: sem.Fit, structure: FirstOrder) -> None:
    seven = answers(7)[FIRST].apply(lambda x: pd.cut(x, [-9, -2, -1, 0, 0.5, 1, 1.5, 9], labels=False))
    data = with_products(seven.astype(float))
    coarse = first_order(compiled(), sem.fit(compiled().syntax, data, estimator="MLR"))
    assert isinstance(coarse, FirstOrder)
    rows = replace(coarse, n=100_000).draw(np.random.default_rng(8), 1)[0]
    for name in ("s1", "p3"):
        drawn = rows[:, list(fit.table.observed).index(name)]
        values, counts = np.unique(drawn.round(9), return_counts=True)
        shares = data[name].value_counts(normalize=True).sort_index().to_numpy()
        assert len(values) == 7
        # Three standard errors of a share in 100,000 rows, and one row of the 400 that were observed.
        np.testing.assert_allclose(counts / len(drawn), shares, atol=0.005 + 1 / N)


def test_products_are_made_of_the_drawn_rows(fit: sem.Fit, structure: FirstOrder) -> None:
    rows = structure.draw(np.random.default_rng(5), 2)[1]
    frame = pd.DataFrame(rows, columns=list(fit.table.observed))
    again = with_products(frame[FIRST])
    for name in ("s1_x_r1", "s3_x_r3"):
        np.testing.assert_allclose(frame[name] - frame[name].mean(), again[name], atol=1e-12)


def test_drawn_statistics_are_those_of_the_engine(fit: sem.Fit, structure: FirstOrder) -> None:
    kept: list[np.ndarray] = []

    def draw(rng: np.random.Generator, samples: int) -> np.ndarray:
        kept.append(structure.draw(rng, samples))
        return kept[-1]

    found = parametric_test(fit, draw, 6, seed=2)
    own = [
        sem.fit(compiled().syntax, pd.DataFrame(rows, columns=list(fit.table.observed))).fit_measures["chisq"]
        for rows in np.concatenate(kept)
    ]
    np.testing.assert_allclose(found.draws, own, atol=EARLY_STOP)


def test_normal_draws_of_a_linear_model_follow_chi_square() -> None:
    """Without products the answer is known: the statistic's distribution is χ² (Jöreskog 1969)."""
    linear = sem.fit("S =~ s1 + s2 + s3\nR =~ r1 + r2 + r3", answers(6, 1000))
    root = np.linalg.cholesky(linear.implied[0].sigma)
    found = parametric_test(linear, lambda rng, b: rng.standard_normal((b, 1000, 6)) @ root.T, 1000, seed=1)
    df = linear.fit_measures["df"]
    # Three standard errors of a mean and of a share of 1,000 draws.
    assert found.draws.mean() == pytest.approx(df, abs=3 * np.sqrt(2 * df / 1000))
    assert found.pvalue == pytest.approx(linear.fit_measures["pvalue"], abs=0.05)


def test_draws_without_a_minimum_are_counted_and_not_compared() -> None:
    """Two indicators a factor and factors that hardly correlate: loadings of many draws run to infinity."""
    holzinger = pd.read_csv(GOLDEN / "holzinger_swineford_1939.csv").head(60)
    weak = sem.fit("a =~ x1 + x5\nb =~ x3 + x7", holzinger)
    root = np.linalg.cholesky(weak.implied[0].sigma)
    found = parametric_test(weak, lambda rng, b: rng.standard_normal((b, 60, 4)) @ root.T, 60, seed=1)
    assert found.failed.count > 0
    assert found.failed.count == sum(found.failed.reasons.values())
    assert found.failed.count + len(found.draws) == 60
    assert np.isfinite(found.draws).all()


def test_same_seed_same_p_value(fit: sem.Fit) -> None:
    first, again, other = (drawn_test(compiled(), fit, 99, seed) for seed in (1, 1, 2))
    assert first == again
    assert isinstance(first, DrawnTest)
    assert isinstance(other, DrawnTest)
    assert first.mean != other.mean


def test_a_false_model_is_rejected_and_its_p_value_is_not_0() -> None:
    left_out = "PI ~ 0*S + 0*R + gSR*S_x_R"
    wrong = compiled(left_out)
    found = drawn_test(wrong, sem.fit(wrong.syntax, answers(1), estimator="MLR"), 99, 1)
    assert isinstance(found, DrawnTest)
    assert found.pvalue == pytest.approx(1 / 100)
    assert (found.draws, found.failed) == (99, 0)


def test_true_models_are_not_rejected_more_often_than_they_should() -> None:
    """30 samples: P(more than 5 rejections at 5%) is .003; draws from normal products reject a dozen."""
    rejected = 0
    for seed in range(30):
        model = sem.fit(compiled().syntax, answers(100 + seed, 250), estimator="MLR")
        found = drawn_test(compiled(), model, 99, seed)
        assert isinstance(found, DrawnTest)
        rejected += found.pvalue <= 0.05
    assert rejected <= 5


def test_a_model_without_products_has_its_own_test(fit: sem.Fit) -> None:
    plain = replace(compiled(), products={})
    found = drawn_test(plain, fit, 99, 1)
    assert isinstance(found, Unavailable)
    assert "no latent products" in found.reason


def test_covariances_that_cannot_be_drawn_from_are_said() -> None:
    impossible = compiled(PATHS + "\ns1 ~~ 0.9*p1\ns1 ~~ 0.3*s1\np1 ~~ 0.3*p1")
    found = first_order(impossible, sem.fit(impossible.syntax, answers(1)))
    assert isinstance(found, Unavailable)
    assert "no covariance matrix" in found.reason


def test_a_component_that_depends_on_a_product_is_said() -> None:
    loop = compiled("R ~ S_x_R\nPI ~ gS*S + gR*R + gSR*S_x_R")
    found = first_order(loop, sem.fit(loop.syntax, answers(1)))
    assert isinstance(found, Unavailable)
    assert "depends on another product" in found.reason


def test_other_estimators_are_refused(structure: FirstOrder) -> None:
    other = sem.fit(compiled().syntax, answers(1), estimator="ULS")
    with pytest.raises(ModelError, match="maximum likelihood"):
        parametric_test(other, structure.draw, 99, 1)
    found = drawn_test(compiled(), other, 99, 1)
    assert isinstance(found, Unavailable)
