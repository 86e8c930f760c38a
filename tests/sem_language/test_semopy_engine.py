"""semopy as a second engine: our estimates and its own meet, and where it cannot follow it says why."""

import json
import logging
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

from analysis import sem
from analysis.sem.external import NotExpressibleError, SemopyFailedError, cross_check, semopy_estimates
from analysis.sem.external.scaling import Cell, factor, variable_scales

GOLDEN = Path(__file__).parents[1] / "golden"
# lavaan stops up to two ten-thousandths of a standard error from the optimum (bollen, y2 ~~ y4).
LAVAAN_STOPS = 5e-4


def data(name: str) -> pd.DataFrame:
    return pd.read_csv(GOLDEN / "data" / name)


@pytest.fixture(scope="module")
def hs() -> pd.DataFrame:
    return data("holzinger_swineford_1939.csv")


@pytest.fixture(scope="module")
def pd_data() -> pd.DataFrame:
    return data("political_democracy.csv")


REFERENCES = (
    "hs_cfa_ml",
    "hs_cfa_std_lv",
    "hs_cfa_gls",
    "hs_cfa_uls",
    "hs_second_order_ml",
    "hs_bifactor_heywood_ml",
    "hs_school_configural_ml",
    "bollen_ml",
    "bollen_ml_meanstructure",
    "two_way_interaction_ml",
    "growth_ml",
)
OPTIONS = {"std.lv": "std_lv", "orthogonal": "orthogonal", "group": "group", "meanstructure": "meanstructure"}


@pytest.mark.parametrize("name", REFERENCES)
def test_semopys_estimates_are_lavaans(name: str) -> None:
    case = json.loads((GOLDEN / "cases" / f"{name}.json").read_text(encoding="utf-8"))
    options = {OPTIONS.get(key, key): value for key, value in dict(case["options"]).items()}
    fit = sem.fit(case["model"], data(case["data"]), engine="semopy", **options)
    theirs = {
        (row["lhs"], row["op"], row["rhs"] or "", row.get("group", 1) or 1): row for row in case["estimates"]
    }
    free = fit.table.rows[fit.table.rows["free"] > 0]
    for row in free.to_dict("records"):
        reference = theirs[row["lhs"], row["op"], row["rhs"], row["group"]]
        distance = abs(fit.theta[row["free"] - 1] - reference["est"]) / reference["se"]
        assert distance < LAVAAN_STOPS, row


MODELS = {
    "all loadings labelled": "f =~ NA*x1 + a*x1 + b*x2 + c*x3\nf ~~ 1*f",
    "equal loadings": "f =~ NA*x1 + a*x1 + a*x2 + b*x3\nf ~~ 1*f\ng =~ x4 + d*x5 + d*x6",
    "equality written": "f =~ x1 + a*x2 + b*x3 + x4\na == b",
    "nonlinear constraint": "f =~ x1 + a*x2 + b*x3 + x4\nb == a^2 + .1",
    "constraint on a definition": "x4 ~ a*x1 + b*x2\ntotal := a + b\ntotal == .5",
    "indicator covaries with a latent": "f =~ x1 + x2 + x3 + x4\ng =~ x5 + x6 + x7\nx1 ~~ g",
    "predictor covaries with an end": "f =~ x1 + x2 + x3\nx4 ~ x1\nx5 ~~ x4\nx1 ~~ x5\nx5 ~ f",
    "without paths": "f =~ x1 + x2 + x3\nx4 ~~ x5\nx5 ~~ f",
    "nothing but covariances": "x1 ~~ x2 + x3\nx2 ~~ x3",
    "predictors": "f =~ x1 + x2 + x3\nf ~ ageyr + sex\nx4 ~ f + ageyr",
    "random predictors": "x4 ~ x1 + x2\nx1 ~~ x1\nx2 ~~ x2",
    "random and fixed predictors": "x4 ~ x1 + x2 + x3\nx1 ~~ x1",
    "saturated": "x2 ~ x1\nx3 ~ x2 + x1",
    "feedback": "x4 ~ x5 + x1\nx5 ~ x4 + x2",
    "latent without indicators": "f =~ x1 + x2 + x3\np =~ 0\np ~ 2*f\np ~~ 0*p\nx4 + x5 ~ p",
    "single indicator": "f =~ x1 + x2 + x3\ng =~ x4\nf ~ g",
    "indicator as predictor": "f =~ x1 + x2 + x3\nx4 ~ x1 + f",
    "latent outcomes": "f =~ x1 + x2 + x3\ng =~ x4 + x5 + x6\nh =~ x7 + x8 + x9\ng ~ f\nh ~ f",
    "start and numbers": "f =~ x1 + start(.5)*x2 + .8*x3 + 1e-1*x4 + x5\nf ~~ start(2)*f",
}


@pytest.mark.parametrize("text", MODELS.values(), ids=list(MODELS))
def test_the_engines_agree_where_semopys_own_language_fails(hs: pd.DataFrame, text: str) -> None:
    check = sem.fit(text, hs).cross_check()
    assert check.reason == ""
    assert check.agree, check.parameters


@pytest.mark.parametrize("units", [(1.0, 1.0, 1.0), (100.0, 0.01, 1e4)])
def test_units_do_not_matter(hs: pd.DataFrame, units: tuple[float, ...]) -> None:
    scaled = hs.assign(**{f"x{k}": hs[f"x{k}"] * units[k % 3] for k in range(1, 10)})
    text = "visual =~ x1 + x2 + x3\ntextual =~ x4 + x5 + x6\nspeed =~ x7 + x8 + x9\nspeed ~ visual + textual"
    assert sem.fit(text, scaled).cross_check().agree


def test_means_far_from_their_start(hs: pd.DataFrame) -> None:
    assert sem.fit("f =~ x1 + x2 + x3\nx1 ~ 0*1\nf ~ 1", hs).cross_check().agree


def test_means_on_incomplete_rows_in_small_units(hs: pd.DataFrame) -> None:
    holes = data("holzinger_swineford_missing.csv").iloc[:120]
    small = holes.assign(**{f"x{k}": holes[f"x{k}"] / 100 for k in (1, 2, 3)})
    assert sem.fit("f =~ x1 + x2 + x3", small, missing="fiml").cross_check().agree


def test_names_semopy_could_not_read(hs: pd.DataFrame) -> None:
    renamed = hs.rename(columns={"x1": "题目.1", "x2": ".x2", "x3": "nan", "x4": "start"})
    check = sem.fit("因素 =~ 题目.1 + .x2 + nan\nstart ~ DEFINE*因素", renamed).cross_check()
    assert check.agree


def test_what_semopy_is_told(hs: pd.DataFrame) -> None:
    """Every parameter labelled, every residual that must covary carried by a latent variable."""
    said = sem.fit("f =~ x1 + a*x2 + a*x3\nx4 ~ f\nx5 ~~ x4", hs).cross_check().descriptions
    assert said[0].splitlines() == [
        "f =~ 1*x1 + p1*x2 + p1*x3",
        "x4 ~ p3*f",
        "x4.residual =~ 1*x4",
        "x4 ~~ 0*x4",
        "x5.residual =~ 1*x5",
        "x5 ~~ 0*x5",
        "x4.residual ~~ p4*x5.residual + p8*x4.residual",
        "x1 ~~ p5*x1",
        "x2 ~~ p6*x2",
        "x3 ~~ p7*x3",
        "x5.residual ~~ p9*x5.residual",
        "f ~~ p10*f",
    ]


BEYOND: dict[str, tuple[str, dict[str, Any], str]] = {
    "across groups": ("f =~ x1 + x2 + x3", {"group": "school", "group_equal": "loadings"}, "across groups"),
    "least squares of means": ("f =~ x1 + x2 + x3\nx1 ~ 0*1\nf ~ 1", {"estimator": "GLS"}, "maximum"),
    "least squares of variances": ("x4 ~ x1 + x2\nx5 ~ x4 + x1", {"estimator": "ULS"}, "counts each"),
    "absolute values": ("f =~ x1 + a*x2 + b*x3\nabs(a) == .5", {}, "abs"),
}


@pytest.mark.parametrize(("text", "options", "words"), BEYOND.values(), ids=list(BEYOND))
def test_what_semopy_cannot_express_has_a_reason(
    hs: pd.DataFrame, text: str, options: dict[str, Any], words: str
) -> None:
    check = sem.fit(text, hs, **options).cross_check()
    assert words in check.reason
    assert not check.agree
    assert np.isnan(check.largest)
    assert check.parameters["semopy"].isna().all()
    with pytest.raises(NotExpressibleError, match=words):
        sem.fit(text, hs, engine="semopy", **options)


def test_ordered_variables_are_beyond_semopy() -> None:
    fit = sem.fit(
        "f =~ x1 + x2 + x3 + x4", data("holzinger_swineford_ordinal.csv"), ordered=["x1", "x2", "x3", "x4"]
    )
    assert "ordered" in fit.cross_check().reason


def test_without_standard_errors_there_is_no_measure(hs: pd.DataFrame) -> None:
    check = sem.fit("f =~ x1 + x2", hs).cross_check()
    assert "no standard errors" in check.reason
    assert not check.agree


def test_a_time_limit_holds(hs: pd.DataFrame) -> None:
    fit = sem.fit("f =~ x1 + x2 + x3", hs)
    assert "time limit" in fit.cross_check(time_limit=1e-3).reason
    with pytest.raises(SemopyFailedError):
        semopy_estimates(fit.table, fit.samples, fit.starts, time_limit=1e-9)


def test_disagreement_is_seen(hs: pd.DataFrame) -> None:
    fit = sem.fit("f =~ x1 + x2 + x3", hs)
    errors = np.sqrt(np.diag(fit.vcov))
    moved = fit.theta.copy()
    moved[1] += 0.01 * errors[1]
    check = cross_check(fit.table, fit.samples, fit.starts, moved, errors)
    assert not check.agree
    assert check.largest == pytest.approx(0.01, rel=1e-3)
    assert check.parameters["difference_in_se"].idxmax() == 1


def test_models_in_threads_do_not_disturb_each_other(hs: pd.DataFrame) -> None:
    texts = [f"f =~ x{a} + x{b} + x{c}" for a, b, c in ((1, 2, 3), (4, 5, 6), (7, 8, 9), (1, 4, 7))] * 3
    fits = [sem.fit(text, hs) for text in texts]
    with ThreadPoolExecutor(8) as pool:
        checks = list(pool.map(lambda fit: fit.cross_check(), fits))
    assert all(check.agree for check in checks)


def test_statistics_are_ours_with_semopys_estimates(hs: pd.DataFrame) -> None:
    text = "f =~ x1 + x2 + x3\nf ~ ageyr + sex"
    ours, theirs = sem.fit(text, hs), sem.fit(text, hs, engine="semopy")
    np.testing.assert_allclose(theirs.theta, ours.theta, rtol=1e-5)
    assert theirs.fit_measures["df"] == ours.fit_measures["df"] == 4
    assert theirs.fit_measures["aic"] == pytest.approx(ours.fit_measures["aic"], rel=1e-9)


def test_nothing_stays_on_the_root_logger(hs: pd.DataFrame) -> None:
    root = logging.getLogger()
    before = (list(root.handlers), list(root.filters))
    assert sem.fit(MODELS["all loadings labelled"], hs).cross_check().agree
    assert (root.handlers, root.filters) == before


def test_semopy_is_imported_at_its_first_use_only() -> None:
    code = "import sys, analysis.sem, analysis.sem.external; print('semopy' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "False"


def test_tied_parameters_keep_one_factor() -> None:
    cells = [
        Cell("A", "x", "f", 1, float("nan"), loading=True),
        Cell("A", "y", "g", 2, float("nan"), loading=True),
        Cell("S", "x", "x", 3, float("nan")),
        Cell("A", "z", "f", 0, 1.0, loading=True),
    ]
    deviations = {"x": 2.0, "y": 8.0, "z": 3.0}
    scales = variable_scales(cells, [cells[:2]], deviations, ["f", "g"])
    assert scales["x"] == scales["y"] == pytest.approx(4.0)
    assert factor(cells[0], scales) == factor(cells[1], scales)
    assert scales["f"] == scales["z"] == pytest.approx(3.0)
    mixed = variable_scales(cells, [[cells[0], cells[2]]], deviations, ["f", "g"])
    assert factor(cells[0], mixed) == factor(cells[2], mixed) == 1.0
