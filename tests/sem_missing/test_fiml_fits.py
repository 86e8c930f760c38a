"""Full-information fits against lavaan 0.6-14: estimates, errors, tests and fit measures."""

import json
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from analysis import sem

HERE = Path(__file__).parent / "reference"
CASES = json.loads((HERE / "cases.json").read_text())
# lavaan's optimiser stops at relative changes of 1e-10 of the likelihood, about 1e-5 of an estimate.
ESTIMATE = 5e-5
ERROR = 5e-5
# Its EM for the saturated model stops at changes of 1e-5 of a moment.
MEASURE = 1e-4
MEASURES = [
    "chisq", "df", "pvalue", "chisq.scaled", "chisq.scaling.factor", "baseline.chisq", "baseline.df",
    "baseline.chisq.scaled", "cfi", "tli", "cfi.scaled", "tli.scaled", "cfi.robust", "tli.robust", "logl",
    "unrestricted.logl", "aic", "bic", "scaling.factor.h0", "scaling.factor.h1", "rmsea", "rmsea.ci.lower",
    "rmsea.ci.upper", "rmsea.scaled", "rmsea.robust", "rmsea.ci.lower.robust", "rmsea.ci.upper.robust",
    "rmsea.pvalue.robust", "srmr",
]  # fmt: skip
# Not gfi: lavaan 0.6-14 compares pairwise available moments with the model's there, which are biased when
# values
# are missing at random (growth_ml: .50 for .99); ours compares the saturated moments.


def fitted(case):
    options = {key.replace(".", "_"): value for key, value in dict(case["options"] or {}).items()}
    return sem.fit(case["model"], pd.read_csv(HERE / f"{case['data']}.csv"), missing="fiml", **options)


def close(ours, theirs, tolerance):
    return abs(ours - theirs) <= tolerance * max(1.0, abs(theirs))


@pytest.mark.parametrize("name", CASES)
def test_fit_is_lavaans(name):
    case = CASES[name]
    fit = fitted(case)
    assert fit.converged
    labels = [str(label) for label in case["group_labels"] or []]
    ours = {(r.lhs, r.op, r.rhs, str(r.group)): r for r in fit.estimates.itertuples()}
    for row in case["estimates"]:
        group = labels[row["group"] - 1] if labels and row["group"] else ""
        mine = ours[(row["lhs"], row["op"], row["rhs"], group)]
        assert close(mine.est, row["est"], ESTIMATE), (mine, row)
        assert close(mine.se, row["se"], ERROR), (mine, row)
        if row["std.all"] is not None:
            assert close(mine.std_all, row["std.all"], ESTIMATE), (mine, row)
    off = {
        measure: (fit.fit_measures[measure.replace(".", "_")], case["fit"][measure])
        for measure in MEASURES
        if case["fit"].get(measure) is not None
        and not close(fit.fit_measures[measure.replace(".", "_")], case["fit"][measure], MEASURE)
    }
    assert not off
    assert np.atleast_1d(fit.n_obs).tolist() == np.atleast_1d(case["n_obs"]).tolist()


def test_a_fit_tells_what_it_left_out():
    case = CASES["mimic_missing_x_ml"]
    codes = {finding.code: finding for finding in fitted(case).problems}
    assert set(codes) == {"missing_exogenous"}
    assert codes["missing_exogenous"].where == ("sex", "agemo")
    assert [f.code for f in fitted(CASES["cfa_ml"]).problems] == ["empty_rows"]


@pytest.mark.parametrize("estimator", ["ML", "MLR"])
def test_variables_that_never_meet_in_a_complete_row_can_be_fitted(estimator):
    """No row is complete; every pair but one is seen together."""
    rng = np.random.default_rng(8)
    factor = rng.standard_normal(600)
    data = pd.DataFrame({f"y{i}": 0.8 * factor + 0.6 * rng.standard_normal(600) for i in range(6)})
    data.loc[:299, "y0"] = np.nan
    data.loc[300:, "y1"] = np.nan
    model = "f =~ y0 + y1 + y2 + y3 + y4 + y5"
    fit = sem.fit(model, data, missing="fiml", std_lv=True, estimator=estimator)
    assert fit.converged
    assert [f.code for f in fit.problems] == ["never_observed_together"]
    assert np.isnan(fit.fit_measures["cfi_robust"])
    assert np.isfinite(fit.fit_measures["chisq_scaled" if estimator == "MLR" else "chisq"])
    loadings = fit.estimates[fit.estimates["op"] == "=~"]
    # Four standard errors, about 0.05 each with half the rows.
    assert np.allclose(loadings["est"], 0.8, atol=4 * loadings["se"].max())


def test_without_missing_values_fiml_is_ml_with_observed_information():
    data = pd.read_csv(HERE / "democracy.csv").dropna()
    model = "ind60 =~ x1 + x2 + x3\ndem60 =~ y1 + y2 + y3 + y4\ndem60 ~ ind60"
    fiml = sem.fit(model, data, missing="fiml", estimator="MLR")
    listwise = sem.fit(model, data, meanstructure=True, estimator="MLR")
    ours, theirs = fiml.estimates, listwise.estimates
    assert np.allclose(ours["est"], theirs["est"], atol=1e-7)
    assert np.allclose(ours["se"], theirs["se"], atol=1e-7)
    # The robust indices are other estimators of the same quantities under FIML (Zhang & Savalei, 2023).
    for name in ("chisq", "chisq_scaled", "cfi", "cfi_scaled", "rmsea_scaled", "logl"):
        assert fiml.fit_measures[name] == pytest.approx(listwise.fit_measures[name], rel=1e-6), name


@pytest.mark.parametrize("kind", ["rows", "items", "scale"])
def test_laws(kind):
    case = CASES["cfa_mlr"]
    data = pd.read_csv(HERE / f"{case['data']}.csv")
    plain = fitted(case)
    model = case["model"]
    if kind == "rows":
        data = data.sample(frac=1.0, random_state=1)
    elif kind == "items":
        model = "speed =~ x7 + x9 + x8\nvisual =~ x1 + x3 + x2\ntextual =~ x4 + x6 + x5"
    else:
        data["x5"] *= 100.0
    other = sem.fit(model, data, missing="fiml", estimator="MLR")
    for name in ("chisq", "chisq_scaled", "cfi_robust", "rmsea_robust", "srmr"):
        assert other.fit_measures[name] == pytest.approx(plain.fit_measures[name], rel=1e-6), name
    key = ["lhs", "op", "rhs"]
    both = plain.estimates.merge(other.estimates, on=key)
    loadings = both[both["op"] == "=~"]
    assert len(loadings) == 9
    assert np.allclose(loadings["std_all_x"], loadings["std_all_y"], atol=1e-7)
