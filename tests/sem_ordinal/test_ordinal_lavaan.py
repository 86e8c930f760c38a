"""Whole fits of ordered data against lavaan 0.6-14: estimates, errors, standardised values, measures."""

import json
from functools import cache
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from analysis import sem

REFERENCE = Path(__file__).parent / "reference"
REFERENCES = {p.stem: json.loads(p.read_text()) for p in REFERENCE.glob("*.json")}
CASES = sorted(name for name, value in REFERENCES.items() if "estimates" in value)
DIFFERENCES = sorted(name for name, value in REFERENCES.items() if "table" in value)
# lavaan's optimiser stops where the function changes by 1e-10 of itself, and its polychorics are as exact:
# together up to 2e-5 in an estimate; errors and indices inherit it.
ESTIMATE_TOLERANCE = 5e-5
ERROR_TOLERANCE = 1e-4
MEASURE_TOLERANCE = 1e-4
STANDARDISED_ERROR_TOLERANCE = 2e-4
# With ordered mediators in a chain lavaan's gradient holds their residual variances fixed, so that it stops
# beside the minimum (its "theta" parameterisation finds the same chi-square, 11.40138, as ours); estimates
# differ by 1e-3.
BESIDE_THE_MINIMUM = {"mediated_path"}
# lavaan divides the baseline's bias by the groups' shares, so that robust CFI changes when a sample is split
# in two equal groups; ours does not.
BASELINE_BIAS = ("cfi.robust", "tli.robust", "nnfi.robust", "rni.robust")


# Without ordered variables lavaan takes the interval of robust RMSEA from the scaling without the shift, but
# the estimate from both; ours takes both from both.
ROBUST_INTERVAL = (
    "rmsea.ci.lower.robust",
    "rmsea.ci.upper.robust",
    "rmsea.pvalue.robust",
    "rmsea.notclose.pvalue.robust",
)
THETA = sorted(name for name, value in REFERENCES.items() if "theta" in value)


def options_of(reference):
    names = {"group.equal": "group_equal", "group.partial": "group_partial", "std.lv": "std_lv"}
    options = reference["options"] or {}
    return {names.get(key, key): value for key, value in options.items()}


@cache
def fitted(name):
    reference = REFERENCES[name]
    data = pd.read_csv(REFERENCE / reference["data"])
    return sem.fit(reference["model"], data, ordered=reference["ordered"], **options_of(reference))


def key(row, labels):
    group = labels[int(row["group"]) - 1] if labels and row.get("group") else ""
    return row["lhs"], row["op"], row["rhs"] or "", group


@pytest.mark.parametrize("name", CASES)
def test_estimates_errors_and_standardised_values(name):
    reference, fit = REFERENCES[name], fitted(name)
    assert fit.converged
    labels = reference["group_labels"]
    ours = {(r["lhs"], r["op"], r["rhs"], r["group"]): r for r in fit.estimates.to_dict("records")}
    factor = 300 if name in BESIDE_THE_MINIMUM else 1
    for row in reference["estimates"]:
        if row["op"] == "==":
            continue
        mine = ours[key(row, labels)]
        where = str(key(row, labels))
        scale = max(1.0, abs(row["est"]))
        residual = row["op"] == "~~" and name in BESIDE_THE_MINIMUM
        if not residual:
            assert mine["est"] == pytest.approx(row["est"], abs=factor * ESTIMATE_TOLERANCE * scale), where
        assert mine["se"] == pytest.approx(row["se"] or 0.0, rel=factor * ERROR_TOLERANCE, abs=1e-7), where
        for column, theirs in (("std_lv", row["std.lv"]), ("std_all", row["std.all"])):
            if theirs is not None and name not in BESIDE_THE_MINIMUM:
                assert mine[column] == pytest.approx(theirs, abs=ESTIMATE_TOLERANCE * max(1, abs(theirs))), (
                    where + column
                )


@pytest.mark.parametrize("name", sorted(set(CASES) - BESIDE_THE_MINIMUM))
def test_errors_of_standardised_values(name):
    reference, fit = REFERENCES[name], fitted(name)
    labels = reference["group_labels"]
    ours = {(r["lhs"], r["op"], r["rhs"], r["group"]): r for r in fit.standardized().to_dict("records")}
    for row in reference["standardized"]:
        if row["op"] == "==":
            continue
        mine = ours[key(row, labels)]
        assert mine["est_std"] == pytest.approx(
            row["est.std"], rel=ESTIMATE_TOLERANCE, abs=ESTIMATE_TOLERANCE
        )
        assert mine["se"] == pytest.approx(row["se"] or 0.0, rel=STANDARDISED_ERROR_TOLERANCE, abs=1e-6), str(
            row
        )


@pytest.mark.parametrize("name", CASES)
def test_fit_measures(name):
    reference, measures = REFERENCES[name], fitted(name).fit_measures
    factor = 10 if name in BESIDE_THE_MINIMUM else 1
    for measure, theirs in reference["fit"].items():
        if reference["group_labels"] and reference["ordered"] and measure in BASELINE_BIAS:
            continue
        if name.startswith("continuous") and measure in ROBUST_INTERVAL:
            continue
        if (name in BESIDE_THE_MINIMUM and "rmr" in measure) or (
            measure.startswith("cn_") and reference["fit"]["df"] == 0
        ):
            continue
        mine = measures[measure.replace(".", "_")]
        if theirs is None:
            assert np.isnan(mine), measure
        else:
            assert mine == pytest.approx(theirs, abs=factor * MEASURE_TOLERANCE * max(abs(theirs), 0.1)), (
                measure
            )


@pytest.mark.parametrize("name", DIFFERENCES)
def test_difference_tests(name):
    reference = REFERENCES[name]
    fits = [fitted(case) for case in reference["cases"]]
    for row, larger, smaller in zip(reference["table"][1:], fits, fits[1:], strict=False):
        from analysis.sem.inference.ordinal import ordinal_difference

        found = ordinal_difference(
            (larger.estimated, larger.inference.errors),
            (smaller.estimated, smaller.inference.errors),
            smaller.method,
        )
        assert found.df == row["Df diff"]
        assert found.chisq == pytest.approx(row["Chisq diff"], rel=MEASURE_TOLERANCE)
        assert found.pvalue == pytest.approx(row["Pr(>Chisq)"], rel=1e-3)


@pytest.mark.parametrize("name", THETA)
def test_ordered_mediators_agree_with_the_theta_parameterisation(name):
    reference = REFERENCES[name]
    data = pd.read_csv(REFERENCE / reference["data"])
    fit = sem.fit(reference["model"], data, ordered=reference["ordered"])
    ours = fit.standardized().set_index(["lhs", "op", "rhs"])
    for row in reference["theta"]:
        mine = ours.loc[(row["lhs"], row["op"], row["rhs"])]
        assert mine["est_std"] == pytest.approx(row["est.std"], abs=ESTIMATE_TOLERANCE)
        assert mine["se"] == pytest.approx(row["se"], rel=STANDARDISED_ERROR_TOLERANCE)
    for measure, theirs in reference["fit"].items():
        mine = fit.fit_measures[measure.replace(".", "_")]
        assert mine == pytest.approx(theirs, rel=MEASURE_TOLERANCE), measure


def test_robust_cfi_does_not_change_when_a_sample_is_doubled_into_two_groups():
    reference = REFERENCES["four_std_lv"]
    data = pd.read_csv(REFERENCE / reference["data"])
    both = pd.concat([data.assign(half=1), data.assign(half=2)])
    one = sem.fit(reference["model"], data, ordered=reference["ordered"]).fit_measures
    two = sem.fit(reference["model"], both, ordered=reference["ordered"], group="half").fit_measures
    assert two["cfi_robust"] == pytest.approx(one["cfi_robust"], abs=1e-8)
    assert two["srmr"] == pytest.approx(one["srmr"], abs=1e-8)
    assert two["chisq_scaled"] == pytest.approx(2 * one["chisq_scaled"], rel=0.1)
