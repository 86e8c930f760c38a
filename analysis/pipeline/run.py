"""The pipeline: answers in, everything a report says out."""

from __future__ import annotations

from dataclasses import replace

import pandas as pd
from threadpoolctl import threadpool_limits

from analysis.pipeline.balance_rivals import rivals_of_balance
from analysis.pipeline.beside import Beside, beside
from analysis.pipeline.costs import foreseen
from analysis.pipeline.gating import measurement_gate
from analysis.pipeline.grouping import compare_by_groups, group_evidence
from analysis.pipeline.intake import take_in
from analysis.pipeline.invariances import invariances
from analysis.pipeline.manifest import manifest
from analysis.pipeline.matching import spread_over_matchings
from analysis.pipeline.measuring import measurement_report
from analysis.pipeline.method_bias import method_bias
from analysis.pipeline.model_tests import draw_model_tests
from analysis.pipeline.needing import describe_necessity, necessity_evidence
from analysis.pipeline.panelling import weigh_waves
from analysis.pipeline.planning_status import plan_status
from analysis.pipeline.probing import probe_models
from analysis.pipeline.progress import Progress, Stage, Steps, unheard
from analysis.pipeline.remarks import remarks
from analysis.pipeline.result import AnalysisResult
from analysis.pipeline.screened import flag_frame, index_summaries, level_counts
from analysis.pipeline.second_estimator import moment_rows
from analysis.pipeline.stages import (
    begin_measurement,
    compare_rivals,
    draw_sample,
    fit_rivals,
    fitted_measurement,
    repeat_verdicts,
    repeated_rows,
    widest,
)
from analysis.pipeline.testing import verdict_rows, weigh_hypotheses
from analysis.preparation.scoring import Scored
from analysis.screening.fabrication import look_for_fabrication
from analysis.screening.levels import Screened, screen
from analysis.screening.responses import gather_responses
from analysis.synergy.matchings import MatchingSpread, Unmatched
from questionnaire.study import Study

PRIMARY_LEVEL = "rule"


def analyse(
    study: Study,
    answers: pd.DataFrame,
    *,
    seed: int,
    progress: Progress | None = None,
    registered_plan: str | None = None,
    bootstrap: int | None = None,
    processes: int = 1,
) -> AnalysisResult:
    """Screen, measure, model and rule on an answers table.

    The primary analysis uses the screening level ``rule`` and the study's scoring; the verdicts are repeated
    at every other level, and at the primary level under the other scoring. ``registered_plan`` is the plan's
    hash as stored when fielding opened, ``bootstrap`` the number of draws (None: the study's own). Everything
    random comes from ``seed``; ``processes`` changes nothing but the time (a script that asks for more than
    one must guard its main module). Raises AnswersError for a table that cannot be read as answers to this
    study; whatever cannot be computed from a readable one is a value with its reason.
    """
    # Matrices here are small: more BLAS threads cost time, and results should not depend on their number.
    with threadpool_limits(limits=1), beside(processes) as other:
        draws = study.rules.bootstrap_draws if bootstrap is None else bootstrap
        steps = Steps(foreseen(study, draws), progress or unheard)
        return _analyse(study, answers, seed, steps, registered_plan, draws, other)


def _analyse(
    study: Study,
    table: pd.DataFrame,
    seed: int,
    steps: Steps,
    registered_plan: str | None,
    draws: int,
    other: Beside,
) -> AnalysisResult:
    steps.begin(Stage.READING, "reading the answers")
    intake = take_in(study, table)
    answers = intake.answers
    plan, plan_note = plan_status(study, answers, registered_plan, synthetic=intake.synthetic)
    steps.begin(Stage.SCREENING, "screening")
    responses = gather_responses(study, answers, seed=seed)
    screened = screen(responses, study.screening)
    level, scoring = _primary_level(screened), Scored(study.measurement.scoring)
    steps.begin(Stage.JUDGING, "judging the measurement")
    kept = screened.kept[level]
    sample, factors = draw_sample(study, answers, kept, level, scoring)
    measured = begin_measurement(study, sample, other)
    gate = measurement_gate(study, sample, factors)
    repeats = repeat_verdicts(
        study,
        intake,
        screened,
        (level, scoring),
        plan.value,
        gate_passed=gate.passed,
        seed=seed,
        beside=other,
    )
    steps.begin(Stage.GROUPS, "comparing groups and waves")
    groups = invariances(study, answers, sample, kept)
    comparisons = compare_by_groups(study, answers, sample, kept, groups)
    waves = weigh_waves(study, intake, level, scoring, seed=seed)
    necessities = describe_necessity(study, sample, seed)
    tested = weigh_hypotheses(
        study,
        sample,
        gate_passed=gate.passed,
        bootstrap=draws,
        seed=seed,
        detailed=True,
        steps=steps,
        given={
            **group_evidence(comparisons),
            **waves.evidence,
            **necessity_evidence(study, necessities),
        },
    )
    rows = verdict_rows(study, sample, tested, plan.value, primary=True)
    second = moment_rows(study, sample, tested, plan.value, gate_passed=gate.passed)
    measurement = fitted_measurement(measured, steps)
    attempts = {**measurement, **tested.attempts, **waves.attempts}
    attempts |= fit_rivals(study, sample, attempts, steps)
    attempts = draw_model_tests(attempts, min(draws, study.rules.model_test_draws), seed, steps)
    rows += repeated_rows(repeats, rows, steps)
    spreads = spread_over_matchings(study, sample, tested.attempts, steps)
    steps.begin(Stage.RELIABILITY, "measuring reliability and validity")
    report = measurement_report(
        study,
        answers.items[kept],
        sample,
        factors,
        widest(measurement),
        seed,
        context=answers.context[kept].reset_index(drop=True),
        draws=draws,
    )
    steps.begin(Stage.SUMMING, "summing up")
    result = AnalysisResult(
        study=study,
        plan=plan,
        plan_note=plan_note,
        seed=seed,
        screening=level,
        scoring=scoring.value,
        synthetic=intake.synthetic,
        flow=intake.flow(level, len(sample), screened),
        levels=level_counts(screened),
        indices=index_summaries(screened),
        flags=flag_frame(answers, screened),
        measurement=report,
        gate=gate,
        models=tuple(attempts[m.code].outcome for m in study.models if m.code in attempts),
        comparisons=compare_rivals(study, sample, attempts),
        verdicts=(*rows, *second),
        unknown_columns=answers.unknown,
        findings=(),
        manifest={},
        probes=probe_models(study, sample, tested.attempts),
        matchings=tuple(s for s in spreads if isinstance(s, MatchingSpread)),
        unmatched=tuple(s for s in spreads if isinstance(s, Unmatched)),
        totals=tested.totals,
        group_comparisons=comparisons,
        panels=waves.panels,
        necessities=necessities,
        balance_rivals=rivals_of_balance(study, sample, tested.attempts),
        fabrication=look_for_fabrication(
            responses.turned, responses.blocks, responses.seconds, responses.arrived
        ),
        invariances=(*groups, *waves.invariances),
        analysed=pd.concat([answers.items, answers.checks], axis=1)[kept],
        method_bias=method_bias(study, sample),
    )
    result = replace(result, findings=remarks(result, intake))
    result = replace(result, manifest=manifest(result, intake, draws))
    steps.end()
    return result


def _primary_level(screened: Screened) -> str:
    """The planned level, or no screening where that would leave nobody."""
    return PRIMARY_LEVEL if screened.kept[PRIMARY_LEVEL].any() else "none"
