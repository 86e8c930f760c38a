"""FIML on a model: equal to ML where nothing is missing, and its derivatives those of its value."""

from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from analysis.sem.estimation.fiml_estimator import FIML
from analysis.sem.estimation.maximum_likelihood import ML
from analysis.sem.model.cells import compile_cells, fix_exogenous
from analysis.sem.sample.incomplete import incomplete_sample
from analysis.sem.sample.moments import GroupData, sample_moments
from analysis.sem.syntax.parser import parse_model
from analysis.sem.table.build import build_table

REFERENCE = Path(__file__).parent / "reference"
MODEL = "visual =~ x1 + x2 + x3\nspeed =~ x7 + x8 + x9\nvisual ~ a*agemo\nspeed ~ visual + agemo"
# The two routes add the same few hundred products in another order.
ROUNDING = 1e-9
DIFFERENCES = 1e-6


@pytest.fixture(autouse=True)
def strict():
    with np.errstate(all="raise"):
        yield


def setting(complete):
    table = build_table(parse_model(MODEL), meanstructure=True)
    data = pd.read_csv(REFERENCE / "holzinger.csv")[list(table.observed)]
    values = (data.dropna() if complete else data).to_numpy(float)
    group = GroupData("", table.observed, values, np.arange(len(values)))
    sample, _ = incomplete_sample(group, table.exogenous)
    cells = fix_exogenous(compile_cells(table), [sample.cov], [sample.mean])
    rows = table.rows
    free = rows["free"].to_numpy()
    variance = ((rows["op"] == "~~") & (rows["lhs"] == rows["rhs"])).to_numpy()
    theta = np.full(cells.q, 0.3)
    theta[free[(free > 0) & variance] - 1] = 0.9
    theta[free[(free > 0) & (rows["op"] == "~1").to_numpy()] - 1] = 2.0
    x = np.array([table.observed.index(name) for name in table.exogenous])
    return cells, sample, sample_moments(group) if complete else None, theta, x


def test_without_missing_values_fiml_is_ml():
    cells, incomplete, complete, theta, x = setting(complete=True)
    group = cells.groups[0]
    a, b = FIML.state(group, incomplete, theta, True), ML.state(group, complete, theta, True)
    assert a.value == pytest.approx(b.value, rel=ROUNDING)
    for name in ("gradient", "information", "hessian", "scores"):
        ours, theirs = getattr(FIML, name)(group, incomplete, a), getattr(ML, name)(group, complete, b)
        assert np.allclose(ours, theirs, rtol=ROUNDING, atol=ROUNDING), name
    assert FIML.saturated_trace(incomplete, x, True) == pytest.approx(ML.saturated_trace(complete, x, True))


def test_derivatives_are_those_of_the_value():
    cells, sample, _, theta, _ = setting(complete=False)
    group, step = cells.groups[0], 1e-5

    def at(shift):
        return FIML.state(group, sample, theta + shift, True)

    def differences(function):
        bumps = step * np.eye(len(theta))
        return np.array([(function(at(b)) - function(at(-b))) / (2 * step) for b in bumps])[group.free]

    s = at(0.0)
    gradient = FIML.gradient(group, sample, s)
    assert np.allclose(gradient, differences(lambda t: t.value), atol=DIFFERENCES)
    hessian = FIML.hessian(group, sample, s)
    assert np.allclose(hessian, differences(lambda t: FIML.gradient(group, sample, t)), atol=DIFFERENCES)
    casewise = FIML.scores(group, sample, s)
    assert np.allclose(-casewise.mean(axis=0), gradient, atol=ROUNDING)


def test_a_covariance_matrix_that_is_not_positive_definite_has_no_state():
    cells, sample, _, theta, _ = setting(complete=False)
    assert FIML.state(cells.groups[0], sample, -theta, True) is None
