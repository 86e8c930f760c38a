"""All hypotheses at one sample: fit each model once, read the evidence, rule."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace

import numpy as np
import pandas as pd

from analysis import sem
from analysis.pipeline.drawn import kept_draws
from analysis.pipeline.fitting import TROUBLE, Attempt, fit_model
from analysis.pipeline.progress import SILENT, Stage, Steps
from analysis.pipeline.result import FailedModel, FittedModel, Part, VerdictRow
from analysis.pipeline.sample import Sample
from analysis.pipeline.second_stage import calibrated_stage, second_stage_evidence, without_products
from analysis.synergy.evidence import Evidence, estimand_names, read_evidence
from analysis.synergy.ruling import Ruling, rule_all
from analysis.synergy.totals import Total, read_total, total_names
from analysis.synergy.two_stage import by_two_stages
from analysis.unavailable import Unavailable
from questionnaire.plan import Hypothesis, HypothesisKind
from questionnaire.study import Study

ELSEWHERE = frozenset(
    {HypothesisKind.CROSS_LAGGED, HypothesisKind.GROUP_COMPARISON, HypothesisKind.NECESSITY}
)
"""Kinds whose evidence does not come from one model fitted to one sample, and is given."""
NOT_GIVEN = Unavailable("no model of a single sample tests it")
BOOTSTRAPPED = frozenset({HypothesisKind.MEDIATION})


@dataclass(frozen=True, slots=True, eq=False)
class Tested:
    """Every model tried at one sample, and the evidence and ruling for every hypothesis."""

    attempts: Mapping[str, Attempt]
    evidence: Mapping[str, Evidence | Unavailable]
    rulings: Mapping[str, Ruling]
    totals: tuple[Total, ...] = ()


def weigh_hypotheses(
    study: Study,
    sample: Sample,
    *,
    gate_passed: bool,
    bootstrap: int = 0,
    seed: int = 1,
    detailed: bool = False,
    brief: bool = False,
    steps: Steps = SILENT,
    given: Mapping[str, Evidence | Unavailable] | None = None,
) -> Tested:
    """Evidence and rulings at ``sample``; mediation gets ``bootstrap`` draws where that is above 0.

    ``brief`` leaves out of the models what only a reader needs. ``given``: hypothesis → evidence that other
    stages found.
    """
    attempts: dict[str, Attempt] = {}
    codes = list(dict.fromkeys(h.model for h in study.hypotheses if h.kind not in ELSEWHERE))
    steps.begin(Stage.TESTING, "testing the hypotheses")
    for k, code in enumerate(codes):
        steps.part(k / len(codes), f"testing by {code}")
        asked = {
            name: text
            for place, h in enumerate(study.hypotheses)
            if h.model == code and h.kind not in ELSEWHERE
            for name, text in {**estimand_names(place, h), **total_names(place, h)}.items()
        }
        model = study.model(code)
        staged = [by_two_stages(h) for h in study.hypotheses if h.model == code]
        if brief and all(staged):
            attempts[code] = without_products(study, model, sample)
            continue
        attempt = fit_model(study, model, sample, asked, part=Part.STRUCTURAL, detailed=detailed, brief=brief)
        if any(staged) and attempt.compiled is not None:
            attempt = replace(attempt, second_stage=calibrated_stage(attempt.compiled, sample)[0])
        attempts[code] = attempt
    evidence: dict[str, Evidence | Unavailable] = {}
    drawn = _all_draws(study, attempts, bootstrap, seed, steps)
    if detailed:
        attempts = {code: _with_draws(a, drawn[code]) for code, a in attempts.items()}
    draws = {code: None if d is None else _by_name(d) for code, d in drawn.items()}
    for place, hypothesis in enumerate(study.hypotheses):
        evidence[hypothesis.code] = (given or {}).get(hypothesis.code) or _evidence(
            study, sample, place, hypothesis, attempts, draws
        )
    rulings = rule_all(study, evidence, gate_passed=gate_passed)
    return Tested(attempts, evidence, rulings, _totals(study, attempts, draws))


def _totals(
    study: Study, attempts: Mapping[str, Attempt], draws: Mapping[str, dict[str, np.ndarray] | None]
) -> tuple[Total, ...]:
    found = []
    for place, h in enumerate(study.hypotheses):
        attempt = attempts.get(h.model)
        if attempt is not None and isinstance(attempt.outcome, FittedModel) and attempt.outcome.converged:
            found.append(read_total(place, h, attempt.effects, draws[h.model], study.rules.confidence))
    return tuple(total for total in found if total is not None)


def verdict_rows(
    study: Study, sample: Sample, tested: Tested, plan: str, *, primary: bool
) -> list[VerdictRow]:
    """One row a hypothesis."""
    return [
        _row(study, sample, h, tested.evidence[h.code], tested.rulings[h.code], plan, primary)
        for h in study.hypotheses
    ]


def relabel(rows: list[VerdictRow], level: str) -> list[VerdictRow]:
    """The same figures for a screening level that keeps the same respondents."""
    return [replace(row, screening=level, primary=False) for row in rows]


def _all_draws(
    study: Study, attempts: Mapping[str, Attempt], bootstrap: int, seed: int, steps: Steps
) -> dict[str, pd.DataFrame | None]:
    """Bootstrap draws of every model that a hypothesis asks them of, None for the others."""
    wanted = [c for c in attempts if any(h.model == c and h.kind in BOOTSTRAPPED for h in study.hypotheses)]
    steps.begin(Stage.DRAWING, "drawing bootstrap samples")
    found: dict[str, pd.DataFrame | None] = dict.fromkeys(attempts)
    for k, code in enumerate(wanted):

        def tick(done: int, of: int, k: int = k, code: str = code) -> None:
            doing = f"drawing bootstrap samples of {code}: {done} of {of}"
            steps.part((k + done / of) / len(wanted), doing)

        found[code] = _draws(attempts[code], bootstrap, seed, tick)
    return found


def _draws(
    attempt: Attempt, bootstrap: int, seed: int, tick: Callable[[int, int], None]
) -> pd.DataFrame | None:
    if not (bootstrap and attempt.fit is not None and isinstance(attempt.outcome, FittedModel)):
        return None
    # Resampling an improper or unfinished solution mostly fails, slowly, and its intervals mean nothing.
    if attempt.outcome.problems or not attempt.outcome.converged:
        return None
    try:
        return attempt.fit.bootstrap(draws=bootstrap, seed=seed, ci="perc", progress=tick).draws
    except TROUBLE:
        return None


def _by_name(drawn: pd.DataFrame) -> dict[str, np.ndarray]:
    return {str(name): np.asarray(drawn[name], dtype=float) for name in drawn.columns}


def _with_draws(attempt: Attempt, drawn: pd.DataFrame | None) -> Attempt:
    if drawn is None or not isinstance(attempt.outcome, FittedModel):
        return attempt
    kept = kept_draws(drawn, attempt.outcome.estimates)
    return replace(attempt, outcome=replace(attempt.outcome, draws=kept))


def _evidence(
    study: Study,
    sample: Sample,
    place: int,
    hypothesis: Hypothesis,
    attempts: Mapping[str, Attempt],
    draws: Mapping[str, dict[str, np.ndarray] | None],
) -> Evidence | Unavailable:
    if hypothesis.kind in ELSEWHERE:
        return NOT_GIVEN
    attempt = attempts[hypothesis.model]
    if isinstance(attempt.outcome, FailedModel):
        return Unavailable(attempt.outcome.reason)
    if by_two_stages(hypothesis) and (staged := attempt.second_stage) is not None:
        return second_stage_evidence(hypothesis, staged.effects, staged.estimator, staged.note)
    if not attempt.outcome.converged:
        return Unavailable(f"{hypothesis.model} did not converge")
    labelled = attempt.outcome.estimates[attempt.outcome.estimates["label"] != ""]
    pvalues = dict(zip(labelled["label"].astype(str), labelled["pvalue"].astype(float), strict=True))
    own = draws[hypothesis.model] if hypothesis.kind in BOOTSTRAPPED else None
    estimator = attempt.outcome.estimator + (", bootstrap" if own else "")
    found = read_evidence(place, hypothesis, attempt.effects, pvalues, estimator, own)
    if isinstance(found, Evidence) and hypothesis.kind is HypothesisKind.SECOND_ORDER:
        return _common_factor(study, sample, hypothesis, attempt, found)
    return found


def _common_factor(
    study: Study, sample: Sample, hypothesis: Hypothesis, attempt: Attempt, found: Evidence
) -> Evidence | Unavailable:
    """One factor suffices only if the difference test against the rival does not reject it."""
    rival = fit_model(study, study.model(hypothesis.rival), sample, {}, part=Part.RIVAL)
    if rival.fit is None or attempt.fit is None:
        return Unavailable(f"the rival {hypothesis.rival} could not be fitted")
    try:
        table = sem.compare(rival.fit, attempt.fit)
    except TROUBLE as error:
        return Unavailable(f"{hypothesis.model} and {hypothesis.rival} cannot be compared: {error}")
    tests = table["pvalue"].dropna()
    if tests.empty:
        return Unavailable(f"{hypothesis.model} and {hypothesis.rival} have no difference test")
    pvalue, last = float(tests.iloc[-1]), table.loc[tests.index[-1]]
    df, planned = int(last["df_diff"]), hypothesis.options.get("df")
    if isinstance(planned, int) and df != planned:
        return Unavailable(
            f"the difference test against {hypothesis.rival} has {df} degrees of freedom, not the planned "
            f"{planned}"
        )
    said = f"Δχ²({df}) = {float(last['chisq_diff']):.2f}, p {_printed(pvalue)}"
    if pvalue < hypothesis.alpha:
        return replace(found, against=f"the difference test against {hypothesis.rival} rejects it ({said})")
    return replace(found, note=f"the difference test against {hypothesis.rival} does not reject it ({said})")


def _printed(pvalue: float) -> str:
    """As reports print p values: exact to three digits, without the zero before the point."""
    return "< .001" if pvalue < 0.001 else f"= {pvalue:.3f}".replace("0.", ".", 1)


def _row(
    study: Study,
    sample: Sample,
    hypothesis: Hypothesis,
    evidence: Evidence | Unavailable,
    ruling: Ruling,
    plan: str,
    primary: bool,
) -> VerdictRow:
    effect = evidence.effect if isinstance(evidence, Evidence) else None
    lower, upper = effect.interval(study.rules.confidence) if effect else (None, None)
    return VerdictRow(
        hypothesis=hypothesis.code,
        estimand=hypothesis.estimand,
        screening=sample.level,
        scoring=sample.scoring,
        estimator=evidence.estimator if isinstance(evidence, Evidence) else study.measurement.estimator,
        estimate=effect.estimate if effect else None,
        se=effect.se if effect else None,
        ci_lower=lower,
        ci_upper=upper,
        pvalue=evidence.pvalue if isinstance(evidence, Evidence) else None,
        pvalue_adjusted=ruling.pvalue_adjusted,
        sesoi=hypothesis.sesoi,
        verdict=ruling.verdict.value,
        plan=plan,
        reason=ruling.reason,
        model=hypothesis.model,
        rival=hypothesis.rival,
        family=hypothesis.family,
        primary=primary,
    )
