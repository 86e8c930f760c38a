"""First and second derivatives of every discrepancy against differences, with means, groups and feedback."""

import numpy as np
import pandas as pd
import pytest
from reference_cases import GOLDEN

from analysis import sem

HS = pd.read_csv(GOLDEN / "data" / "holzinger_swineford_female.csv")
MODELS = {
    "factors": "a =~ x1 + x2 + x3\nb =~ x4 + x5 + x6\nb ~ a\nx1 ~~ x4",
    "loop": "x1 ~ x2 + x4\nx2 ~ x1 + x5\nx3 ~ x1 + x2",
    "second_order": "a =~ x1 + x2 + x3\nb =~ x4 + x5 + x6\nc =~ x7 + x8 + x9\ng =~ a + b + c\ng ~ female",
}
STEP = 1e-6
# Central differences of step h are off by h^2 and rounding / h.
CLOSE = 2e-7


@pytest.mark.parametrize("estimator", ["ML", "GLS", "ULS"])
@pytest.mark.parametrize("means", [False, True])
@pytest.mark.parametrize("model", MODELS)
def test_derivatives(model: str, means: bool, estimator: str) -> None:
    fit = sem.fit(MODELS[model], HS, estimator=estimator, meanstructure=means)
    objective = fit.estimated.objective
    theta = fit.starts + np.random.default_rng(5).uniform(-0.02, 0.02, len(fit.starts))
    point = objective.at(theta)
    assert np.isfinite(point.value)
    steps = STEP * np.eye(len(theta))
    by_value = [(objective.at(theta + e).value - objective.at(theta - e).value) / (2 * STEP) for e in steps]
    gradient = objective.gradient(point)
    np.testing.assert_allclose(gradient, by_value, rtol=1e-5, atol=CLOSE * max(1.0, np.abs(gradient).max()))
    by_gradient = [
        (objective.gradient(objective.at(theta + e)) - objective.gradient(objective.at(theta - e)))
        / (2 * STEP)
        for e in steps
    ]
    hessian = objective.hessian(point)
    np.testing.assert_allclose(hessian, by_gradient, rtol=1e-5, atol=CLOSE * max(1.0, np.abs(hessian).max()))


def test_expected_and_observed_information_agree_where_the_model_fits_exactly() -> None:
    model = "a =~ x1 + x2 + x3\nb =~ x4 + x5 + x6"
    first = sem.fit(model, HS)
    at = first.implied[0]
    names = first.samples[0].names
    exact = sem.fit(model, sample_cov=pd.DataFrame(at.sigma, names, names), sample_nobs=500)
    objective, point = exact.estimated.objective, exact.estimated.solution.point
    np.testing.assert_allclose(objective.information(point), objective.hessian(point), rtol=1e-6, atol=1e-7)
    assert exact.fit_measures["chisq"] == pytest.approx(0.0, abs=1e-9)


def test_casewise_scores_sum_to_the_gradient() -> None:
    fit = sem.fit(MODELS["factors"], HS, estimator="MLR", meanstructure=True)
    objective = fit.estimated.objective
    point = objective.at(fit.starts)
    scores = objective.estimator.scores(objective.cells.groups[0], fit.samples[0], point.states[0])
    np.testing.assert_allclose(scores.mean(axis=0), -objective.gradient(point), atol=1e-10)
