"""Models across waves: against lavaan's model written by hand, and known lags recovered."""

import json
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from panel_population import LAGS, NAMES, panel

from analysis import sem
from analysis.sem.syntax import parse_model
from analysis.synergy.loop import lag_definitions, read_dynamics, spectral_radius
from analysis.synergy.panel import compile_panel
from analysis.unavailable import Unavailable
from questionnaire.loading import load_study

HERE = Path(__file__).parent
REFERENCE = json.loads((HERE / "reference" / "panel.json").read_text())
DATA = pd.read_csv(HERE / "reference" / "panel.csv")
STUDY = load_study(HERE.parents[1] / "data" / "studies" / "social_capital.yaml")
LETTERS = {"S": "s", "R": "r", "C": "c", "PI": "p"}
# Two optimisers on a flat likelihood with 68 parameters.
ESTIMATES = 2e-4
CHISQ = 1e-4


def fitted(data, waves, code="M9_LOOP", within=True, **options):
    model = compile_panel(STUDY, STUDY.model(code), waves, within=within)
    fit = sem.fit("\n".join((model.syntax, *lag_definitions(model))), data, meanstructure=True, **options)
    return model, fit


@pytest.mark.parametrize(
    ("name", "data", "options"),
    [
        ("complete", DATA.dropna(), {"estimator": "ML"}),
        ("fiml", DATA, {"estimator": "MLR", "missing": "fiml"}),
    ],
)
def test_the_three_wave_model_is_lavaans(name, data, options):
    _, fit = fitted(data, 3, **options)
    reference = REFERENCE[name]
    assert fit.n_obs == reference["n"]
    assert fit.fit_measures["df"] == reference["df"] == 22
    assert fit.fit_measures["chisq"] == pytest.approx(reference["chisq"], rel=CHISQ)
    found = fit.estimates.drop_duplicates("label").set_index("label")
    for label, est, se in zip(reference["label"], reference["est"], reference["se"], strict=True):
        row = fit.estimates[fit.estimates["lhs"] == "loop"].iloc[0] if label == "loop" else found.loc[label]
        assert row["est"] == pytest.approx(est, abs=ESTIMATES)
        assert row["se"] == pytest.approx(se, abs=ESTIMATES)


@pytest.mark.parametrize(("waves", "df"), [(3, 22), (4, 70), (5, 134)])
def test_degrees_of_freedom_can_be_counted(waves, df):
    # v(v+1)/2 moments of v = 4·waves variables, less 16 lags, 10 of the persons, 10 a wave.
    v = 4 * waves
    assert v * (v + 1) // 2 - 16 - 10 - 10 * waves == df
    model = compile_panel(STUDY, STUDY.model("M9_LOOP"), waves)
    assert model.columns[:4] == ("S_1", "R_1", "C_1", "PI_1")
    fit = sem.fit(model.syntax, panel(400, waves, 1), meanstructure=True)
    assert fit.fit_measures["df"] == df


def test_known_lags_are_recovered_and_the_loop_with_them():
    model, fit = fitted(panel(6000, 4, seed=5), 4, estimator="MLR")
    dynamics = read_dynamics(model, fit)
    known = {
        f"{LETTERS[a]}{LETTERS[b]}": LAGS[i, j] for i, a in enumerate(NAMES) for j, b in enumerate(NAMES)
    }
    errors = dict(zip(dynamics.labels, np.sqrt(np.diagonal(dynamics.covariance)), strict=True))
    # Within variances are equal, so that standardised lags are the lags; four standard errors of sixteen.
    for label, value in zip(dynamics.labels, dynamics.estimates, strict=True):
        assert abs(value - known[label]) < 4 * errors[label]
    radius = spectral_radius(LAGS)
    assert radius == pytest.approx(0.53, abs=0.005)  # the population's own description
    stability = dynamics.stability(0.99, seed=1)
    assert stability.ci_lower < radius < stability.ci_upper < 1
    truth = np.linalg.inv(np.eye(4) - LAGS)
    for row in stability.multipliers.itertuples():
        i, j = NAMES.index(row.target), NAMES.index(row.source)
        assert row.ci_lower - 0.05 < truth[i, j] < row.ci_upper + 0.05
    loop = dynamics.effect("rs*cr*sc")
    assert abs(loop.estimate - 0.15 * 0.15 * 0.12) < 4 * loop.se


def test_the_delta_method_of_a_product_is_its_closed_form():
    model, fit = fitted(DATA.dropna(), 3)
    d = read_dynamics(model, fit)
    i, j = d.labels.index("rs"), d.labels.index("cr")
    a, b = d.estimates[[i, j]]
    V = d.covariance[np.ix_([i, j], [i, j])]
    expected = np.sqrt(b**2 * V[0, 0] + a**2 * V[1, 1] + 2 * a * b * V[0, 1])
    assert d.effect("rs*cr").se == pytest.approx(expected, rel=1e-10)
    assert isinstance(d.effect("rs*zz"), Unavailable)


def test_the_rivals_leave_out_what_they_say():
    forward = compile_panel(STUDY, STUDY.model("M9_FORWARD"), 3)
    assert {
        (lag.target, lag.source) for lag in forward.lags if NAMES.index(lag.source) > NAMES.index(lag.target)
    } == set()
    plain = compile_panel(STUDY, STUDY.model("M9_LOOP"), 3, within=False)
    assert not any(s.op == "=~" for s in parse_model(plain.syntax).parameters)
    _, fit = fitted(DATA.dropna(), 3)
    _, rival = fitted(DATA.dropna(), 3, "M9_FORWARD")
    table = sem.compare(fit, rival)
    assert table["df_diff"].iloc[-1] == len(
        fit.estimates["label"][fit.estimates["op"] == "~"].unique()
    ) - len(forward.lags)


@pytest.mark.parametrize("waves", [1, 2])
def test_too_few_waves_say_so(waves):
    found = compile_panel(STUDY, STUDY.model("M9_LOOP"), waves)
    assert isinstance(found, Unavailable)
    assert "3 waves" in found.reason


def test_an_exploding_system_has_no_long_run():
    assert spectral_radius(np.array([[[0.5, 0.6], [0.9, 0.5]], [[0.2, 0.0], [0.0, 0.1]]])) == pytest.approx(
        [0.5 + np.sqrt(0.54), 0.2]
    )
