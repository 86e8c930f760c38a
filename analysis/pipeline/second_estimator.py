"""The moment estimator beside every product model: its rows, and where the two estimators disagree."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from scipy.stats import norm

from analysis import sem
from analysis.pipeline.fitting import TROUBLE, Attempt
from analysis.pipeline.result import VerdictRow
from analysis.pipeline.sample import Sample
from analysis.pipeline.testing import Tested, verdict_rows
from analysis.sem.findings import Finding
from analysis.synergy.evidence import Effect, Evidence, conditions
from analysis.synergy.ruling import rule_all
from analysis.synergy.second_opinion import LabelledEffects, linear_part, moment_effects
from analysis.unavailable import Unavailable
from questionnaire.plan import Hypothesis
from questionnaire.study import Study

ESTIMATOR = "moments"
APART = 2.0
"""Standard errors between two estimates of one effect beyond which the reader is told."""


def moment_rows(
    study: Study, sample: Sample, tested: Tested, plan: str, *, gate_passed: bool
) -> list[VerdictRow]:
    """A row by the moment estimator for every hypothesis whose model has products."""
    effects = {
        code: _effects(attempt, sample)
        for code, attempt in tested.attempts.items()
        if attempt.compiled is not None and attempt.compiled.products
    }
    evidence: dict[str, Evidence | Unavailable] = dict(tested.evidence)
    evidence |= {h.code: _evidence(h, effects[h.model]) for h in study.hypotheses if h.model in effects}
    rulings = rule_all(study, evidence, gate_passed=gate_passed)
    rows = verdict_rows(study, sample, Tested({}, evidence, rulings), plan, primary=False)
    models = {h.code: h.model for h in study.hypotheses}
    return [replace(row, estimator=ESTIMATOR) for row in rows if models[row.hypothesis] in effects]


def disagreements(rows: tuple[VerdictRow, ...]) -> Iterator[Finding]:
    """Hypotheses whose two estimates lie further apart than their errors explain."""
    second = {row.hypothesis: row for row in rows if row.estimator == ESTIMATOR}
    for row in rows:
        other = second.get(row.hypothesis)
        if not row.primary or other is None or row.estimate is None or other.estimate is None:
            continue
        error = max(row.se or 0.0, other.se or 0.0)
        if abs(row.estimate - other.estimate) > APART * error:
            yield Finding(
                "estimators_disagree",
                f"{row.hypothesis}: product indicators give {row.estimate:.3f}, moments "
                f"{other.estimate:.3f}.",
                "Treat this effect as unsettled.",
                (row.hypothesis,),
            )


def _effects(attempt: Attempt, sample: Sample) -> LabelledEffects | Unavailable:
    compiled = attempt.compiled
    if compiled is None:
        return Unavailable("the model was not compiled")
    data = sample.frame(compiled).dropna()
    try:
        linear = sem.fit(linear_part(compiled), data[[*compiled.items, *compiled.parcels]])
        if not linear.converged:
            return Unavailable("the model without products did not converge")
        return moment_effects(compiled, linear.estimates, data)
    except TROUBLE as error:
        return Unavailable(str(error))


def _evidence(hypothesis: Hypothesis, effects: LabelledEffects | Unavailable) -> Evidence | Unavailable:
    if isinstance(effects, Unavailable):
        return effects
    found: list[Effect] = []
    for expression in (hypothesis.estimand, *conditions(hypothesis)):
        combined = effects.combine(expression)
        if isinstance(combined, Unavailable):
            return combined
        estimate, se = combined
        if not se > 0:
            return Unavailable("the moment estimator gives no standard error")
        found.append(Effect(estimate, se, float(2 * norm.sf(abs(estimate) / se))))
    return Evidence(found[0], tuple(found[1:]), ESTIMATOR)
