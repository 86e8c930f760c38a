"""Factor scores: rows kept in place, ordered indicators by empirical Bayes modes, clear refusals."""

import json
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from analysis import sem
from analysis.sem.inference.factor_scores_ordinal import Indicators, bayes_modes

HERE = Path(__file__).parent / "reference"
TESTS = json.loads((HERE / "cases.json").read_text())["tests"]
CFA = "visual =~ x1 + x2 + x3\ntextual =~ x4 + x5 + x6\nspeed =~ x7 + x8 + x9"
XS = [f"x{i}" for i in range(1, 10)]
# lavaan's search for a mode stops at relative changes of 1e-8 of a value of size ten: about 1e-4 of a score.
MODE = 3e-4


def test_ordered_scores_are_lavaans_modes():
    """lavPredict(sem(cfa3, ho, ordered = xs, estimator = "WLSMV"))."""
    data = pd.read_csv(HERE / "holzinger_ordinal.csv")
    scores = sem.fit(CFA, data, ordered=XS).factor_scores()
    theirs = pd.DataFrame(TESTS["ordinal_scores"]["scores"])
    assert len(scores) == len(data)
    assert np.allclose(scores.head(len(theirs))[theirs.columns], theirs, atol=MODE)


def test_modes_of_continuous_indicators_are_regression_scores():
    rng = np.random.default_rng(4)
    loading, residual = rng.uniform(0.4, 0.9, (5, 2)), rng.uniform(0.5, 1.0, 5)
    prior, mean = np.array([[1.0, 0.3], [0.3, 0.8]]), np.array([0.2, -0.1])
    y = rng.standard_normal((20, 5))
    with np.errstate(all="raise"):
        modes = bayes_modes(Indicators(loading, residual, np.zeros((1, 5)), y, y), mean, prior)
    sigma = loading @ prior @ loading.T + np.diag(residual**2)
    regression = mean + (y - loading @ mean) @ np.linalg.solve(sigma, loading @ prior)
    assert np.allclose(modes, regression, atol=1e-8)


def test_missing_answers_leave_the_prior():
    indicators = Indicators(
        loading=np.array([[0.7], [0.8]]),
        residual=np.array([0.7, 0.6]),
        intercept=np.zeros((1, 2)),
        lower=np.array([[0.0, -np.inf], [np.nan, 0.0], [np.nan, np.nan]]),
        upper=np.array([[np.inf, 0.0], [np.nan, np.inf], [np.nan, np.nan]]),
    )
    modes = bayes_modes(indicators, np.zeros(1), np.eye(1))
    assert modes[1, 0] > 0
    assert np.isnan(modes[2, 0])


def test_an_extreme_answer_still_has_a_mode():
    n = 40
    indicators = Indicators(
        loading=np.full((n, 1), 0.99),
        residual=np.full(n, 0.141),
        intercept=np.zeros((1, n)),
        lower=np.full((1, n), 3.0),
        upper=np.full((1, n), np.inf),
    )
    (mode,) = bayes_modes(indicators, np.zeros(1), np.eye(1))[0]
    assert 3.0 < mode < 4.0


def test_rows_that_were_not_used_keep_their_place():
    data = pd.read_csv(HERE / "holzinger_missing.csv")
    complete = data[XS].notna().all(axis=1)
    listwise = sem.fit(CFA, data).factor_scores()
    assert len(listwise) == len(data)
    assert listwise.notna().all(axis=1).tolist() == complete.tolist()
    fiml = sem.fit(CFA, data, missing="fiml").factor_scores()
    assert fiml.isna().all(axis=1).tolist() == data[XS].isna().all(axis=1).tolist()


def test_scores_of_groups_are_in_the_order_of_the_rows():
    data = pd.read_csv(HERE / "holzinger.csv").sample(frac=1.0, random_state=3)
    mixed = sem.fit(CFA, data, group="school").factor_scores()
    apart = sem.fit(CFA, data.sort_values("school", kind="stable"), group="school").factor_scores()
    order = np.argsort(data["school"].to_numpy(), kind="stable")
    assert np.allclose(mixed.to_numpy()[order], apart.to_numpy(), atol=1e-6)


def test_scores_need_cases_and_a_method_that_applies():
    data = pd.read_csv(HERE / "holzinger.csv")[XS]
    from_moments = sem.fit(CFA, sample_cov=data.cov(), sample_nobs=len(data))
    with pytest.raises(sem.DataError, match="no cases to score"):
        from_moments.factor_scores()
    ordinal = pd.read_csv(HERE / "holzinger_ordinal.csv")
    mediated = sem.fit("visual =~ x1 + x2 + x3\nx9 ~ visual\nx8 ~ x9", ordinal, ordered=XS)
    with pytest.raises(sem.ModelError, match="outcomes that predict nothing"):
        mediated.factor_scores()
