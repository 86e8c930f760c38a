"""Estimators that need no product indicators: the model without its products, then a second stage."""

from __future__ import annotations

from collections.abc import Callable

import pandas as pd
from scipy.stats import norm

from analysis import sem
from analysis.pipeline.fitting import TROUBLE
from analysis.pipeline.sample import Sample
from analysis.sem.fit import Fit
from analysis.synergy.compiled import CompiledModel
from analysis.synergy.evidence import Effect, Evidence, conditions
from analysis.synergy.second_opinion import LabelledEffects, linear_part, moment_effects
from analysis.synergy.two_stage import two_stage_effects
from analysis.unavailable import Unavailable
from questionnaire.plan import Hypothesis

SecondStage = Callable[[CompiledModel, Fit, pd.DataFrame], LabelledEffects | Unavailable]


def by_moments(compiled: CompiledModel, fit: Fit, data: pd.DataFrame) -> LabelledEffects | Unavailable:
    """Corrected moments of factor scores: nothing is assumed of the factors' distribution."""
    return moment_effects(compiled, fit.estimates, data)


def by_expectations(compiled: CompiledModel, fit: Fit, data: pd.DataFrame) -> LabelledEffects | Unavailable:
    """Regression on expected products: factors are taken as normal."""
    return two_stage_effects(compiled, fit, data[list(fit.cells.observed)].to_numpy(dtype=float))


def second_stage_effects(
    compiled: CompiledModel | None, sample: Sample, second: SecondStage
) -> LabelledEffects | Unavailable:
    """Standardised effects of the equation with products, from the complete rows of ``sample``."""
    if compiled is None:
        return Unavailable("the model was not compiled")
    data = sample.frame(compiled).dropna()
    try:
        fit = sem.fit(linear_part(compiled), data[[*compiled.items, *compiled.parcels]], estimator="MLR")
        if not fit.converged:
            return Unavailable("the model without products did not converge")
        return second(compiled, fit, data)
    except TROUBLE as error:
        return Unavailable(str(error))


def second_stage_evidence(
    hypothesis: Hypothesis, effects: LabelledEffects | Unavailable, estimator: str
) -> Evidence | Unavailable:
    """The hypothesis's estimand and conditions as combinations of ``effects``."""
    if isinstance(effects, Unavailable):
        return effects
    found: list[Effect] = []
    for expression in (hypothesis.estimand, *conditions(hypothesis)):
        combined = effects.combine(expression)
        if isinstance(combined, Unavailable):
            return combined
        estimate, se = combined
        if not se > 0:
            return Unavailable("the second stage gives no standard error")
        found.append(Effect(estimate, se, float(2 * norm.sf(abs(estimate) / se))))
    return Evidence(found[0], tuple(found[1:]), estimator)
