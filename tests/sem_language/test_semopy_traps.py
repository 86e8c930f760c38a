"""What semopy 2.3.11 gets wrong, one test a row of docs/semopy.md; a release that mends one fails its test.

References are lavaan 0.6-14 (R 4.2.2): tests/golden, and the calls written beside the numbers.
"""

import logging
import os
import re
import subprocess
import sys
import warnings
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

ROOT = Path(__file__).parents[2]
DATA = ROOT / "tests" / "golden" / "data"
CFA = "visual =~ x1 + x2 + x3\ntextual =~ x4 + x5 + x6\nspeed =~ x7 + x8 + x9"
ONE = "g =~ x1 + x2 + x3 + x4 + x5 + x6 + x7 + x8 + x9"
ITEMS = [f"x{k}" for k in range(1, 10)]
# Reference values are rounded to the digits written; a defect is far outside that.
CLOSE = 2e-3


@pytest.fixture(scope="module")
def semopy() -> Any:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        import semopy
    return semopy


@pytest.fixture(autouse=True)
def quiet() -> Iterator[None]:
    """semopy warns of numpy's and pandas' future; that is not what these tests are about."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        yield


@pytest.fixture(scope="module")
def hs() -> pd.DataFrame:
    return pd.read_csv(DATA / "holzinger_swineford_1939.csv")


@pytest.fixture(scope="module")
def holes() -> pd.DataFrame:
    return pd.read_csv(DATA / "holzinger_swineford_missing.csv")


def statistics(semopy: Any, text: str, data: pd.DataFrame, **options: Any) -> pd.Series:
    model = semopy.Model(text)
    model.fit(data, **options)
    return semopy.calc_stats(model).iloc[0].astype(float)


def estimate(frame: pd.DataFrame, lhs: str, op: str, rhs: str, column: str = "Estimate") -> float:
    for a, b in ((lhs, rhs), (rhs, lhs)) if op == "~~" else ((lhs, rhs),):
        found = frame[(frame["lval"] == a) & (frame["op"] == op) & (frame["rval"] == b)]
        if len(found):
            return float(found[column].iloc[0])
    raise AssertionError(f"{lhs} {op} {rhs} is not among the estimates")


# Fit statistics ------------------------------------------------------------------------------------


def test_worse_model_has_lower_aic(semopy: Any, hs: pd.DataFrame) -> None:
    three, one = statistics(semopy, CFA, hs), statistics(semopy, ONE, hs)
    assert three["LogLik"] == pytest.approx(three["chi2"] / 301, rel=CLOSE)  # golden: -3737.745
    assert one["AIC"] < three["AIC"]  # golden: 7517.490 for three factors, more for one


def test_gfi_is_nfi(semopy: Any, hs: pd.DataFrame) -> None:
    fit = statistics(semopy, CFA, hs)
    assert fit["GFI"] == pytest.approx(fit["NFI"], rel=1e-9)  # golden: GFI .943, NFI .907


def test_rmsea_divides_by_n_minus_1(semopy: Any, hs: pd.DataFrame) -> None:
    fit = statistics(semopy, CFA, hs)
    assert fit["RMSEA"] == pytest.approx(np.sqrt((fit["chi2"] / 24 - 1) / 300), rel=1e-9)  # golden: N, .09212


def test_least_squares_statistics_are_doubled(semopy: Any, hs: pd.DataFrame) -> None:
    # fitMeasures(sem(CFA, estimator = "GLS" / "ULS"))["chisq"]: 77.466, 72.098 (with S over N - 1)
    assert statistics(semopy, CFA, hs, obj="GLS")["chi2"] == pytest.approx(2 * 77.466, rel=0.01)
    assert statistics(semopy, CFA, hs, obj="ULS")["chi2"] == pytest.approx(2 * 72.098, rel=0.01)


def test_no_srmr_no_rmsea_interval(semopy: Any, hs: pd.DataFrame) -> None:
    assert not [name for name in statistics(semopy, CFA, hs).index if re.search("SRMR|lower|upper", name)]


def test_observed_predictors_add_degrees_of_freedom(semopy: Any, hs: pd.DataFrame) -> None:
    # fitMeasures(sem("f =~ x1+x2+x3\nf ~ ageyr + sex")): df 4, chisq 3.971
    fit = statistics(semopy, "f =~ x1 + x2 + x3\nf ~ ageyr + sex", hs)
    assert fit["chi2"] == pytest.approx(3.971, rel=CLOSE)
    assert fit["DoF"] == 7


def test_fixed_residual_variance_spoils_the_baseline(semopy: Any, hs: pd.DataFrame) -> None:
    # fitMeasures(sem("f =~ x1+x2+x3\ng =~ 1*x4\nx4 ~~ .2*x4")): baseline 157.076 on 6, CFI .935
    fit = statistics(semopy, "f =~ x1 + x2 + x3\ng =~ 1*x4\nx4 ~~ 0.2*x4\nf ~~ g", hs)
    assert fit["chi2"] == pytest.approx(11.798, rel=CLOSE)
    assert fit["chi2 Baseline"] > 1000
    assert fit["DoF Baseline"] == 7
    assert fit["CFI"] > 0.99


def test_means_spoil_the_fit(semopy: Any, hs: pd.DataFrame) -> None:
    model = semopy.ModelMeans("visual =~ x1 + x2 + x3\ntextual =~ x4 + x5 + x6")
    model.fit(hs)
    fit = semopy.calc_stats(model).iloc[0]
    plain = statistics(semopy, "visual =~ x1 + x2 + x3\ntextual =~ x4 + x5 + x6", hs)
    assert plain["DoF"] == 8  # with means too, in lavaan; the statistic is the same
    assert fit["DoF"] != 8
    assert fit["chi2"] < plain["chi2"] / 2


# Missing values ------------------------------------------------------------------------------------


def test_missing_values_are_paired_off_in_silence(semopy: Any, holes: pd.DataFrame) -> None:
    model = semopy.Model(CFA)
    model.fit(holes)
    assert model.n_samples == 301  # golden hs_missing_listwise: 49 complete rows
    assert holes[ITEMS].notna().all(axis=1).sum() < 100


def test_fiml_of_model_never_centres(semopy: Any, holes: pd.DataFrame) -> None:
    model = semopy.Model("f =~ x1 + x2 + x3")
    result = model.fit(holes, obj="FIML")
    assert result.success
    # parameterEstimates(sem("f =~ x1+x2+x3", missing = "fiml")): f~~f below 1
    assert estimate(model.inspect(), "f", "~~", "f") > 10


def test_fiml_default_errors_are_too_small(semopy: Any, holes: pd.DataFrame) -> None:
    model = semopy.ModelMeans("f =~ x7 + x8 + x9")
    model.fit(holes.dropna(subset=["x7", "x8", "x9"], how="all"))
    found = model.inspect()
    # parameterEstimates(sem("f =~ x7+x8+x9", missing = "fiml")): 1.102 (se .222)
    assert estimate(found, "x8", "~", "f") == pytest.approx(1.102, abs=CLOSE)
    assert estimate(found, "x8", "~", "f", "Std. Err") < 0.85 * 0.222


def test_likelihood_below_zero_is_taken_for_failure(semopy: Any, hs: pd.DataFrame) -> None:
    """In small units the full-information objective is negative, which semopy answers with infinity."""
    model = semopy.ModelMeans("f =~ x1 + x2 + x3")
    result = model.fit(hs[["x1", "x2", "x3"]] / 100)
    assert result.success
    assert abs(estimate(model.inspect(), "x2", "~", "f")) < 0.1  # .778 in any units


# Estimates -----------------------------------------------------------------------------------------


def test_robust_errors_need_two_switches(semopy: Any, hs: pd.DataFrame) -> None:
    model = semopy.Model(CFA)
    model.fit(hs)
    one = estimate(model.inspect(se_robust=True), "x3", "~", "visual", "Std. Err")
    both = model.inspect(se_robust=True, information="observed")
    assert estimate(both, "x3", "~", "visual", "Std. Err") == pytest.approx(0.1413, abs=CLOSE)
    assert one < 0.85 * 0.1413  # golden hs_cfa_mlr


def test_ordinal_models_crash(semopy: Any) -> None:
    data = pd.read_csv(DATA / "holzinger_swineford_ordinal.csv")
    model = semopy.Model("f =~ x1 + x2 + x3\nDEFINE(ordinal) x1 x2 x3")
    with pytest.raises(TypeError, match="bias"):
        model.fit(data, obj="DWLS")


def test_constraints_leave_errors_and_df_unchanged(semopy: Any, hs: pd.DataFrame) -> None:
    model = semopy.Model("f =~ x1 + a*x2 + b*x3 + x4\nCONSTRAINT(a=b)")
    model.fit(hs)
    # parameterEstimates(sem("f =~ x1 + a*x2 + b*x3 + x4\na == b")): .639 (se .097)
    assert estimate(model.inspect(), "x2", "~", "f") == pytest.approx(0.639, abs=CLOSE)
    assert estimate(model.inspect(), "x2", "~", "f", "Std. Err") > 1.1 * 0.097
    assert semopy.stats.calc_dof(model) == 2  # lavaan: 3
    with pytest.raises(Exception, match="not a parameter"):
        semopy.calc_stats(model)


def test_na_is_taken_for_a_label(semopy: Any, hs: pd.DataFrame) -> None:
    model = semopy.Model("f =~ NA*x1 + x2 + x3\ng =~ NA*x4 + x5 + x6\nf ~~ 1*f\ng ~~ 1*g")
    model.fit(hs)
    found = model.inspect()
    assert estimate(found, "x1", "~", "f") == estimate(found, "x4", "~", "g")


def test_first_loading_labelled_fixes_the_second(semopy: Any, hs: pd.DataFrame) -> None:
    model = semopy.Model("f =~ a*x1 + x2 + x3\nf ~~ 1*f")
    model.fit(hs)
    assert estimate(model.inspect(), "x2", "~", "f") == 1.0


def test_outcomes_that_are_latent_do_not_covary(semopy: Any, hs: pd.DataFrame) -> None:
    # fitMeasures(sem(paste(CFA, "textual ~ visual\nspeed ~ visual", sep = "\n")))["df"]: 24
    assert statistics(semopy, CFA + "\ntextual ~ visual\nspeed ~ visual", hs)["DoF"] == 25


def test_standardised_residual_covariances_are_wrong(semopy: Any) -> None:
    model = semopy.Model(
        "ind60 =~ x1 + x2 + x3\ndem60 =~ y1 + y2 + y3 + y4\ndem65 =~ y5 + y6 + y7 + y8\n"
        "dem60 ~ ind60\ndem65 ~ ind60 + dem60\ny1 ~~ y5\ny2 ~~ y4 + y6\ny3 ~~ y7\ny4 ~~ y8\ny6 ~~ y8"
    )
    model.fit(pd.read_csv(DATA / "political_democracy.csv"))
    # standardizedSolution(sem(..., PoliticalDemocracy)): y1 ~~ y5 .296
    assert estimate(model.inspect(std_est=True), "y1", "~~", "y5", "Est. Std") == pytest.approx(
        0.092, abs=CLOSE
    )


def test_units_decide_whether_the_optimum_is_found(semopy: Any, hs: pd.DataFrame) -> None:
    scaled = hs.assign(x2=hs["x2"] * 100, x5=hs["x5"] * 100, x8=hs["x8"] * 100)
    model = semopy.Model(CFA)
    assert model.fit(scaled).success
    assert semopy.calc_stats(model)["chi2"].iloc[0] > 100  # 85.306 in any units


def test_predictors_covariance_with_an_end_variable_goes_nowhere(semopy: Any, hs: pd.DataFrame) -> None:
    """x1 predicts x4, and its covariance with x5 should reach x4; semopy keeps it apart."""
    model = semopy.Model("f =~ x1 + x2 + x3\nx4 ~ x1\nx5 ~~ x4\nx1 ~~ x5\nx5 ~ f")
    model.fit(hs)
    # parameterEstimates(sem(the same)): x4 ~~ x5 .935 (se .094)
    assert estimate(model.inspect(), "x5", "~~", "x4") > 0.935 + 0.094


def test_an_indicator_cannot_covary_with_a_latent(semopy: Any) -> None:
    with pytest.raises(ValueError, match="not in list"):
        semopy.Model("f =~ x1 + x2 + x3 + x4\ng =~ x5 + x6 + x7\nx1 ~~ g")


def test_a_variable_without_paths_is_unknown(semopy: Any) -> None:
    with pytest.raises(ValueError, match="not in list"):
        semopy.Model("f =~ x1 + x2 + x3\nx4 ~~ x5")


def test_an_exponent_splits_a_number(semopy: Any, hs: pd.DataFrame) -> None:
    with pytest.raises(KeyError, match="1e"):
        semopy.Model("f =~ x1 + 1e+0*x2 + x3").fit(hs)


BEYOND = {
    "definition": "f =~ x1 + a*x2 + x3\nb := 2*a",
    "equality": "f =~ x1 + a*x2 + b*x3\na == b",
    "starting value": "f =~ x1 + start(0.5)*x2 + x3",
    "group vector": "f =~ x1 + c(a, b)*x2 + x3",
    "threshold": "f =~ x1 + x2 + x3\nx1 | t1",
    "semicolon": "f =~ x1 + x2 + x3; x1 ~~ x2",
    "continuation": "f =~ x1 +\nx2 + x3",
}


@pytest.mark.parametrize("text", BEYOND.values(), ids=list(BEYOND))
def test_words_of_the_language_it_does_not_know(semopy: Any, text: str) -> None:
    with pytest.raises((SyntaxError, NotImplementedError)):
        semopy.Model(text)


# Diagnostics ---------------------------------------------------------------------------------------


def test_an_unidentified_model_is_a_success(semopy: Any, hs: pd.DataFrame) -> None:
    model = semopy.Model("f =~ x1 + x2")
    assert model.fit(hs).success
    # Small or in the millions, as the order of its rows falls out: a standard error is shown either way.
    assert np.isfinite(float(estimate(model.inspect(), "x2", "~", "f", "Std. Err")))


def test_a_negative_variance_is_held_at_zero(semopy: Any) -> None:
    names = list("abc")
    cov = pd.DataFrame([[1, 0.9, 0.8], [0.9, 1, 0.5], [0.8, 0.5, 1]], columns=names, index=names)
    model = semopy.Model("f =~ a + b + c")
    assert model.fit(cov=cov, n_samples=100).success
    # The loadings of three indicators solve exactly: the variance of f is .9 * .8 / .5, that of a 1 - 1.44.
    assert estimate(model.inspect(), "a", "~~", "a") == 0.0


def test_groups_are_fitted_apart(semopy: Any, hs: pd.DataFrame) -> None:
    report = semopy.multigroup.multigroup("f =~ x1 + a*x2 + a*x3", hs, group="school")
    first, second = (
        estimate(report.estimates[school], "x2", "~", "f") for school in ("Pasteur", "Grant-White")
    )
    assert first != second


def test_columns_of_other_types_crash(semopy: Any) -> None:
    data = pd.read_csv(DATA / "holzinger_swineford_ordinal.csv")[ITEMS]
    for dtype in ("Int64", "category", "int64[pyarrow]"):
        with pytest.raises(TypeError, match="isnan"):
            semopy.Model(CFA).fit(data.astype(dtype))


def test_exploration_and_regularisation_crash(semopy: Any, hs: pd.DataFrame) -> None:
    with pytest.raises(TypeError, match="bias"):
        semopy.efa.explore_cfa_model(hs[ITEMS])
    with pytest.raises(AttributeError, match="int"):
        semopy.create_regularization(semopy.Model(CFA), "l1-naive", c=0.1)


def test_every_model_rewires_all_others(semopy: Any) -> None:
    """Dispatch tables belong to the class: a model built meanwhile in another thread takes over."""
    first = semopy.Model("f =~ x1 + x2 + x3")
    second = semopy.Model("g =~ y1 + y2 + y3")
    assert first.dict_effects["~"].__self__ is second


def test_it_writes_on_the_root_logger(semopy: Any, caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.WARNING):
        semopy.Model("f =~ a*x1 + b*x2 + c*x3")
    assert [record.name for record in caplog.records] == ["root"]


LOOP_AND_ORDER = """
import signal, sys, warnings
warnings.simplefilter("ignore")
import pandas, semopy
data = pandas.read_csv(sys.argv[1])
model = semopy.Model("visual =~ x1 + x2 + x3\\ntextual =~ x4 + x5 + x6\\nspeed =~ x7 + x8 + x9")
model.fit(data)
found = model.inspect()
print([f"{a} {b}" for a, op, b in found[["lval", "op", "rval"]].to_numpy() if op == "~~" and a != b])
def stop(*_):
    raise TimeoutError
# Of processor time, of which the same model with one label less takes a hundredth.
signal.signal(signal.SIGVTALRM, stop)
signal.setitimer(signal.ITIMER_VIRTUAL, 1.0)
try:
    semopy.Model("f =~ a*x1 + b*x2 + c*x3\\nf ~~ 1*f").fit(data)
    print("ended")
except TimeoutError:
    print("endless")
"""


def test_labelled_loadings_loop_and_hashing_orders_rows() -> None:
    runs = [
        subprocess.Popen(
            [sys.executable, "-c", LOOP_AND_ORDER, str(DATA / "holzinger_swineford_1939.csv")],
            env={**os.environ, "PYTHONHASHSEED": seed, "OMP_NUM_THREADS": "1"},
            stdout=subprocess.PIPE,
            text=True,
        )
        for seed in ("0", "2")
    ]
    said = [run.communicate(timeout=120)[0].splitlines() for run in runs]
    assert [lines[-1] for lines in said] == ["endless", "endless"]
    assert said[0][0] != said[1][0]


# The page ------------------------------------------------------------------------------------------


def test_every_row_of_the_page_has_its_test_and_every_test_its_row() -> None:
    page = (ROOT / "docs" / "semopy.md").read_text(encoding="utf-8")
    named = set(re.findall(r"`(test_\w+)`", page))
    here = {name for name in globals() if name.startswith("test_")}
    here.remove("test_every_row_of_the_page_has_its_test_and_every_test_its_row")
    assert named == here
