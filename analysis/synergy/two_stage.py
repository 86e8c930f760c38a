"""Latent polynomials in two stages: a linear model, then a regression on expected products.

Two-stage structural equation estimation (Holst & Budtz-Jørgensen 2020, Biostatistics 21, 676–691), in the
regression form of Skrondal & Laake (2001): the outcome's Bartlett scores on E[term | scores of the terms'
factors]. All indicators of a factor take part in every product and no fourth moment is estimated, so that it
is far more precise than matched product indicators or corrected moments. The price: factors are taken as
normal.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from analysis.sem.errors import ModelError
from analysis.sem.fit import Fit
from analysis.sem.syntax import parse_model
from analysis.synergy.compiled import CompiledModel
from analysis.synergy.moments import Term, bartlett_scores, corrected_product
from analysis.synergy.second_opinion import LabelledEffects, outcome_of_products, terms_of
from analysis.unavailable import Unavailable
from questionnaire.plan import Hypothesis

ESTIMATOR = "two-stage"
SKEWED = 0.25
"""Mardia's skewness of factor scores, less its mean for normal ones, from which factors are not taken so.

Seven-point answers of normal factors stay below .12 in 95% of samples of 1,000, five-point answers of 400
below .24; residuals of skewness −.7 behind the factors give .34 and more (docs/balance.md).
"""
STEP = 1e-20
"""Complex step: the derivative by a first-stage parameter, exact to rounding."""


def by_two_stages(hypothesis: Hypothesis) -> bool:
    """Whether the study asks for this estimator: ``options: {estimator: two_stage}``."""
    return hypothesis.options.get("estimator") == "two_stage"


@dataclass(frozen=True, slots=True, eq=False)
class Stage:
    """The linear model at some parameters: ``loadings`` (p, m), ``residuals`` (p, p), ``factors`` (m, m).

    ``factors`` is the factors' covariance matrix.
    """

    loadings: np.ndarray
    residuals: np.ndarray
    factors: np.ndarray


@dataclass(frozen=True, slots=True, eq=False)
class SecondStage:
    """The equation with products without product indicators; ``note`` says why by this estimator."""

    effects: LabelledEffects | Unavailable
    estimator: str
    note: str = ""


def excess_skewness(values: np.ndarray) -> float:
    """Mardia's (1970) multivariate skewness b₁ of (n, p) less p(p + 1)(p + 2)/n, its mean under normality."""
    n, p = values.shape
    centred = values - values.mean(axis=0)
    white = np.linalg.solve(np.linalg.cholesky(centred.T @ centred / n), centred.T)
    third = np.einsum("an,bn,cn->abc", white, white, white, optimize=True) / n
    return float((third**2).sum() - p * (p + 1) * (p + 2) / n)


def skewness_of_factors(compiled: CompiledModel, fit: Fit, data: np.ndarray) -> float:
    """`excess_skewness` of the Bartlett scores of the factors that are multiplied."""
    stage = _stage(fit, fit.theta)
    scores, _ = bartlett_scores(data, stage.loadings, stage.residuals)
    multiplied = {part for parts in compiled.products.values() for part in parts}
    return excess_skewness(scores[:, [k for k, name in enumerate(fit.cells.latent) if name in multiplied]])


def expected_terms(
    data: np.ndarray, stage: Stage, terms: Sequence[Term], outcome: int
) -> tuple[np.ndarray, np.ndarray]:
    """Design (n, 1 + k) and response (n,) of the second stage.

    With V the error of the Bartlett scores f̂, ξ given f̂ is normal with mean Φ(Φ + V)⁻¹f̂ and covariance
    Φ − Φ(Φ + V)⁻¹Φ, which gives the expectation of every product. The outcome's score is freed of what its
    error shares with theirs, as where an indicator loads on both. LinAlgError for singular residuals.
    """
    scores, error = bartlett_scores(data, stage.loadings, stage.residuals)
    used = sorted({index for term in terms for index in term})
    factors = stage.factors[np.ix_(used, used)]
    weights = np.linalg.inv(factors + error[np.ix_(used, used)])
    expected = scores[:, used] @ (weights @ factors)
    left = factors - factors @ weights @ factors
    place = {index: k for k, index in enumerate(used)}
    # What errors add to a product of scores, the spread that is left adds to a product of expectations.
    columns = [corrected_product(expected, -left, tuple(place[i] for i in term)) for term in terms]
    response = scores[:, outcome] - scores[:, used] @ (weights @ error[used, outcome])
    return np.column_stack([np.ones(len(data)), *columns]), response


def standardised_regression(
    data: np.ndarray, stage: Stage, terms: Sequence[Term], outcome: int
) -> tuple[np.ndarray, np.ndarray]:
    """Standardised coefficients (k,) and their influence (n, k) given the stage; products are γ″."""
    design, response = expected_terms(data, stage, terms, outcome)
    # No conjugates: under a complex step these are the real formulas.
    bread = np.linalg.inv(design.T @ design)
    coefficients = bread @ (design.T @ response)
    influence = len(data) * (design * (response - design @ coefficients)[:, None]) @ bread
    spread = [np.prod([np.sqrt(stage.factors[i, i]) for i in term]) for term in terms]
    scale = np.array(spread) / np.sqrt(stage.factors[outcome, outcome])
    return coefficients[1:] * scale, influence[:, 1:] * scale


def two_stage_effects(compiled: CompiledModel, fit: Fit, data: np.ndarray) -> LabelledEffects | Unavailable:
    """Standardised effects of the equation that holds the products, with sandwich errors of both stages.

    ``fit``: the model without its products (`linear_part`); ``data``: (n, p), the complete rows it was fitted
    to, in the order of its observed variables.
    """
    statements = parse_model(compiled.syntax)
    latents = list(fit.cells.latent)
    outcome = outcome_of_products(statements, compiled.products, latents)
    if isinstance(outcome, Unavailable):
        return outcome
    labels, terms = terms_of(statements, compiled.products, latents, outcome)
    place, stage = latents.index(outcome), _stage(fit, fit.theta)
    if np.linalg.eigvalsh(stage.residuals)[0] <= 0 or np.linalg.eigvalsh(stage.factors)[0] <= 0:
        return Unavailable(
            "the model without products is improper: a variance is not positive",
            "Collect more answers, or look which indicator has a negative residual variance.",
        )
    try:
        estimates, influence = standardised_regression(data, stage, terms, place)
        first = fit.influence()
        slopes = np.zeros((first.shape[1], len(terms)))
        for index in range(len(slopes)):
            moved = fit.theta + 1j * STEP * (np.arange(len(slopes)) == index)
            slopes[index] = standardised_regression(data, _stage(fit, moved), terms, place)[0].imag / STEP
    except (np.linalg.LinAlgError, ModelError) as problem:
        return Unavailable(f"the second stage cannot be computed: {problem}")
    total = influence + first @ slopes
    n, k = len(data), len(terms) + 1
    # n − k as in ordinary regression: with squares among the terms, rows of high leverage are the rule.
    return LabelledEffects(labels, estimates, total.T @ total / (n * (n - k)))


def _stage(fit: Fit, theta: np.ndarray) -> Stage:
    """The matrices of the linear model at free parameters ``theta``, which may be complex."""
    cells = fit.cells.groups[0]
    p, paths, residuals = cells.p, *cells.matrices(theta)[:2]
    effects = np.linalg.inv(np.eye(cells.size) - paths)
    covariance = effects @ residuals @ effects.T
    return Stage(paths[:p, p:], residuals[:p, :p], covariance[p:, p:])
