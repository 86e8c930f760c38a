"""Estimators that need no product indicators: the model without its products, then a second stage."""

from __future__ import annotations

import pandas as pd
from scipy.stats import norm

from analysis import sem
from analysis.pipeline.brief import labelled_pvalues
from analysis.pipeline.fitting import TROUBLE, Attempt, failed_attempt, outcome_of
from analysis.pipeline.result import Part
from analysis.pipeline.sample import Sample
from analysis.sem.fit import Fit
from analysis.synergy.compile import compile_model
from analysis.synergy.compiled import CompiledModel
from analysis.synergy.evidence import Effect, Evidence, conditions
from analysis.synergy.second_opinion import LabelledEffects, linear_part, moment_effects
from analysis.synergy.two_stage import ESTIMATOR as TWO_STAGE
from analysis.synergy.two_stage import SKEWED, SecondStage, skewness_of_factors, two_stage_effects
from analysis.unavailable import Unavailable
from questionnaire.plan import Hypothesis, Model
from questionnaire.study import Study

MOMENTS = "moments"


def moment_stage(compiled: CompiledModel, sample: Sample) -> LabelledEffects | Unavailable:
    """Standardised effects by corrected moments: nothing is assumed of the factors' distribution."""
    first = _first_stage(compiled, sample)
    if isinstance(first, Unavailable):
        return first
    fit, data = first
    try:
        return moment_effects(compiled, fit.estimates, data)
    except TROUBLE as error:
        return Unavailable(str(error))


def calibrated_stage(compiled: CompiledModel, sample: Sample) -> tuple[SecondStage, Fit | None]:
    """Standardised effects by two stages with the first stage's fit; by moments where factors are skewed.

    Expected products take factors as normal: under marked skewness they show curves that are not there.
    """
    first = _first_stage(compiled, sample)
    if isinstance(first, Unavailable):
        return SecondStage(first, TWO_STAGE), None
    fit, data = first
    values = data[list(fit.cells.observed)].to_numpy(dtype=float)
    try:
        skewness = skewness_of_factors(compiled, fit, values)
        if skewness <= SKEWED:
            return SecondStage(two_stage_effects(compiled, fit, values), TWO_STAGE), fit
        note = (
            "by moments, as the factors are too skewed to be taken as normal "
            f"(Mardia's skewness {skewness:.2f} above its expectation)"
        )
        return SecondStage(moment_effects(compiled, fit.estimates, data), MOMENTS, note), fit
    except TROUBLE as error:
        return SecondStage(Unavailable(str(error)), TWO_STAGE), fit


def without_products(study: Study, model: Model, sample: Sample) -> Attempt:
    """A brief attempt at a model that only the second stage gives evidence of: its products stay unfitted."""
    compiled = compile_model(study, model, error_variances=sample.errors, absent=sample.absent)
    if isinstance(compiled, Unavailable):
        return failed_attempt(model, Part.STRUCTURAL, sample, "", compiled.reason, compiled.mend)
    found, fit = calibrated_stage(compiled, sample)
    if fit is None:
        reason = found.effects.reason if isinstance(found.effects, Unavailable) else ""
        return failed_attempt(model, Part.STRUCTURAL, sample, compiled.syntax, reason, "")
    shown = labelled_pvalues(fit)
    outcome = outcome_of(study, model, Part.STRUCTURAL, sample, compiled, fit, shown)
    return Attempt(outcome, fit, {}, compiled, found)


def _first_stage(compiled: CompiledModel, sample: Sample) -> tuple[Fit, pd.DataFrame] | Unavailable:
    """The model without its products fitted to the complete rows, and these."""
    data = sample.frame(compiled).dropna()
    try:
        fit = sem.fit(linear_part(compiled), data[[*compiled.items, *compiled.parcels]], estimator="MLR")
    except TROUBLE as error:
        return Unavailable(str(error))
    if not fit.converged:
        return Unavailable("the model without products did not converge")
    return fit, data


def second_stage_evidence(
    hypothesis: Hypothesis, effects: LabelledEffects | Unavailable, estimator: str, note: str = ""
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
    return Evidence(found[0], tuple(found[1:]), estimator, note=note)
