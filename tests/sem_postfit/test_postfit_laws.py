"""Laws of modification indices and residuals: scale, order, what a refit confirms."""

from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from analysis import sem
from analysis.sem.inference.release_table import release_tests

HERE = Path(__file__).parent / "reference"
CFA = "visual =~ x1 + x2 + x3\ntextual =~ x4 + x5 + x6\nspeed =~ x7 + x8 + x9"
# Refits of the same model on other scales end within about 1e-7 of a standard error of each other.
SAME = 1e-5


@pytest.fixture(scope="module")
def data():
    return pd.read_csv(HERE / "holzinger.csv")


def by_name(frame):
    """mi and sepc_all by parameter; a covariance has no direction."""
    return {
        (r.op, frozenset((r.lhs, r.rhs))) if r.op == "~~" else (r.op, r.lhs, r.rhs): (r.mi, r.sepc_all)
        for r in frame.itertuples()
    }


@pytest.mark.parametrize("estimator", ["ML", "MLR", "GLS"])
def test_scale_and_order_change_no_index(data, estimator):
    plain = by_name(sem.fit(CFA, data, estimator=estimator).modification_indices())
    turned = "speed =~ x7 + x9 + x8\ntextual =~ x4 + x6 + x5\nvisual =~ x1 + x3 + x2"
    scaled = data.assign(x2=data["x2"] * 1000.0, x9=data["x9"] / 50.0)
    other = by_name(sem.fit(turned, scaled, estimator=estimator).modification_indices())
    assert set(plain) == set(other)
    assert np.allclose([plain[name] for name in plain], [other[name] for name in plain], atol=1e-4)


def test_a_refit_confirms_the_index_and_the_expected_change(data):
    model = "visual =~ x1 + x2 + x3\nspeed =~ x7 + x8 + x9"
    fit = sem.fit(model, data)
    top = fit.modification_indices().iloc[0]
    freed = sem.fit(f"{model}\n{top['lhs']} {top['op']} {top['rhs']}", data)
    fall = fit.fit_measures["chisq"] - freed.fit_measures["chisq"]
    # The first step of a search towards a fall in chi-square of about thirty.
    assert top["mi"] == pytest.approx(fall, rel=0.25)
    rows = freed.estimates
    own = (rows["lhs"] == top["lhs"]) & (rows["op"] == top["op"]) & (rows["rhs"] == top["rhs"])
    assert np.sign(rows[own]["est"].iloc[0]) == np.sign(top["epc"])


def test_nothing_is_listed_twice(data):
    model = CFA + "\nx2 ~~ x1\nx9 ~ visual\nx4 ~~ x7"
    found = sem.fit(model, data, meanstructure=True).modification_indices()
    names = set(by_name(found))
    assert len(names) == len(found)
    written = {("~~", frozenset(("x1", "x2"))), ("~~", frozenset(("x4", "x7"))), ("=~", "visual", "x9")}
    assert not written & names


def test_correlation_residuals_make_up_srmr(data):
    for options in (
        {},
        {"meanstructure": True},
        {"group": "school", "group_equal": ["loadings", "intercepts"]},
    ):
        fit = sem.fit(CFA, data, **options)
        found = fit.residuals()
        shares = np.atleast_1d(fit.n_obs) / np.sum(fit.n_obs)
        per_group = [
            np.sqrt(np.mean(rows["correlation"] ** 2)) for _, rows in found.groupby("group", sort=False)
        ]
        assert fit.fit_measures["srmr"] == pytest.approx(float(shares @ per_group), rel=SAME)


def test_a_saturated_model_leaves_no_residual(data):
    found = sem.fit("f =~ x1 + x2 + x3", data).residuals()
    assert np.abs(found["raw"]).max() < SAME
    assert (found["standardized"] == 0.0).all()
    assert sem.fit("f =~ x1 + x2 + x3", data).modification_indices().empty


def test_scale_changes_no_test_of_a_tie(data):
    """The ties are among variables that are not rescaled."""
    model = (
        "visual =~ x1 + x2 + x3\ntextual =~ x4 + a*x5 + a*x6\nspeed =~ x7 + x8 + b*x9\nx7 ~~ v*x7\nx8 ~~ v*x8"
    )
    plain = release_tests(sem.fit(model, data))
    other = release_tests(sem.fit(model, data.assign(x2=data["x2"] * 1000.0, x3=data["x3"] / 50.0)))
    assert len(plain) == 2
    assert np.allclose(plain[["chisq", "change"]], other[["chisq", "change"]], atol=1e-6)
    assert plain["tied_to"].tolist() == other["tied_to"].tolist()


def test_standardized_residuals_do_not_depend_on_scale(data):
    plain = sem.fit(CFA, data, estimator="MLR").residuals()
    other = sem.fit(
        CFA, data.assign(x2=data["x2"] * 1000.0, x9=data["x9"] / 50.0), estimator="MLR"
    ).residuals()
    assert np.allclose(plain["standardized"], other["standardized"], atol=1e-3)
    assert np.allclose(plain["correlation"], other["correlation"], atol=1e-7)
