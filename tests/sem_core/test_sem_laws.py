"""Laws every fit must obey: units, orders, labels, moments, added groups."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from reference_cases import GOLDEN

from analysis import sem
from analysis.sem.inference.fit_indices import close_fit, rmsea_interval

MODEL = "visual =~ x1 + x2 + x3\ntextual =~ x4 + x5 + x6\nspeed =~ x7 + x8 + x9\nspeed ~ visual + textual"
HS = pd.read_csv(GOLDEN / "data" / "holzinger_swineford_1939.csv")
# Two searches that end in one minimum stop this close to it, relative to the statistic.
SAME = 1e-7


def chisq(fit: sem.Fit) -> float:
    return float(fit.fit_measures["chisq"])


@settings(max_examples=15, deadline=None)
@given(
    item=st.sampled_from([f"x{i}" for i in range(1, 10)]),
    factor=st.floats(1e-4, 1e4),
    estimator=st.sampled_from(["ML", "MLR", "MLM", "GLS"]),
)
def test_units_of_an_item_change_no_test_and_no_standardised_value(
    item: str, factor: float, estimator: str
) -> None:
    plain = sem.fit(MODEL, HS, estimator=estimator)
    scaled = sem.fit(MODEL, HS.assign(**{item: HS[item] * factor}), estimator=estimator)
    assert scaled.converged
    for measure in (
        "chisq",
        "cfi",
        "rmsea",
        "srmr",
        *(["chisq_scaled"] if estimator in ("MLR", "MLM") else []),
    ):
        assert scaled.fit_measures[measure] == pytest.approx(plain.fit_measures[measure], rel=1e-6)
    np.testing.assert_allclose(scaled.estimates["std_all"], plain.estimates["std_all"], rtol=1e-5, atol=1e-7)
    np.testing.assert_allclose(scaled.standardized()["se"], plain.standardized()["se"], rtol=1e-4, atol=1e-6)


@settings(max_examples=10, deadline=None)
@given(seed=st.integers(0, 10**6))
def test_orders_of_rows_and_columns_do_not_matter(seed: int) -> None:
    shuffled = HS.sample(frac=1, random_state=seed)[list(np.random.default_rng(seed).permutation(HS.columns))]
    plain, other = sem.fit(MODEL, HS, estimator="MLR"), sem.fit(MODEL, shuffled, estimator="MLR")
    np.testing.assert_allclose(other.estimates["est"], plain.estimates["est"], rtol=1e-6, atol=1e-8)
    np.testing.assert_allclose(other.estimates["se"], plain.estimates["se"], rtol=1e-6, atol=1e-8)


def test_order_of_items_in_the_model_does_not_matter() -> None:
    turned = (
        "speed =~ x7 + x9 + x8\ntextual =~ x4 + x6 + x5\nvisual =~ x1 + x3 + x2\nspeed ~ textual + visual"
    )
    plain, other = sem.fit(MODEL, HS), sem.fit(turned, HS)
    assert chisq(other) == pytest.approx(chisq(plain), rel=SAME)
    mine = plain.estimates.set_index(["lhs", "op", "rhs"])["est"]
    theirs = other.estimates.set_index(["lhs", "op", "rhs"])["est"]
    assert theirs["speed", "~", "visual"] == pytest.approx(mine["speed", "~", "visual"], rel=1e-5)


def test_order_and_labels_of_groups_do_not_matter() -> None:
    options = {"group": "school", "group_equal": ["loadings", "intercepts"]}
    plain = sem.fit(MODEL, HS, **options)
    relabelled = sem.fit(
        MODEL, HS.assign(school=HS["school"].map({"Pasteur": "二", "Grant-White": "一"})), **options
    )
    assert chisq(relabelled) == pytest.approx(chisq(plain), rel=SAME)
    assert list(dict.fromkeys(relabelled.estimates["group"])) == ["二", "一"]
    turned = sem.fit(MODEL, HS.iloc[::-1], **options)
    assert turned.n_obs == plain.n_obs[::-1]
    assert chisq(turned) == pytest.approx(chisq(plain), rel=SAME)


@pytest.mark.parametrize("estimator", ["ML", "GLS", "ULS"])
@pytest.mark.parametrize("means", [False, True])
def test_raw_data_and_their_moments_give_the_same_fit(estimator: str, means: bool) -> None:
    items = [f"x{i}" for i in range(1, 10)]
    raw = sem.fit(MODEL, HS, estimator=estimator, meanstructure=means)
    given_moments = sem.fit(
        MODEL,
        sample_cov=HS[items].cov(),
        sample_mean=HS[items].mean() if means else None,
        sample_nobs=len(HS),
        estimator=estimator,
        meanstructure=means,
    )
    np.testing.assert_allclose(given_moments.estimates["est"], raw.estimates["est"], rtol=1e-8, atol=1e-9)
    np.testing.assert_allclose(given_moments.estimates["se"], raw.estimates["se"], rtol=1e-8, atol=1e-9)
    for measure in ("chisq", "cfi", "srmr", "rmsea"):
        assert given_moments.fit_measures[measure] == pytest.approx(raw.fit_measures[measure], rel=1e-9)


def test_separate_groups_add_up() -> None:
    both = sem.fit(MODEL, HS, group="school")
    parts = [sem.fit(MODEL, own, meanstructure=True) for _, own in HS.groupby("school", sort=False)]
    assert chisq(both) == pytest.approx(sum(chisq(part) for part in parts), rel=SAME)
    assert both.fit_measures["df"] == sum(part.fit_measures["df"] for part in parts)


def test_a_saturated_group_adds_nothing_to_the_statistic() -> None:
    one = sem.fit("f =~ x1 + x2 + x3 + x4", HS, meanstructure=True)
    saturated = sem.fit("f =~ x1 + x2 + x3", HS)
    assert saturated.fit_measures["df"] == 0
    assert chisq(saturated) == pytest.approx(0.0, abs=1e-8)
    assert one.fit_measures["df"] == 2


def test_scale_set_by_marker_or_by_variance_is_the_same_model() -> None:
    marker, unit = sem.fit(MODEL, HS), sem.fit(MODEL, HS, std_lv=True)
    assert chisq(unit) == pytest.approx(chisq(marker), rel=SAME)
    np.testing.assert_allclose(unit.estimates["std_all"], marker.estimates["std_all"], atol=1e-5)


def test_a_constraint_that_holds_anyway_changes_nothing() -> None:
    free = sem.fit("f =~ x1 + a*x2 + b*x3", HS)
    est = free.estimates.set_index("label")["est"]
    held = sem.fit(f"f =~ x1 + a*x2 + b*x3\na*b == {float(est['a'] * est['b'])!r}", HS)
    assert held.fit_measures["df"] == free.fit_measures["df"] + 1
    assert chisq(held) == pytest.approx(chisq(free), abs=1e-6)


@pytest.mark.parametrize("statistic", [0.0, -5.0])
def test_a_statistic_below_zero_is_as_close_as_any_fit(statistic: float) -> None:
    """A correction may turn χ² of a model that is not identified negative; of no χ² anything lies below 0."""
    assert rmsea_interval(statistic, 10, 200, 1) == (0.0, 0.0)
    assert close_fit(statistic, 10, 200, 1, 1.0, 0.05) == (1.0, 0.0)
