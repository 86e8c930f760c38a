"""How often is a true product model rejected at 5%: by the scaled chi-square, and by drawing from it?

``python -m benchmarks.model_pvalue [REPS [SECONDS [GROUND]]]``: samples of each case (default 200), the time
after which a case is cut short, and the one ground to try (0, 1 or 2). The population is the built-in
study's, its three-way effect set to what the model says.
"""

from __future__ import annotations

import sys
import time
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np

from analysis.pipeline.fitting import fit_model
from analysis.pipeline.result import Part
from analysis.pipeline.sample import Sample, score_sample
from analysis.planning.population import Population, Scenario
from analysis.planning.population_file import population_of
from analysis.planning.power_figures import proportion
from analysis.planning.power_plan import plan_power
from analysis.planning.power_replication import seed_of, single_indicator_errors
from analysis.planning.simulate import simulate
from analysis.preparation.answers import check_answers
from analysis.preparation.scoring import Scored
from analysis.synergy.model_pvalue import DrawnTest, drawn_test
from benchmarks.tools.benchmark import Benchmark
from benchmarks.tools.continuous import continuous_items
from questionnaire.loading import load_study

STUDY = load_study(Path(__file__).parents[1] / "data/studies/social_capital.yaml")
SMALLER = plan_power(STUDY, ["H7p", "H7"], [500], replications=2, seed=1).study
"""What says which constructs are entered as one parcel, without the models across waves."""
SEED = 20261125
REPS = 200
SECONDS = 900.0
DRAWS = 39
"""Few suffice for a share of rejections: a test at 5% by 39 draws is exact, and a little less powerful."""
LEVEL = 0.05
TRUE_OF = {"M5_INT2": {"S:R:C": 0.0}, "M7_INT3": {}}
"""Model → what must change in the scenario "synergy" for it to be true."""


@dataclass(frozen=True, slots=True)
class Ground:
    """Where samples come from."""

    title: str
    sample: Callable[[Population, int, int], Sample]


def run(reps: int, seconds: float, only: int | None) -> None:
    print(f"Rejections of true models by 5% tests; seed {SEED}, {DRAWS} draws, at most {seconds:.0f} s each")
    for ground in GROUNDS if only is None else GROUNDS[only : only + 1]:
        for code in TRUE_OF:
            for n in (300, 500):
                check(ground, code, n, reps, seconds)


def population_for(code: str) -> Population:
    """The built-in population with the truth that ``code`` models."""
    everywhere = population_of(STUDY)
    base = everywhere.under("synergy")
    return replace(base, scenarios=(Scenario("true", "", {"PI": TRUE_OF[code]}),)).under("true")


def check(ground: Ground, code: str, n: int, reps: int, seconds: float) -> None:
    population, rejected = population_for(code), {"scaled": 0, "drawn": 0}
    done = failed = 0
    statistics: list[tuple[float, float]] = []
    cost, stop = 0.0, time.perf_counter() + seconds
    for replication in range(reps):
        if time.perf_counter() > stop:
            break
        sample = ground.sample(population, n, seed_of(SEED, n, replication))
        attempt = fit_model(STUDY, STUDY.model(code), sample, {}, part=Part.STRUCTURAL)
        if attempt.fit is None or attempt.compiled is None or not attempt.fit.converged:
            failed += 1
            continue
        before = time.process_time()
        found = drawn_test(attempt.compiled, attempt.fit, DRAWS, replication)
        cost += time.process_time() - before
        if not isinstance(found, DrawnTest):
            failed += 1
            continue
        done += 1
        rejected["scaled"] += bool(attempt.fit.inference.test.pvalue_scaled <= LEVEL)
        rejected["drawn"] += found.pvalue <= LEVEL
        statistics.append((attempt.fit.inference.test.chisq, found.mean))
    print(f"\n{ground.title}, {code}, N = {n}: {done} samples, {failed} without a solution or draws")
    for name, count in rejected.items():
        share = proportion(count, done)
        print(f"  {name:<14}{share.value:7.3f} ({share.error:.3f})")
    own, drawn = np.mean(statistics, axis=0)
    spread = float(np.std([statistic for statistic, _ in statistics]) / np.sqrt(done))
    print(f"  mean statistic {own:.1f} ({spread:.1f}), of the draws {drawn:.1f}")
    print(f"  processor time of a draw: {1000 * cost / max(done, 1) / DRAWS:.1f} ms", flush=True)


def continuous(population: Population, n: int, seed: int) -> Sample:
    """Uncut answers: first-order indicators are normal but for what products add to the outcome."""
    items = continuous_items(STUDY, population, n, seed)
    return _ready(score_sample(STUDY, items, "none", Scored.RAW))


def seven_points(population: Population, n: int, seed: int) -> Sample:
    """Skewed seven-point answers, normal scores, no method factor: the model holds for what is cut."""
    plain = replace(population, method=0.0, scenarios=(Scenario("true", ""),))
    table = simulate(STUDY, n, seed, "true", population=plain)
    return _ready(score_sample(STUDY, check_answers(STUDY, table).items, "none", Scored.NORMAL))


def with_method(population: Population, n: int, seed: int) -> Sample:
    """As the demonstration answers are: seven points and a method factor that no model has."""
    whole = replace(population, scenarios=(Scenario("true", ""),))
    table = simulate(STUDY, n, seed, "true", population=whole)
    return _ready(score_sample(STUDY, check_answers(STUDY, table).items, "none", Scored.NORMAL))


def _ready(sample: Sample) -> Sample:
    return replace(sample, errors=single_indicator_errors(SMALLER, sample))


GROUNDS = (
    Ground("continuous answers", continuous),
    Ground("seven skewed points", seven_points),
    Ground("seven skewed points, method factor .20", with_method),
)


BENCHMARK = Benchmark(
    __doc__,
    run,
    {
        "reps": {"type": int, "default": REPS, "help": "samples of each case"},
        "seconds": {"type": float, "default": SECONDS, "help": "after which a case is cut short"},
        "only": {"type": int, "choices": (0, 1, 2), "metavar": "GROUND", "help": "the one ground to try"},
    },
    by_name="takes up to three hours",
)
main = BENCHMARK.main

if __name__ == "__main__":
    sys.exit(main())
