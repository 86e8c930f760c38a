"""One replication: draw respondents, prepare them as an analysis would, fit what is asked, rule."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
import pandas as pd
from threadpoolctl import threadpool_limits

from analysis.pipeline.one_factor import OneFactor, error_variance, fit_one_factor
from analysis.pipeline.result import FailedModel
from analysis.pipeline.sample import Sample, score_sample
from analysis.pipeline.testing import Tested, weigh_hypotheses
from analysis.planning.population import Truth, truth
from analysis.planning.power_plan import PowerPlan
from analysis.planning.simulate import simulate, simulate_items
from analysis.preparation.answers import check_answers
from analysis.preparation.scoring import Scored
from analysis.screening.levels import screen
from analysis.screening.responses import gather_responses
from analysis.synergy.evidence import Evidence
from analysis.synergy.structure import read_structure
from questionnaire.plan import Hypothesis
from questionnaire.study import Study

Task = tuple[int, int]
"""N and the replication's number, from 0."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """What one replication says about one hypothesis.

    ``analysed`` respondents were left after screening. ``estimate``, ``se``, ``lower``, ``upper`` are on the
    standardised scale, None where nothing came out; ``reason`` then says why. ``problems`` are the codes of
    the engine's findings.
    """

    hypothesis: str
    n: int
    replication: int
    analysed: int
    estimate: float | None
    se: float | None
    lower: float | None
    upper: float | None
    pvalue: float | None
    verdict: str
    problems: tuple[str, ...]
    reason: str


def run_batch(plan: PowerPlan, tasks: Sequence[Task]) -> list[Outcome]:
    """The outcomes of some replications, each from its own stream of random numbers."""
    moments = truth(plan.population)
    with threadpool_limits(limits=1):
        return [outcome for n, replication in tasks for outcome in replicate(plan, n, replication, moments)]


def replicate(plan: PowerPlan, n: int, replication: int, moments: Truth | None = None) -> list[Outcome]:
    """One outcome a hypothesis, the same wherever and in whatever order it is computed.

    ``moments``: the population's `truth` where it is at hand.
    """
    seed = seed_of(plan.seed, n, replication)
    sample = draw(plan, n, seed, moments)
    tested = weigh_hypotheses(
        plan.study, sample, gate_passed=True, bootstrap=plan.bootstrap, seed=seed, brief=True
    )
    return [_outcome(plan.study, h, tested, n, replication, len(sample)) for h in plan.study.hypotheses]


def seed_of(seed: int, n: int, replication: int) -> int:
    """The replication's own seed: the child of ``SeedSequence(seed)`` with spawn key (n, replication).

    A child depends on nothing but its key, so more replications or sizes leave the earlier ones as they are.
    """
    words = np.random.SeedSequence(seed, spawn_key=(n, replication)).generate_state(2, np.uint64)
    return int(words[0]) << 64 | int(words[1])


def draw(plan: PowerPlan, n: int, seed: int, moments: Truth | None = None) -> Sample:
    """A scored sample with the error variances that the models of the plan need."""
    items = drawn_items(plan, n, seed, moments or truth(plan.population))
    sample = score_sample(plan.study, items, plan.screening, Scored(plan.study.measurement.scoring))
    return replace(sample, errors=single_indicator_errors(plan.study, sample))


def drawn_items(plan: PowerPlan, n: int, seed: int, moments: Truth) -> pd.DataFrame:
    """The item codes of n respondents, or of those among them whom the plan's screening level keeps."""
    asked = {"careless": plan.careless, "item_missing": plan.item_missing}
    if plan.screening == "none" and not plan.dropout:
        return simulate_items(
            plan.study, n, seed, population=plan.population, moments=moments, form=plan.form, **asked
        )
    table = simulate(
        plan.study,
        n,
        seed,
        plan.scenario,
        dropout=plan.dropout,
        form=plan.form,
        population=plan.population,
        **asked,
    )
    return kept_items(plan, table, seed)


def kept_items(plan: PowerPlan, table: pd.DataFrame, seed: int) -> pd.DataFrame:
    """The item codes of the respondents that the plan's screening level keeps."""
    if plan.screening == "none":
        given = {code: table[code].to_numpy(dtype=float, na_value=np.nan) for code in plan.study.items}
        return pd.DataFrame(given)
    answers = check_answers(plan.study, table)
    # Two of the indices draw random numbers of their own, and take a seed of 64 bits.
    responses = gather_responses(plan.study, answers, seed=seed & (2**64 - 1))
    return answers.items[screen(responses, plan.study.screening).kept[plan.screening]]


def single_indicator_errors(study: Study, sample: Sample) -> dict[str, float]:
    """Error variance of each single indicator in the study's hypotheses, where its reliability is known."""
    errors = {}
    for code in _single_indicators(study):
        members = [item.code for item in study.construct(code).items]
        factor = fit_one_factor(sample.items[members], study.measurement.missing, assessed=False)
        if isinstance(factor, OneFactor):
            errors[code] = error_variance(sample.parcels[code], factor)
    return errors


def _single_indicators(study: Study) -> list[str]:
    models = {h.model for h in study.hypotheses} | {h.rival for h in study.hypotheses if h.rival}
    named = {code for model in models for code in read_structure(study, study.model(model)).variables}
    return [code for code in study.measurement.single_indicators if code in named]


def _outcome(
    study: Study, hypothesis: Hypothesis, tested: Tested, n: int, replication: int, analysed: int
) -> Outcome:
    evidence, ruling = tested.evidence[hypothesis.code], tested.rulings[hypothesis.code]
    effect = evidence.effect if isinstance(evidence, Evidence) else None
    lower, upper = effect.interval(study.rules.confidence) if effect else (None, None)
    model = tested.attempts[hypothesis.model].outcome
    codes = () if isinstance(model, FailedModel) else tuple(sorted({p.code for p in model.problems}))
    return Outcome(
        hypothesis=hypothesis.code,
        n=n,
        replication=replication,
        analysed=analysed,
        estimate=effect.estimate if effect else None,
        se=effect.se if effect else None,
        lower=lower,
        upper=upper,
        pvalue=evidence.pvalue if isinstance(evidence, Evidence) else None,
        verdict=ruling.verdict.value,
        problems=codes,
        reason=evidence.reason if not isinstance(evidence, Evidence) else "",
    )
