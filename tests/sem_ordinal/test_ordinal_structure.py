"""Implied statistics of ordered variables: exact derivatives and variances, whatever paths they have."""

import numpy as np
import pytest

from analysis.sem.estimation.wls_moments import ordinal_moments, ordinal_structure, with_residuals
from analysis.sem.model.cells import compile_cells
from analysis.sem.sample.ordinal.layout import Layout
from analysis.sem.syntax.parser import parse_model
from analysis.sem.table.build import build_table

# Central differences with step 1e-6 of functions of order one: error about 1e-10.
DIFFERENCE_TOLERANCE = 1e-8
MODELS = {
    "factor": ("f =~ x1 + x2 + x3", {"x1": 2, "x2": 1, "x3": 3}, False),
    "scales and means": ("f =~ x1 + x2 + x3\nx2 ~*~ x2\nf ~ 1\nx3 ~ 1", {"x1": 1, "x2": 2}, False),
    "ordered mediators": (
        "f =~ x1 + x2 + x3\nx3 ~ x1 + z\nx4 ~ x3 + f + w\nx1 ~ z\nx5 ~ x4 + x3\nx1 ~~ x2\nx1 ~*~ x1",
        {"x1": 2, "x3": 1, "x4": 3},
        True,
    ),
    "loop": ("x1 ~ x2 + z\nx2 ~ x1 + w\nx3 ~ x1", {"x1": 1, "x2": 1}, True),
}


def structure(name):
    model, thresholds, covariates = MODELS[name]
    table = build_table(parse_model(model), ordered=thresholds, conditional_x=covariates)
    observed = list(table.observed)
    covariate = np.array([observed.index(x) for x in table.exogenous], dtype=np.intp)
    outcome = np.setdiff1d(np.arange(len(observed)), covariate)
    layout = Layout(tuple(thresholds.get(observed[i], -1) + 1 for i in outcome), len(covariate))
    made = ordinal_structure(compile_cells(table).groups[0], layout, outcome=outcome, covariate=covariate)
    return made, np.random.default_rng(3).uniform(0.2, 0.6, table.n_free)


@pytest.mark.parametrize("name", MODELS)
def test_derivatives_are_those_of_the_statistics(name):
    made, theta = structure(name)
    exact = np.zeros((made.layout.n_statistics, len(theta)))
    np.add.at(exact.T, made.cells.free, ordinal_moments(made, theta).by_cell.T)
    for i in range(len(theta)):
        step = np.zeros_like(theta)
        step[i] = 1e-6
        difference = (
            ordinal_moments(made, theta + step).statistics - ordinal_moments(made, theta - step).statistics
        ) / 2e-6
        np.testing.assert_allclose(exact[:, i], difference, atol=DIFFERENCE_TOLERANCE)


@pytest.mark.parametrize("name", MODELS)
def test_latent_responses_have_the_variance_their_scale_asks_for(name):
    made, theta = structure(name)
    at = with_residuals(made, theta)
    np.testing.assert_allclose(at.sigma.diagonal()[made.ordered], 1.0 / at.delta[made.ordered] ** 2)
