"""What a reader must know before quoting a result, as coded findings."""

from __future__ import annotations

from collections.abc import Iterator

from analysis.pipeline.intake import Intake
from analysis.pipeline.matching import matching_matters
from analysis.pipeline.result import AnalysisResult, FailedModel, PlanStatus
from analysis.pipeline.second_estimator import disagreements
from analysis.pipeline.testing import NOT_GIVEN
from analysis.sem.findings import Finding
from analysis.unavailable import Unavailable
from questionnaire.instrument import Role

SMALL = 200
CARELESS = 0.05
"""Share of careless respondents from which unscreened interactions are badly biased."""


def remarks(result: AnalysisResult, intake: Intake) -> tuple[Finding, ...]:
    """All findings, most general first."""
    return tuple(_all(result, intake))


def _all(result: AnalysisResult, intake: Intake) -> Iterator[Finding]:
    if result.synthetic:
        yield Finding("synthetic", "These answers were simulated; nothing here is about real people.")
    yield from _sample(result, intake)
    yield from _screening(result)
    yield from _fabrication(result)
    yield from _table(result, intake)
    yield from _measurement(result)
    yield from _models(result)
    yield from disagreements(result.verdicts)
    yield from matching_matters(result.matchings)
    if result.plan is not PlanStatus.CONFIRMATORY:
        yield Finding(f"plan_{result.plan.value}", result.plan_note)


def _sample(result: AnalysisResult, intake: Intake) -> Iterator[Finding]:
    analysed = result.flow[-1].n
    if intake.read == 0:
        yield Finding("no_rows", "The answers table has no rows.", "Collect answers first.")
    elif len(intake.answers) == 0:
        yield Finding("no_answers", f"None of the {intake.read} rows has an answer.", "Check the export.")
    elif analysed < SMALL:
        yield Finding(
            "small_sample",
            f"{analysed} respondents are analysed; estimates from fewer than {SMALL} are unstable.",
            "Collect more before reading single figures.",
        )
    if len(intake.waves) > 1:
        yield Finding(
            "waves",
            f"The table has waves {', '.join(intake.waves)}; what is not across waves uses {intake.wave}.",
            where=intake.waves,
        )
    if intake.repeated:
        yield Finding(
            "repeated_respondents",
            f"{len(intake.repeated)} respondents stand in several rows of one wave.",
            "Keep one row each.",
            intake.repeated[:10],
        )


def _screening(result: AnalysisResult) -> Iterator[Finding]:
    for count in result.levels:
        if count.excluded and not count.kept:
            yield Finding(
                "all_flagged",
                f"Screening level {count.level} leaves nobody; the analysis there uses everyone or nothing.",
                "Look at the indices: a rule that flags all is set too strictly or meets unusable data.",
                (count.level,),
            )
    yield from _careless(result)
    for index in result.indices:
        if index.unavailable and index.level:
            yield Finding(
                "index_unavailable",
                f"The index {index.index} cannot be computed: {index.unavailable}.",
                where=(index.index,),
            )


def _careless(result: AnalysisResult) -> Iterator[Finding]:
    """Many careless answers, and verdicts that hang on leaving them out or in."""
    counts = {count.level: count for count in result.levels}
    strict = counts["rule"]
    total = strict.kept + strict.excluded
    if total and strict.excluded / total >= CARELESS:
        yield Finding(
            "careless",
            f"{strict.excluded} of {total} respondents look careless. Such answers fake interactions: "
            "figures at screening level none cannot be trusted.",
            "Read the level rule, and compare the levels.",
        )
    seen: dict[str, dict[str, str]] = {}
    for row in result.verdicts:
        # What is computed at the primary level alone cannot depend on the level. Second opinions come last,
        # and do not take the place of the verdict at their level.
        if row.scoring == result.scoring and row.reason != NOT_GIVEN.reason:
            seen.setdefault(row.hypothesis, {}).setdefault(row.screening, row.verdict)
    changed = tuple(h for h, verdicts in seen.items() if len(set(verdicts.values())) > 1)
    if changed:
        yield Finding(
            "screening_matters",
            f"The verdict on {', '.join(changed)} depends on the screening level.",
            "Report every level.",
            changed,
        )


def _fabrication(result: AnalysisResult) -> Iterator[Finding]:
    if isinstance(result.fabrication, Unavailable):
        return
    for sign in result.fabrication.signs:
        yield Finding(
            "fabrication",
            f"The sample looks fabricated: {sign}.",
            "Find out how these answers were collected before using them.",
        )


def _table(result: AnalysisResult, intake: Intake) -> Iterator[Finding]:
    if result.unknown_columns:
        yield Finding(
            "unknown_columns",
            f"{len(result.unknown_columns)} columns are not part of the study and were not used.",
            where=result.unknown_columns[:20],
        )
    items = intake.answers.items
    if len(intake.answers):
        yield from _missing_constructs(result, intake)
    constant = [str(c) for c in items if items[c].nunique() == 1 and len(items) > 1]
    if constant:
        yield Finding(
            "no_variance",
            f"Everyone gave the same answer to {len(constant)} of {items.shape[1]} items.",
            "Items without variance carry no information about how people differ.",
            tuple(constant[:20]),
        )
    if "platform" in intake.answers.context:
        platforms = intake.answers.context["platform"].dropna().astype(str).unique()
        if len(platforms) == 1:
            yield Finding(
                "one_platform", f"All answers are about {platforms[0]}; platforms cannot be compared."
            )


def _missing_constructs(result: AnalysisResult, intake: Intake) -> Iterator[Finding]:
    answered = intake.answers.items.columns[intake.answers.items.notna().any()]
    missing = [c for c in result.study.constructs if not any(item.code in answered for item in c.items)]
    optional = tuple(c.code for c in missing if c.role is Role.OPTIONAL)
    needed = tuple(c.code for c in missing if c.role is not Role.OPTIONAL)
    if needed:
        yield Finding(
            "construct_missing",
            f"Nobody answered {', '.join(needed)}; what needs them is not computed.",
            "Check that these items were shown and exported.",
            needed,
        )
    if optional:
        yield Finding("module_missing", f"The optional {', '.join(optional)} were not asked.", where=optional)


def _measurement(result: AnalysisResult) -> Iterator[Finding]:
    if not result.gate.passed:
        yield Finding("gate", result.gate.statement, "Report the measurement; do not read the hypotheses.")
    for name in ("factorability", "exploratory"):
        found = getattr(result.measurement, name)
        if isinstance(found, Unavailable):
            yield Finding(f"{name}_unavailable", f"There is no {name} analysis: {found.reason}.")


def _models(result: AnalysisResult) -> Iterator[Finding]:
    reasons: dict[str, list[str]] = {}
    for outcome in result.models:
        if isinstance(outcome, FailedModel):
            reasons.setdefault(outcome.reason, []).append(outcome.model)
        else:
            for problem in outcome.problems:
                yield Finding(
                    problem.code, f"{outcome.model}: {problem.message}", problem.mend, (outcome.model,)
                )
    for reason, models in reasons.items():
        yield Finding("model_not_fitted", f"{', '.join(models)}: {reason}.", where=tuple(models))
