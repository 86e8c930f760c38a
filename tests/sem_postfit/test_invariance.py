"""The invariance ladder: lavaan's fits and difference tests, score tests of ties, partial invariance."""

import json
from functools import cache
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from analysis import sem
from analysis.sem.inference.release_table import release_tests

HERE = Path(__file__).parent / "reference"
TESTS = json.loads((HERE / "cases.json").read_text())["tests"]
CFA = "visual =~ x1 + x2 + x3\ntextual =~ x4 + x5 + x6\nspeed =~ x7 + x8 + x9"
XS = [f"x{i}" for i in range(1, 10)]
# Scaled statistics are ratios of traces that agree to about 1e-5.
RELATIVE = 5e-5


@cache
def ladder(estimator):
    return sem.invariance(CFA, pd.read_csv(HERE / "holzinger.csv"), "school", estimator=estimator)


@pytest.mark.parametrize("estimator", ["ML", "MLR"])
def test_the_ladder_has_lavaans_tests(estimator):
    result = ladder(estimator)
    theirs = pd.DataFrame(TESTS[f"school_{estimator.lower()}"]["table"])
    table = result.table
    assert table["level"].tolist() == ["configural", "metric", "scalar", "strict"]
    columns = {"df": "Df", "chisq": "Chisq", "chisq_diff": "Chisq diff", "pvalue": "Pr(>Chisq)"}
    for ours, name in columns.items():
        reference = theirs[name].astype(float)
        assert np.allclose(table[ours].astype(float), reference, rtol=RELATIVE, equal_nan=True), name
    assert np.allclose(table["delta_cfi"].iloc[1:], np.diff(table["cfi"]))
    assert result.version == ("robust" if estimator == "MLR" else "")
    measures = result.fits["metric"].fit_measures
    assert table["cfi"].iloc[1] == measures["cfi_robust" if estimator == "MLR" else "cfi"]


def test_score_tests_are_lav_test_scores():
    """lavTestScore(scalar)$uni; lavaan names a tie by its two parameters."""
    reference = TESTS["score_scalar"]["each"]
    theirs = {
        tuple(name.rsplit(" ", 1)[0].split()): x2
        for name, x2 in zip(reference["lhs"], reference["X2"], strict=True)
    }
    ours = ladder("ML").release("scalar")
    assert len(ours) == len(theirs)
    assert ours["chisq"].is_monotonic_decreasing
    for row in ours.itertuples():
        key = tuple(part for part in (row.lhs, row.op, row.rhs) if part)
        # A score statistic is as exact as the gradient lavaan's optimiser leaves.
        assert row.chisq == pytest.approx(theirs[key], abs=1e-3), key
        assert (row.group, row.tied_to) == ("Pasteur", "Grant-White")


def test_the_expected_change_foretells_the_released_difference():
    fit = ladder("ML").fits["scalar"]
    worst = ladder("ML").release("scalar").iloc[0]
    name = f"{worst['lhs']}{worst['op']}{worst['rhs']}"
    freed = sem.fit(
        CFA,
        pd.read_csv(HERE / "holzinger.csv"),
        group="school",
        group_equal=["loadings", "intercepts"],
        group_partial=[name],
    )
    fall = fit.fit_measures["chisq"] - freed.fit_measures["chisq"]
    # A score test is the first step of a search; for a fall of 19 it is right to a few per cent.
    assert worst["chisq"] == pytest.approx(fall, rel=0.1)
    rows = freed.estimates[(freed.estimates["lhs"] == worst["lhs"]) & (freed.estimates["op"] == "~1")]
    by_group = rows.set_index("group")["est"]
    difference = by_group[worst["tied_to"]] - by_group[worst["group"]]
    assert worst["change"] == pytest.approx(difference, rel=0.15)


def test_partial_invariance_releases_what_does_not_hold():
    found = ladder("ML").partial("scalar")
    assert found.released == ("x3~1", "x7~1")
    assert found.accepted
    assert found.steps["pvalue"].iloc[-1] >= 0.05
    assert found.steps["df_diff"].tolist() == [6, 5, 4]
    assert found.fit.options.group_partial == found.released
    assert ladder("ML").partial("metric").released == ()
    assert not ladder("ML").partial("scalar", most=1).accepted


def test_ordered_variables_have_their_own_ladder():
    """sem(..., group.equal = NULL, "loadings" and c("loadings", "thresholds")), lavaan 0.6-14."""
    data = pd.read_csv(HERE / "holzinger_ordinal.csv")
    table = sem.invariance(CFA, data, "school", ordered=XS).table
    assert table["level"].tolist() == ["configural", "metric", "scalar"]
    assert table["df"].tolist() == [48, 54, 69]
    assert np.allclose(table["chisq"], [82.69956, 89.38942, 127.25886], atol=1e-3)
    with pytest.raises(sem.ModelError, match="ordered variables have no level 'strict'"):
        sem.invariance(CFA, data, "school", levels=["strict"], ordered=XS)


def test_ties_within_a_group_are_told_by_name():
    model = "visual =~ x1 + a*x2 + a*x3\ntextual =~ x4 + b*x5 + x6\nb == a*1.2"
    tests = release_tests(sem.fit(model, pd.read_csv(HERE / "holzinger.csv")))
    assert tests[["lhs", "op", "rhs", "tied_to"]].iloc[0].tolist() == ["visual", "=~", "x2", "visual =~ x3"]
    assert release_tests(sem.fit(CFA, pd.read_csv(HERE / "holzinger.csv"))).empty


@pytest.mark.parametrize(
    ("options", "says"),
    [
        ({"levels": ["configural", "sclar"]}, "no level 'sclar'"),
        ({"levels": []}, "no level to fit"),
        ({"group_equal": ["loadings"]}, "levels say what is equal"),
    ],
)
def test_ladders_that_make_no_sense_are_refused(options, says):
    with pytest.raises(sem.ModelError, match=says):
        sem.invariance(CFA, pd.read_csv(HERE / "holzinger.csv"), "school", **options)


def test_levels_that_cannot_be_relaxed_are_refused():
    with pytest.raises(sem.ModelError, match="no level with one below"):
        ladder("ML").partial("configural")
    with pytest.raises(sem.ModelError, match="there is no level 'x'"):
        ladder("ML").release("x")
