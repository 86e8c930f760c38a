"""Ordered variables through sem.fit: what may be asked, what is told, and what stays the same."""

from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from analysis import sem

REFERENCE = Path(__file__).parent / "reference"
MODEL = "visual =~ x1 + x2 + x3\ntextual =~ x4 + x5 + x6"
ITEMS = [f"x{i}" for i in range(1, 7)]
# Two searches of one minimum, both converged by the Newton decrement.
SAME = 1e-6


@pytest.fixture(scope="module")
def data():
    return pd.read_csv(REFERENCE / "hs_four.csv")


def values(fit):
    frame = fit.estimates
    return frame.set_index(["lhs", "op", "rhs", "group"])["est"]


def test_the_estimator_is_wlsmv_unless_another_is_named(data):
    assert sem.fit(MODEL, data, ordered=ITEMS).method.name == "WLSMV"


def test_maximum_likelihood_of_ordered_variables_is_an_error_with_a_mend(data):
    with pytest.raises(sem.ModelError, match=r"ML is not for ordered variables.*Use WLSMV"):
        sem.fit(MODEL, data, ordered=ITEMS, estimator="ML")


def test_full_information_of_ordered_variables_is_an_error(data):
    with pytest.raises(sem.ModelError, match="fiml"):
        sem.fit(MODEL, data, ordered=ITEMS, missing="fiml")


def test_ordered_categories_with_labels_fit_as_their_codes(data):
    labelled = data.copy()
    for item in ITEMS:
        labelled[item] = pd.Categorical.from_codes(
            data[item] - 1, ["never", "seldom", "often", "always"], ordered=True
        )
    theirs, ours = sem.fit(MODEL, data, ordered=ITEMS), sem.fit(MODEL, labelled, ordered=ITEMS)
    pd.testing.assert_series_equal(values(theirs), values(ours))


def test_any_increasing_codes_give_the_same_fit(data):
    squared = data.assign(**{item: 10.0 * data[item] ** 2 for item in ITEMS})
    first, second = sem.fit(MODEL, data, ordered=ITEMS), sem.fit(MODEL, squared, ordered=ITEMS)
    np.testing.assert_allclose(values(first), values(second), atol=SAME)


def test_a_group_that_misses_a_category_is_told_with_place_and_mend(data):
    south = data[~((data["school"] == "Pasteur") & (data["x2"] == 4))]
    with pytest.raises(sem.DataError, match=r"group Pasteur: x2 has no row in category 4\. Merge it"):
        sem.fit(MODEL, south, ordered=ITEMS, group="school")


def test_a_predictor_may_lack_a_category_in_a_group(data):
    model = "visual =~ x1 + x2 + x3\nvisual ~ grade2"
    own = data.assign(grade2=np.where(data["school"] == "Pasteur", data["sex"], data["sex"] + 1))
    fit = sem.fit(model, own, ordered=["x1", "x2", "x3", "grade2"], group="school")
    assert "ordered_predictor" in [p.code for p in fit.problems]


def test_a_name_that_is_not_in_the_model_is_told(data):
    fit = sem.fit(MODEL, data, ordered=[*ITEMS, "x9"])
    assert ("ordered_not_in_model", ("x9",)) in [(p.code, p.where) for p in fit.problems]


def test_factor_scores_have_one_row_for_every_row_of_the_data(data):
    holes = data.copy()
    holes.loc[[3, 300], "x2"] = np.nan
    scores = sem.fit(MODEL, holes, ordered=ITEMS).factor_scores()
    assert len(scores) == len(data)
    assert scores.iloc[[3, 300]].isna().all(axis=None)


def test_the_callers_table_is_left_alone(data):
    before = data.copy()
    sem.fit(MODEL, data, ordered=ITEMS)
    pd.testing.assert_frame_equal(data, before)


def test_invariance_by_thresholds(data):
    steps = sem.compare(
        sem.fit(MODEL, data, ordered=ITEMS, group="school"),
        sem.fit(MODEL, data, ordered=ITEMS, group="school", group_equal="loadings"),
        sem.fit(MODEL, data, ordered=ITEMS, group="school", group_equal=["loadings", "thresholds"]),
    )
    assert list(steps["df_diff"])[1:] == [4, 10]


def test_parameters_and_coverage_are_recovered():
    """120 samples of n = 400: estimates are unbiased, 95% intervals cover, the test rejects 5%."""
    rng = np.random.default_rng(8)
    truth, estimates, covered, rejected = 0.6, [], 0, 0
    for _ in range(120):
        f = rng.normal(size=(400, 1))
        y = 0.8 * f + 0.6 * rng.normal(size=(400, 4))
        cut = {f"y{i}": np.digitize(y[:, i], [-0.8, 0.3, 1.2]) for i in range(4)}
        g = truth * f[:, 0] + np.sqrt(1 - truth**2) * rng.normal(size=400)
        table = pd.DataFrame({**cut, "z": np.digitize(g, [0.2])})
        fit = sem.fit("f =~ NA*y0 + y1 + y2 + y3\nf ~~ 1*f\nz ~ f", table, ordered=list(table))
        row = fit.estimates.query("op == '~'").iloc[0]
        estimates.append(row["est"])
        covered += row["ci_lower"] < truth < row["ci_upper"]
        rejected += fit.fit_measures["pvalue_scaled"] < 0.05
    error = np.std(estimates) / np.sqrt(120)
    assert abs(np.mean(estimates) - truth) < 4 * error
    # Binomial with 120 draws: .95 ± 4 · .02 and .05 ± 4 · .02.
    assert covered / 120 > 0.87
    assert rejected / 120 < 0.13


def test_ordered_takes_names_only(data):
    with pytest.raises(sem.ModelError, match="ordered must be names"):
        sem.fit(MODEL, data, ordered=True)


def test_reversing_an_item_turns_its_loading_and_nothing_else(data):
    turned = data.assign(x3=5 - data["x3"])
    first, second = sem.fit(MODEL, data, ordered=ITEMS), sem.fit(MODEL, turned, ordered=ITEMS)
    ours, theirs = values(first), values(second)
    loadings = [row for row in ours.index if row[1] == "=~" or row[1] == "~~"]
    sign = np.array([-1.0 if row[2] == "x3" and row[1] == "=~" else 1.0 for row in loadings])
    np.testing.assert_allclose(ours[loadings] * sign, theirs[loadings], atol=SAME)
    assert first.fit_measures["chisq_scaled"] == pytest.approx(second.fit_measures["chisq_scaled"], rel=SAME)


def test_the_order_of_rows_and_columns_does_not_matter(data):
    other = data.sample(frac=1.0, random_state=1)[list(data.columns)[::-1]]
    first, second = sem.fit(MODEL, data, ordered=ITEMS), sem.fit(MODEL, other, ordered=ITEMS[::-1])
    np.testing.assert_allclose(values(first), values(second), atol=SAME)
    np.testing.assert_allclose(first.vcov, second.vcov, atol=SAME)


def test_renaming_groups_renames_them_only(data):
    named = data.assign(school=data["school"].map({"Pasteur": "b", "Grant-White": "a"}))
    options = {"ordered": ITEMS, "group": "school", "group_equal": ["loadings", "thresholds"]}
    first, second = sem.fit(MODEL, data, **options), sem.fit(MODEL, named, **options)
    np.testing.assert_allclose(first.estimates["est"], second.estimates["est"], atol=SAME)
    assert set(second.estimates["group"]) == {"a", "b"}
