"""What a fit says of itself: coded findings where something is wrong, none where nothing is."""

import numpy as np
import pandas as pd
import pytest
from reference_cases import GOLDEN

from analysis import sem

HS = pd.read_csv(GOLDEN / "data" / "holzinger_swineford_1939.csv")
PD = pd.read_csv(GOLDEN / "data" / "political_democracy.csv")
CFA = "visual =~ x1 + x2 + x3\ntextual =~ x4 + x5 + x6\nspeed =~ x7 + x8 + x9"


def codes(fit: sem.Fit) -> set[str]:
    return {problem.code for problem in fit.problems}


def test_a_clean_fit_has_none() -> None:
    assert sem.fit(CFA, HS).problems == ()
    assert sem.fit(CFA, HS, estimator="MLR", group="school").problems == ()


def test_an_unidentified_parameter_is_named() -> None:
    fit = sem.fit("f =~ NA*x1 + x2 + x3\ng =~ x4 + x5 + x6", HS)
    finding = next(p for p in fit.problems if p.code == "not_identified")
    assert {"f=~x1", "f=~x2", "f=~x3", "f~~f"} <= set(finding.where)
    assert not any(name.startswith("g=~") for name in finding.where)
    errors = fit.estimates.set_index(["lhs", "op", "rhs"])["se"]
    assert np.isnan(errors["f", "=~", "x2"])
    assert errors["g", "=~", "x5"] > 0


def test_more_parameters_than_moments() -> None:
    fit = sem.fit("f =~ x1 + x2", HS)
    assert {"negative_df", "not_identified"} <= codes(fit)
    assert np.isnan(fit.fit_measures[["chisq", "cfi", "rmsea"]]).all()


def test_a_heywood_case_names_the_item() -> None:
    fit = sem.fit(CFA + "\nvisual =~ x9\nx7 ~~ x8", HS)
    finding = next(p for p in fit.problems if p.code == "heywood")
    assert finding.where == ("x8",)


def test_a_negative_latent_variance_names_the_factor() -> None:
    rng = np.random.default_rng(3)
    y = rng.normal(size=(400, 3)) + 0.0
    data = pd.DataFrame({"a": y[:, 0] + y[:, 2], "b": y[:, 1] - y[:, 2], "c": y[:, 2] + y[:, 0]})
    fit = sem.fit("f =~ 1*a + 1*b\nf ~~ f\na ~~ a\nb ~~ b", data)
    assert "negative_latent_variance" in codes(fit)


def test_latent_correlations_beyond_one() -> None:
    fit = sem.fit("a =~ y1 + y2 + y3 + y4\nb =~ y5 + y6 + y7 + y8\nc =~ x1 + x2 + x3", PD)
    assert "latent_covariance_not_positive_definite" not in codes(fit)
    rng = np.random.default_rng(8)
    f = rng.normal(size=120)
    noisy = pd.DataFrame({f"y{i}": 0.5 * f + rng.normal(size=120) for i in range(1, 5)})
    fit = sem.fit("a =~ y1 + y2\nb =~ y3 + y4", noisy)
    over = fit.estimates.query("op == '~~' and lhs == 'a' and rhs == 'b'")["std_all"].iloc[0]
    assert ("latent_covariance_not_positive_definite" in codes(fit)) == bool(abs(over) > 1)


def test_too_few_cases_for_the_parameters() -> None:
    assert "few_cases" in codes(sem.fit(CFA, HS.iloc[:18]))


@pytest.mark.parametrize("estimator", ["ML", "MLR", "MLM", "GLS", "ULS"])
def test_no_warning_and_no_floating_point_error_leaves(estimator: str) -> None:
    with np.errstate(all="raise"):
        fit = sem.fit("f =~ y1 + y2 + y3\ng =~ y4 + y8", PD, estimator=estimator)
        assert len(fit.estimates) > 0
        assert len(fit.fit_measures) > 0
        fit.standardized()
        repr(fit)


def test_explained_variance() -> None:
    fit = sem.fit(CFA, HS)
    std = fit.estimates.query("op == '=~'").set_index("rhs")["std_all"]
    r2 = fit.r2.set_index("lhs")["r2"]
    assert r2["x5"] == pytest.approx(std["x5"] ** 2, rel=1e-9)
