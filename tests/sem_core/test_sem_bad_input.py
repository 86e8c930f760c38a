"""Bad data and options: what is said, and what is accepted after all."""

import numpy as np
import pandas as pd
import pytest
from reference_cases import GOLDEN

from analysis import sem

HS = pd.read_csv(GOLDEN / "data" / "holzinger_swineford_1939.csv")
MODEL = "f =~ x1 + x2 + x3 + x4"

BAD_DATA = {
    "missing column": (HS.drop(columns="x2"), {}, sem.ModelError, "x2"),
    "constant item": (HS.assign(x2=3.0), {}, sem.DataError, "x2 has the same value"),
    "copied item": (HS.assign(x2=HS["x1"] * 2), {}, sem.DataError, "x1 and x2"),
    "sum of items": (HS.assign(x2=HS["x1"] + HS["x3"]), {}, sem.DataError, "x1, x2, x3"),
    "infinite": (
        HS.assign(x2=HS["x2"].where(HS.index != 4, np.inf)),
        {},
        sem.DataError,
        "infinite values in x2",
    ),
    "text": (HS.assign(x2="agree"), {}, sem.DataError, "'agree'"),
    "no rows": (HS.iloc[:0], {}, sem.DataError, "no rows"),
    "all missing": (HS.assign(x2=np.nan), {}, sem.DataError, "x2 has no value"),
    "too few rows": (HS.iloc[:4], {}, sem.DataError, "too few"),
    "few complete rows": (HS.assign(x2=HS["x2"].where(HS.index == 0)), {}, sem.DataError, "only 1 of 301"),
    "doubled column": (pd.concat([HS, HS[["x2"]]], axis=1), {}, sem.DataError, "several columns x2"),
    "no such group": (HS, {"group": "class"}, sem.DataError, "class"),
    "no such cluster": (HS, {"cluster": "class"}, sem.DataError, "class"),
    "empty group": (
        HS.assign(x2=HS["x2"].where(HS["school"] == "Pasteur")),
        {"group": "school"},
        sem.DataError,
        "group Grant-White",
    ),
    "not a table": ([1, 2, 3], {}, sem.DataError, "list"),
    "nothing": (None, {}, sem.DataError, "neither data"),
    "unknown estimator": (HS, {"estimator": "PLS"}, sem.ModelError, "PLS"),
    "unknown missing": (HS, {"missing": "pairwise"}, sem.ModelError, "pairwise"),
    "unknown engine": (HS, {"engine": "amos"}, sem.ModelError, "amos"),
    "fiml with GLS": (HS, {"missing": "fiml", "estimator": "GLS"}, sem.ModelError, "GLS"),
    "ML of ordered": (HS, {"estimator": "ML", "ordered": ["x1"]}, sem.ModelError, "ordered"),
    "group_equal without group": (HS, {"group_equal": "loadings"}, sem.ModelError, "without group"),
    "cluster with GLS": (HS, {"cluster": "school", "estimator": "GLS"}, sem.ModelError, "cluster"),
    "no name of an estimator": (HS, {"estimator": 3}, sem.ModelError, "no estimator 3"),
    "one cluster": (HS.assign(team=1), {"cluster": "team"}, sem.DataError, "fewer than two clusters in team"),
    "complex numbers": (HS.assign(x2=HS["x2"] * 1j), {}, sem.DataError, "x2 has the value"),
    "contradictory constraints": (None, {}, sem.ModelError, "contradict"),
}


@pytest.mark.parametrize("what", BAD_DATA)
def test_bad_input_says_what_is_wrong(what: str) -> None:
    data, options, kind, words = BAD_DATA[what]
    model = MODEL
    if what == "contradictory constraints":
        data, model = HS, "f =~ x1 + a*x2 + b*x3\na + b == 1\na + b == 2"
    with pytest.raises(kind, match=words) as caught:
        sem.fit(model, data, **options)
    assert caught.value.mend or what == "missing column"


@pytest.mark.parametrize(
    "line", ["x1 ~~ -1*x1", "x1 ~~ 1*x1\nx2 ~~ 1*x2\nx1 ~~ 9*x2", "f ~~ -2*f\nx1 ~~ 0*x1"]
)
@pytest.mark.parametrize(
    "options", [{}, {"estimator": "MLR"}, {"missing": "fiml"}, {"group": "school"}], ids=str
)
def test_impossible_fixed_values_are_an_error(line: str, options: dict) -> None:
    with pytest.raises(sem.ModelError, match="no positive definite covariance matrix") as caught:
        sem.fit(f"{MODEL}\n{line}", HS, **options)
    assert caught.value.mend


COLUMNS = {
    "nullable integers": lambda c: c.round().astype("Int64"),
    "categories": lambda c: c.round().astype(int).astype("category"),
    "arrow": lambda c: c.astype("float64[pyarrow]"),
    "object numbers": lambda c: c.astype(object),
    "text that reads as numbers": lambda c: c.round(3).astype(str),
    "booleans": lambda c: c > c.median(),
    "small floats": lambda c: c.astype("float32"),
}


@pytest.mark.parametrize("kind", COLUMNS)
def test_columns_of_any_numeric_type(kind: str) -> None:
    fit = sem.fit(MODEL, HS.assign(x2=COLUMNS[kind](HS["x2"])))
    assert fit.converged
    assert fit.n_obs == 301


def test_missing_values_of_nullable_columns_are_missing() -> None:
    column = HS["x2"].round().astype("Int64")
    column.iloc[:5] = pd.NA
    assert sem.fit(MODEL, HS.assign(x2=column)).n_obs == 296


def test_group_labels_are_text_in_order_of_appearance() -> None:
    assert sem.fit(MODEL, HS, group="sex").table.groups == ("1", "2")
    assert sem.fit(MODEL, HS.assign(sex=HS["sex"] + 0.0), group="sex").table.groups == ("1", "2")
    labels = sem.fit(MODEL, HS.assign(school=HS["school"].astype("category")), group="school").table.groups
    assert labels == ("Pasteur", "Grant-White")


def test_rows_without_a_group_are_told() -> None:
    fit = sem.fit(MODEL, HS.assign(school=HS["school"].where(HS.index > 2)), group="school")
    assert sum(fit.n_obs) == 298
    assert "no_group" in [problem.code for problem in fit.problems]


def test_the_callers_data_stay_as_they_are() -> None:
    before = HS.copy()
    assert sem.fit(MODEL, HS, estimator="MLR").converged
    pd.testing.assert_frame_equal(HS, before)
