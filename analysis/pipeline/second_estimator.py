"""The moment estimator beside every product model: its rows, and where the two estimators disagree."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from analysis.pipeline.result import VerdictRow
from analysis.pipeline.sample import Sample
from analysis.pipeline.second_stage import MOMENTS as ESTIMATOR
from analysis.pipeline.second_stage import moment_stage, second_stage_evidence
from analysis.pipeline.testing import Tested, verdict_rows
from analysis.sem.findings import Finding
from analysis.synergy.evidence import Evidence
from analysis.synergy.ruling import rule_all
from analysis.synergy.two_stage import ESTIMATOR as TWO_STAGE
from analysis.unavailable import Unavailable
from questionnaire.study import Study

APART = 2.0
"""Standard errors between two estimates of one effect beyond which the reader is told."""


def moment_rows(
    study: Study, sample: Sample, tested: Tested, plan: str, *, gate_passed: bool
) -> list[VerdictRow]:
    """A row by the moment estimator for every hypothesis whose model has products."""
    effects = {
        code: moment_stage(attempt.compiled, sample)
        for code, attempt in tested.attempts.items()
        if attempt.compiled is not None and attempt.compiled.products
    }
    evidence: dict[str, Evidence | Unavailable] = dict(tested.evidence)
    evidence |= {
        h.code: second_stage_evidence(h, effects[h.model], ESTIMATOR)
        for h in study.hypotheses
        if h.model in effects
    }
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
            one, two = f"{row.estimate:.3f}", f"{other.estimate:.3f}"
            yield Finding(
                "estimators_disagree",
                f"{row.hypothesis}: the two stages give {one}, moments {two}."
                if row.estimator == TWO_STAGE
                else f"{row.hypothesis}: product indicators give {one}, moments {two}.",
                "Treat this effect as unsettled.",
                (row.hypothesis,),
            )
