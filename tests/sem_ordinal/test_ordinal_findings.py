"""What ordered data cannot carry is told with the variable, the place and the mend."""

import numpy as np
import pytest

from analysis.sem.errors import DataError
from analysis.sem.sample.moments import GroupData
from analysis.sem.sample.ordinal.checks import ordered_levels
from analysis.sem.sample.ordinal.statistics import ordinal_sample


def rows(*columns, label="", names=("a", "b", "x")):
    values = np.column_stack(columns).astype(float)
    return GroupData(label, names, values, np.arange(len(values)))


def draw(n=60, seed=1):
    rng = np.random.default_rng(seed)
    return np.column_stack([rng.integers(1, 4, n), rng.integers(1, 3, n), rng.normal(size=n)]).astype(float)


def test_levels_are_the_values_of_complete_rows_in_order():
    levels, findings = ordered_levels([rows([5, 1, 3, np.nan], [0, 1, 0, 1], [1, 2, 3, 4])], {"a", "b"})
    np.testing.assert_array_equal(levels["a"], [1, 3, 5])
    assert findings == ()


def test_a_single_category_is_an_error_that_names_the_variable():
    with pytest.raises(DataError, match="a has the same category"):
        ordered_levels([rows([2, 2, 2], [0, 1, 0], [1, 2, 3])], {"a"})


def test_a_group_without_a_category_is_an_error_with_group_category_and_mend():
    one = rows([1, 2, 3], [0, 1, 0], [1, 2, 3], label="north")
    two = rows([1, 2, 2], [0, 1, 0], [1, 2, 3], label="south")
    with pytest.raises(DataError, match=r"group south: a has no row in category 3\. Merge it"):
        ordered_levels([one, two], {"a", "b"})


def test_many_categories_are_a_finding():
    _, findings = ordered_levels([rows(np.arange(30) % 13, np.arange(30) % 2, np.arange(30))], {"a", "b"})
    assert [f.code for f in findings] == ["many_categories"]
    assert findings[0].where == ("a",)


def test_empty_cells_name_the_pair():
    values = draw()
    values = values[~((values[:, 0] == 1) & (values[:, 1] == 2))]
    data = GroupData("", ("a", "b", "x"), values, np.arange(len(values)))
    levels, _ = ordered_levels([data], {"a", "b"})
    _, findings = ordinal_sample(data, levels)
    assert ("empty_cells", ("a b",)) in [(f.code, f.where) for f in findings]


def test_the_same_item_twice_is_a_finding_and_no_floating_point_error():
    values = draw()
    values[:, 1] = values[:, 0]
    data = GroupData("", ("a", "b", "x"), values, np.arange(len(values)))
    levels, _ = ordered_levels([data], {"a", "b"})
    with np.errstate(all="raise"):
        _, findings = ordinal_sample(data, levels)
    assert "correlation_nearly_one" in [f.code for f in findings]


@pytest.mark.parametrize(
    ("column", "covariates", "message"),
    [
        (np.full(60, 2.0), (), "x has the same value"),
        (np.full(60, 2.0), ("x",), "x has the same value"),
        (draw()[:, 2] * np.nan, (), "no row is complete"),
    ],
)
def test_useless_columns_are_errors(column, covariates, message):
    values = draw()
    levels, _ = ordered_levels([GroupData("", ("a", "b", "x"), values, np.arange(60))], {"a", "b"})
    values[:, 2] = column
    with pytest.raises(DataError, match=message):
        ordinal_sample(GroupData("", ("a", "b", "x"), values, np.arange(60)), levels, covariates)


def test_a_resample_without_a_category_is_an_error():
    values = draw()
    levels, _ = ordered_levels([GroupData("", ("a", "b", "x"), values, np.arange(60))], {"a", "b"})
    kept = values[values[:, 0] != 3]
    with pytest.raises(DataError, match="a has no row in category 3"):
        ordinal_sample(GroupData("", ("a", "b", "x"), kept, np.arange(len(kept))), levels)


def test_a_predictor_that_separates_categories_is_an_error_that_names_the_variable():
    values = draw()
    values[:, 1] = (values[:, 2] > 0.3) + 1.0
    data = GroupData("", ("a", "b", "x"), values, np.arange(60))
    levels, _ = ordered_levels([data], {"a", "b"})
    with np.errstate(all="raise"), pytest.raises(DataError, match="categories of b apart perfectly"):
        ordinal_sample(data, levels, ("x",))


def test_too_few_rows_are_an_error():
    values = np.array([[1.0, 1, 0.3], [2, 2, 0.1], [3, 1, 0.2], [1, 2, 0.9]])
    data = GroupData("", ("a", "b", "x"), values, np.arange(4))
    levels, _ = ordered_levels([data], {"a", "b"})
    with pytest.raises(DataError, match="4 complete rows are too few"):
        ordinal_sample(data, levels, ("x",))


def test_dependent_covariates_are_an_error():
    values = np.column_stack([draw(), 2 * draw()[:, 2] + 1])
    data = GroupData("", ("a", "b", "x", "y"), values, np.arange(60))
    levels, _ = ordered_levels([data], {"a", "b"})
    with pytest.raises(DataError, match="linearly dependent"):
        ordinal_sample(data, levels, ("x", "y"))


def test_total_moments_are_those_of_all_variables_together():
    rng = np.random.default_rng(5)
    x = rng.normal(size=4000)
    a = np.digitize(0.8 * x + rng.normal(size=4000), [-1, 0.5]) + 1.0
    b = 2.0 + 0.5 * x + rng.normal(size=4000)
    data = rows(a, b, x)
    levels, _ = ordered_levels([data], {"a"})
    sample, _ = ordinal_sample(data, levels, ("x",))
    # Residual variances are divided by n, covariances of covariates by n − 1.
    own = np.cov(data.values[:, 1:].T)
    np.testing.assert_allclose(sample.cov[1:, 1:], own, rtol=1e-3)
    np.testing.assert_allclose(sample.mean[1:], data.values[:, 1:].mean(axis=0), rtol=1e-10)
    # Latent response 0.8 x + e: variance about 1.64, covariance with x about .8 (n = 4000, four errors of
    # .03).
    np.testing.assert_allclose(sample.cov[0], [1.64, 0.4, 0.8], atol=0.12)
