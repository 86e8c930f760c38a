"""What a caller relies on: seeds, workers, failed draws, progress, cancelling, clear refusals."""

from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from analysis import sem
from analysis.sem.resampling import Cancelled, bollen_stine
from analysis.sem.resampling.plan import work_of
from analysis.sem.resampling.refit import Refit
from analysis.sem.resampling.weights import blocks, resampling_counts

DATA = Path(__file__).parent.parent / "golden" / "data"
CFA = "visual =~ x1 + x2 + x3\ntextual =~ x4 + x5 + x6\nspeed =~ x7 + x8 + x9"
HS = pd.read_csv(DATA / "holzinger_swineford_1939.csv")
ORDINAL = pd.read_csv(DATA / "holzinger_swineford_ordinal.csv")
ITEMS = [f"x{i}" for i in range(1, 10)]


@pytest.fixture(scope="module")
def cfa() -> sem.Fit:
    return sem.fit(CFA, HS)


def test_same_seed_same_draws_whatever_the_workers(cfa: sem.Fit) -> None:
    one, three = (cfa.bootstrap(700, seed=5, workers=w).draws for w in (1, 3))
    pd.testing.assert_frame_equal(one, three, check_exact=True)
    assert not one.equals(cfa.bootstrap(700, seed=6).draws)


def test_processes_give_the_same_draws() -> None:
    fit = sem.fit(CFA, ORDINAL, ordered=ITEMS)
    one, two = (fit.bootstrap(10, workers=w) for w in (1, 2))
    pd.testing.assert_frame_equal(one.draws, two.draws, check_exact=True)


def test_a_longer_bootstrap_begins_with_the_shorter(cfa: sem.Fit) -> None:
    pd.testing.assert_frame_equal(cfa.bootstrap(600).draws.iloc[:300], cfa.bootstrap(300).draws, rtol=1e-9)


def test_estimates_have_every_parameter_and_draws_every_free_or_defined_one() -> None:
    fit = sem.fit(CFA + "\nvisual ~ b*textual + c*speed\nratio := b / c", HS)
    found = fit.bootstrap(200)
    assert found.estimates[["lhs", "op", "rhs"]].equals(fit.estimates[["lhs", "op", "rhs"]])
    assert list(found.draws.columns).count("b") == 1
    np.testing.assert_allclose(found.draws["ratio"], found.draws["b"] / found.draws["c"])
    assert found.draws.shape == (200, fit.table.n_free + 1)
    fixed = found.estimates[(found.estimates["op"] == "=~") & (found.estimates["rhs"] == "x1")].iloc[0]
    assert (fixed["se"], fixed["ci_lower"], fixed["ci_upper"]) == (0.0, 1.0, 1.0)


def test_rows_stay_with_their_numbers_beside_constraints() -> None:
    model = "visual =~ x1 + a*x2 + b*x3\na == b\nsum := a + b\ntextual =~ x4 + x5 + x6"
    fit = sem.fit(model, HS)
    found = fit.bootstrap(100)
    last = found.estimates[found.estimates["op"] == ":="].iloc[0]
    assert last["lhs"] == "sum"
    assert last["se"] == pytest.approx(found.draws["sum"].std())


def test_shared_labels_are_one_column() -> None:
    fit = sem.fit("visual =~ x1 + l*x2 + l*x3\ntextual =~ x4 + x5 + x6", HS)
    draws = fit.bootstrap(50).draws
    assert list(draws.columns).count("l") == 1


def test_moments_of_fixed_predictors_follow_the_draw() -> None:
    model = "visual =~ x1 + x2 + x3\nvisual ~ g*ageyr\nageyr ~~ v*ageyr\nstandard := g * sqrt(v)"
    fit = sem.fit(model, HS)
    found = fit.bootstrap(200, ci="bca")
    implied_variance = (found.draws["standard"] / found.draws["g"]) ** 2
    assert implied_variance.std() > 0.02
    assert implied_variance.mean() == pytest.approx(HS["ageyr"].var(ddof=0), rel=0.05)


def test_rows_tied_across_groups_keep_their_names() -> None:
    draws = sem.fit(CFA, HS, group="school", group_equal=("loadings",)).bootstrap(50).draws
    np.testing.assert_array_equal(draws["visual=~x2"], draws["visual=~x2.g2"])
    assert not any(name.startswith(".") for name in draws.columns)


MODELS = {
    "means": (CFA, HS, {"meanstructure": True}),
    "predictors with means": (CFA + "\nvisual ~ sex + ageyr", HS, {"meanstructure": True}),
    "path loop": ("x7 ~ x1 + x2 + b*x8\nx8 ~ b*x7 + x3", HS, {}),
    "linear constraint": (
        "visual =~ x1 + a*x2 + b*x3\ntextual =~ x4 + c*x5 + x6\na == 2*b - c + 0.1",
        HS,
        {},
    ),
    "clusters": (CFA, HS.assign(class_=np.arange(len(HS)) // 7), {"cluster": "class_"}),
    "second order": (CFA + "\ng =~ visual + textual + speed", HS, {}),
    "residual covariances": (CFA + "\nx1 ~~ x4\nx7 ~~ x8", HS, {}),
}
# A draw stops within 0.005 joint standard errors of the whole sample; a draw flatter than it may be twice
# as far.
STANDARD_ERRORS = 0.02


@pytest.mark.parametrize("name", list(MODELS))
def test_batched_draws_are_the_engines_own_fits(name: str) -> None:
    model, data, options = MODELS[name]
    fit = sem.fit(model, data, **options)
    work = work_of(fit.estimated, fit.method, fit.vcov)
    assert work.problem is not None
    counts = resampling_counts(blocks(6, work.block, 3)[0], work.sizes)
    exact = np.array([work.refit.draw([c[k] for c in counts])[0] for k in range(6)])
    found = fit.bootstrap(6, seed=3).draws
    from analysis.sem.resampling.values import values_of

    values = values_of(fit.table, ())
    se = np.sqrt(np.diagonal(fit.vcov))[values.free][values.shown]
    expected = values.at(exact, np.empty((6, 0)))[:, values.shown]
    assert np.abs((found.to_numpy() - expected) / se).max() < STANDARD_ERRORS


def test_nonlinear_constraints_hold_in_every_draw() -> None:
    fit = sem.fit("visual =~ x1 + a*x2 + b*x3\ntextual =~ x4 + c*x5 + x6\na == b*c", HS)
    draws = fit.bootstrap(6).draws
    np.testing.assert_allclose(draws["a"], draws["b"] * draws["c"], atol=1e-7)


def test_failed_draws_are_counted_with_their_reasons() -> None:
    # One row in the last category: more than a third of all draws miss it.
    rare = ORDINAL.copy()
    rare["x1"] = np.where(np.arange(len(rare)) == 0, 6, rare["x1"].clip(2, 5))
    fit = sem.fit(CFA, rare, ordered=ITEMS)
    found = fit.bootstrap(40)
    assert found.failed.count + len(found.draws) == 40
    assert found.failed.count == sum(found.failed.reasons.values()) > 0
    assert "a category of an ordered variable is empty" in found.failed.reasons
    assert [p.code for p in found.problems] == ["many_failed_draws"]


def test_progress_rises_to_the_end_and_cancel_ends_it(cfa: sem.Fit) -> None:
    seen: list[tuple[int, int]] = []
    cfa.bootstrap(1500, progress=lambda done, all_: seen.append((done, all_)))
    assert [s[0] for s in seen] == sorted(s[0] for s in seen)
    assert seen[-1] == (1500, 1500)
    with pytest.raises(Cancelled, match="after 0 of 1500"):
        cfa.bootstrap(1500, cancel=lambda: True)


@pytest.mark.parametrize(
    ("options", "place"),
    [
        ({"draws": 1}, "draws"),
        ({"ci": "student"}, "ci"),
        ({"level": 1.5}, "level"),
        ({"workers": 0}, "workers"),
    ],
)
def test_options_out_of_range_are_refused(cfa: sem.Fit, options: dict[str, object], place: str) -> None:
    with pytest.raises(sem.ModelError) as error:
        cfa.bootstrap(**options)
    assert error.value.place == place


def test_moments_alone_cannot_be_drawn_from() -> None:
    fit = sem.fit(CFA, sample_cov=HS[ITEMS].cov(), sample_nobs=len(HS))
    with pytest.raises(sem.DataError, match="moments only"):
        fit.bootstrap(10)


def test_bollen_stine_refuses_incomplete_data() -> None:
    missing = pd.read_csv(DATA / "holzinger_swineford_missing.csv")
    with pytest.raises(sem.ModelError, match="missing values"):
        bollen_stine(sem.fit(CFA, missing, missing="fiml"), 10)


def test_bca_needs_no_more_cases_than_draws_where_each_is_left_out() -> None:
    fit = sem.fit(CFA, ORDINAL, ordered=ITEMS)
    with pytest.raises(sem.ModelError, match="more than 20 draws"):
        fit.bootstrap(20, ci="bca")


def test_acceleration_by_nudging_is_the_jackknifes() -> None:
    from analysis.sem.resampling.influence import accelerations_by_jackknife, accelerations_by_nudging
    from analysis.sem.resampling.values import values_of

    fit = sem.fit(CFA, HS)
    work = work_of(fit.estimated, fit.method, fit.vcov)
    values = values_of(fit.table, ())
    assert work.problem is not None
    by_nudging = accelerations_by_nudging(work.problem, values.jacobian(fit.theta, np.empty(0)))
    assert isinstance(work.refit, Refit)
    by_jackknife = accelerations_by_jackknife(work.refit, work.sizes, values.at)
    # The jackknife adds terms of order 1/n to influences; accelerations are about 0.02 here.
    np.testing.assert_allclose(by_nudging, by_jackknife, atol=0.004)
