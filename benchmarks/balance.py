"""Three estimators of balance in populations other than the one the study was planned with.

``python -m benchmarks.balance [REPS]``: for each population and scenario, in what share of samples the rule
would support H8 (κ, mean product and minus mean square each above 0 at 95%), by two stages with its fallback,
by corrected moments, and by matched product indicators in the first REPS/4 samples. Monte Carlo standard
errors in brackets.
"""

from __future__ import annotations

import sys
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
import pandas as pd

from analysis.pipeline.sample import Sample, score_sample
from analysis.pipeline.second_stage import calibrated_stage, moment_stage, second_stage_evidence
from analysis.pipeline.testing import weigh_hypotheses
from analysis.planning.item_answers import item_answers
from analysis.planning.latents import draw_variables
from analysis.planning.population import Population, Thresholds, truth
from analysis.planning.population_file import population_of
from analysis.planning.power_figures import proportion
from analysis.planning.power_plan import plan_power
from analysis.planning.power_replication import single_indicator_errors
from analysis.preparation.scoring import Scored
from analysis.synergy.compile import compile_model
from analysis.synergy.compiled import CompiledModel
from analysis.synergy.evidence import Evidence
from benchmarks.tools.benchmark import Benchmark
from questionnaire.loading import load_study

STUDY = load_study(Path(__file__).parents[1] / "data/studies/social_capital.yaml")
PLAN = plan_power(STUDY, ["H8"], [400], replications=2, seed=1)
SCENARIOS = ("balance", "additive", "curvature")
SKEWED_SOURCES = 3
"""S, and what R and C do not share with it: the first draws of `draw_variables`."""


@dataclass(frozen=True)
class Case:
    """A population: the built-in one with these changes. ``skewness`` is that of the capitals' own parts."""

    name: str
    n: int = 1000
    loadings: tuple[float, ...] = ()
    method: float | None = None
    points: int = 7
    skewness: float = 0.0


CASES = (
    Case("five points, N = 400", n=400, points=5),
    Case("loadings .75-.60, method .10", loadings=(0.75, 0.70, 0.65, 0.60), method=0.10),
    Case("sources of skewness -1.4", skewness=-1.4),
    Case("as planned, N = 1000"),
    Case("method .30", method=0.30),
    Case("sources of skewness -0.7", skewness=-0.7),
)


class Shocks:
    """Standard normal draws, of which the first few are standardised gamma draws of a skewness."""

    def __init__(self, rng: np.random.Generator, skewness: float) -> None:
        self.rng, self.skewness, self.calls = rng, skewness, 0

    def standard_normal(self, n: int) -> np.ndarray:
        self.calls += 1
        if not self.skewness or self.calls > SKEWED_SOURCES:
            return self.rng.standard_normal(n)
        shape = 4 / self.skewness**2
        return np.sign(self.skewness) * (self.rng.gamma(shape, size=n) - shape) / np.sqrt(shape)


def run(reps: int) -> None:
    for case in CASES:
        print(case.name, flush=True)
        for scenario in SCENARIOS:
            population = changed(case).under(scenario)
            found = [judged(case, population, seed, seed < reps // 4) for seed in range(reps)]
            for estimator in ("two stages", "of them by moments", "moments", "product indicators"):
                given = [row[estimator] for row in found if row[estimator] is not None]
                share = proportion(sum(given), len(given))
                print(f"  {scenario:<10} {estimator:<20}{share.value:7.3f} ({share.error:.3f})", flush=True)


def changed(case: Case) -> Population:
    """The built-in population with the case's changes."""
    source = population_of(STUDY)
    cuts = {member.points: member.cuts for member in source.thresholds}
    coarse = tuple(Thresholds(p, cuts[case.points]) if p == 7 else Thresholds(p, c) for p, c in cuts.items())
    return replace(
        source,
        loadings=case.loadings or source.loadings,
        method=source.method if case.method is None else case.method,
        thresholds=coarse,
    )


def judged(case: Case, population: Population, seed: int, whole: bool) -> dict[str, bool | None]:
    """Whether each estimator supports H8, None where it was not tried."""
    sample = drawn(case, population, seed)
    (hypothesis,) = PLAN.study.hypotheses
    model = PLAN.study.model(hypothesis.model)
    compiled = compile_model(PLAN.study, model, error_variances=sample.errors, absent=sample.absent)
    assert isinstance(compiled, CompiledModel), compiled
    staged = calibrated_stage(compiled, sample)[0]
    second = moment_stage(compiled, sample)
    plain = replace(
        PLAN.study, hypotheses=(replace(hypothesis, options=without_estimator(hypothesis.options)),)
    )
    by_products = weigh_hypotheses(plain, sample, gate_passed=True, brief=True).evidence if whole else {}
    return {
        "two stages": supports(second_stage_evidence(hypothesis, staged.effects, "")),
        "of them by moments": staged.note != "",
        "moments": supports(second_stage_evidence(hypothesis, second, "")),
        "product indicators": supports(by_products[hypothesis.code]) if whole else None,
    }


def without_estimator(options: object) -> dict[str, object]:
    return {key: value for key, value in dict(options).items() if key != "estimator"}


def supports(evidence: object) -> bool:
    """Whether every part of the evidence lies above 0 at 95%."""
    return isinstance(evidence, Evidence) and all(part.interval(0.95)[0] > 0 for part in evidence.parts)


def drawn(case: Case, population: Population, seed: int) -> Sample:
    """A scored sample; the draws are the same in every scenario."""
    moments = truth(population)
    shocks = Shocks(np.random.default_rng((seed, 0)), case.skewness)
    variables = draw_variables(population, moments, case.n, shocks)  # type: ignore[arg-type]
    answers = item_answers(PLAN.study, population, variables, moments, np.random.default_rng((seed, 1)))
    raw = pd.DataFrame(answers.astype(float), columns=list(PLAN.study.items))
    # Normal scores ask only for the order of answers, so a shorter scale needs no other turning.
    sample = score_sample(PLAN.study, raw, "none", Scored.NORMAL)
    return replace(sample, errors=single_indicator_errors(PLAN.study, sample))


BENCHMARK = Benchmark(__doc__, run, {"reps": {"type": int, "default": 200, "help": "samples a case"}})
main = BENCHMARK.main

if __name__ == "__main__":
    sys.exit(main())
