"""Difference tests against lavTestLRT() of lavaan 0.6-14, and comparisons that make no sense."""

import json
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from analysis import sem

HERE = Path(__file__).parent / "reference"
TESTS = json.loads((HERE / "cases.json").read_text())["tests"]
CFA = "visual =~ x1 + x2 + x3\ntextual =~ x4 + x5 + x6\nspeed =~ x7 + x8 + x9"
XS = [f"x{i}" for i in range(1, 10)]
STEPS = {
    "configural": (),
    "metric": ("loadings",),
    "scalar": ("loadings", "intercepts"),
    "strict": ("loadings", "intercepts", "residuals"),
    "thresholds_loadings": ("thresholds", "loadings"),
}
UNRELATED = "\nvisual ~~ 0*speed\ntextual ~~ 0*speed"
# Statistics of lavaan are right to about 1e-7 of their size; scaled ones divide by traces right to 1e-5.
RELATIVE = 5e-5


def holzinger(which=""):
    return pd.read_csv(HERE / f"holzinger{which}.csv")


def fits_of(name):
    if name.startswith("school"):
        options = {"data": holzinger(), "group": "school", "estimator": name[-3:].strip("_").upper()}
    elif name == "fiml_mlr":
        options = {"data": holzinger("_missing"), "estimator": "MLR", "missing": "fiml"}
    else:
        options = {"data": holzinger("_ordinal"), "ordered": XS}
        options |= {"group": "school"} if "school" in name else {}
    for step in TESTS[name]["models"]:
        extra = {"group_equal": STEPS[step]} if step in STEPS else {}
        yield sem.fit(CFA + (UNRELATED if step == "orthogonal" else ""), **options, **extra)


@pytest.mark.parametrize("name", [name for name in TESTS if "table" in TESTS[name]])
def test_difference_tests(name):
    reference = TESTS[name]
    fits = list(fits_of(name))
    table = sem.compare(*reversed(fits), names=list(reversed(reference["models"])))
    assert list(table.columns) == ["model", "df", "aic", "bic", "chisq", "chisq_diff", "df_diff", "pvalue"]
    assert table["model"].tolist() == reference["models"]
    theirs = pd.DataFrame(reference["table"]).drop(columns="_row", errors="ignore")
    theirs = theirs.drop(columns="RMSEA", errors="ignore").astype(float)
    assert np.allclose(table.iloc[:, 1:].astype(float), theirs, rtol=RELATIVE, atol=1e-6, equal_nan=True)


def test_models_of_different_data_are_not_compared():
    data = holzinger()
    fit = sem.fit(CFA, data)
    with pytest.raises(sem.ModelError, match="different numbers of cases"):
        sem.compare(fit, sem.fit(CFA, data.iloc[:200]))
    with pytest.raises(sem.ModelError, match="different data"):
        sem.compare(fit, sem.fit(CFA, data.assign(x1=data["x1"] ** 2)))
    with pytest.raises(sem.ModelError, match="different observed variables"):
        sem.compare(fit, sem.fit("f =~ x1 + x2 + x3 + x4", data))
    with pytest.raises(sem.ModelError, match="different methods"):
        sem.compare(fit, sem.fit(CFA, data, estimator="MLR"))
    with pytest.raises(sem.ModelError, match="mean structure"):
        sem.compare(fit, sem.fit(CFA, data, meanstructure=True))
    with pytest.raises(sem.ModelError, match="nothing to compare"):
        sem.compare(fit)
    with pytest.raises(sem.ModelError, match="2 fits but 1 names"):
        sem.compare(fit, fit, names=["one"])


def test_models_that_are_not_nested_are_compared_without_a_test():
    data = holzinger()
    one = sem.fit(CFA + "\nvisual =~ x9", data)
    other = sem.fit(CFA + "\nx7 ~~ x8\nx2 ~~ x7\nvisual ~~ 0*textual", data)
    with pytest.raises(sem.ModelError, match="not nested"):
        sem.compare(one, other, names=["crossed", "correlated"])
    table = sem.compare(one, other, nested=False)
    assert table["pvalue"].isna().all()
    assert table["aic"].notna().all()


@pytest.mark.parametrize(
    "restricted",
    [
        "g =~ x1 + x2 + x3 + x4 + x5 + x6 + x7 + x8 + x9",
        "visual =~ x1 + a*x2 + a*x3\ntextual =~ x4 + x5 + x6\nspeed =~ x7 + x8 + x9",
        "a =~ x4 + x5 + x6\nb =~ x1 + x2 + x3\nc =~ x9 + x8 + x7\nc ~ a + b\na ~~ 0*b",
        "x1 ~~ x1\nx2 ~~ x2\nx3 ~~ x3\nx4 ~~ x4\nx5 ~~ x5\nx6 ~~ x6\nx7 ~~ x7\nx8 ~~ x8\nx9 ~~ x9",
    ],
)
def test_nesting_is_seen_whatever_the_names(restricted):
    """One factor, equal loadings, other names, independence: all within three factors."""
    data = holzinger()
    table = sem.compare(sem.fit(CFA, data), sem.fit(restricted, data))
    assert table["df_diff"].iloc[1] > 0
    assert 0.0 <= table["pvalue"].iloc[1] <= 1.0


def test_least_squares_differences_have_no_p_value():
    data = holzinger()
    fits = [sem.fit(model, data, estimator="ULS") for model in (CFA, CFA + UNRELATED)]
    last = sem.compare(*fits).iloc[-1]
    assert last["chisq_diff"] > 0
    assert np.isnan(last["pvalue"])


def test_a_negative_scaling_factor_gives_no_statistic():
    from analysis.sem.inference.difference import scaled_difference

    test = scaled_difference(60.0, 25, 0.9, 50.0, 24, 1.0)
    assert np.isnan(test.pvalue)
    assert "not positive" in test.reason
