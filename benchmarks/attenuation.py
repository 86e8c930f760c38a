"""Where main effects gain and the pooled interaction loses: seven points, common method, products left out.

``python -m benchmarks.attenuation [DRAWS]``: estimates over the truth in very large samples, so that only
bias is left, with answers continuous or in seven skewed points and with or without the method factor. Main
effects come from the additive model of H1-H3, the pooled interaction from the pairwise model by corrected
moments. Last, both by two stages with a method factor held fixed that the marker identifies. First the exact
projection of the outcome on its additive causes: what an additive model estimates without any error.
"""

from __future__ import annotations

import sys
from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd

from analysis import sem
from analysis.pipeline.sample import Sample, score_sample
from analysis.pipeline.second_stage import moment_stage
from analysis.pipeline.testing import weigh_hypotheses
from analysis.planning.latents import draw_variables
from analysis.planning.population import PRODUCT, Population, standardised_effects, truth
from analysis.planning.population_file import population_of
from analysis.planning.power_plan import plan_power
from analysis.planning.power_replication import single_indicator_errors
from analysis.planning.simulate import simulate_items
from analysis.preparation.scoring import Scored
from analysis.synergy.compile import compile_model
from analysis.synergy.compiled import CompiledModel
from analysis.synergy.evidence import Evidence
from analysis.synergy.second_opinion import LabelledEffects, linear_part
from analysis.synergy.two_stage import two_stage_effects
from benchmarks.tools.benchmark import Benchmark
from questionnaire.loading import load_study

STUDY = load_study(Path(__file__).parents[1] / "data/studies/social_capital.yaml")
PLAN = plan_power(STUDY, ["H1", "H2", "H3"], [400], replications=2, seed=1)
MAIN = {"H1": "S", "H2": "R", "H3": "C"}
OUTCOME = "PI"
POOLED = ("S:R", "S:C", "R:C")
POOLED_ESTIMAND = "(gSR + gSC + gRC)/3"
MARKER = "MKR"
LARGE = 20_000


def run(draws: int) -> None:
    source = population_of(STUDY)
    for scenario in ("synergy", "half", "additive"):
        shares = projection(source.under(scenario))
        print(f"{scenario}: projection on the additive causes over the truth   {row(shares)}")
    for scenario in ("synergy", "half"):
        for method in (0.0, source.method):
            for points in ("continuous", "7 points"):
                population = replace(source, method=method).under(scenario)
                found = [shares_of_truth(population, seed, points) for seed in range(draws)]
                print(
                    f"{scenario}, method {method:.2f}, {points:<10} {row(np.mean(found, axis=0))}", flush=True
                )

        population = source.under(scenario)
        found = [controlled_shares(population, seed) for seed in range(draws)]
        print(f"{scenario}, method factor by the marker      {row(np.mean(found, axis=0))}", flush=True)


def row(shares: np.ndarray) -> str:
    names = (*MAIN.values(), "pooled")
    return "  ".join(f"{name} {share:.3f}" for name, share in zip(names, shares, strict=False))


def projection(population: Population) -> np.ndarray:
    """Coefficients of the best additive prediction over the population's own: (3,)."""
    moments = truth(population)
    (effects,) = (v.effects for v in population.variables if v.code == OUTCOME)
    causes = [term for term in effects if PRODUCT not in term]
    within = np.array([[moments.covariance(a, b) for b in causes] for a in causes])
    with_outcome = np.array([moments.covariance(a, OUTCOME) for a in causes])
    slopes = dict(zip(causes, np.linalg.solve(within, with_outcome), strict=True))
    return np.array([slopes[name] / effects[name] for name in MAIN.values()])


def shares_of_truth(population: Population, seed: int, points: str) -> list[float]:
    """Estimate over truth of the three main effects and the pooled interaction in one large sample."""
    sample = drawn(population, seed, points)
    true = standardised_effects(population, OUTCOME)
    additive = weigh_hypotheses(PLAN.study, sample, gate_passed=True, brief=True).evidence
    shares = []
    for code, name in MAIN.items():
        evidence = additive[code]
        assert isinstance(evidence, Evidence), evidence
        shares.append(evidence.effect.estimate / true[name])
    model = PLAN.study.model("M5_INT2")
    compiled = compile_model(PLAN.study, model, error_variances=sample.errors, absent=sample.absent)
    assert isinstance(compiled, CompiledModel), compiled
    effects = moment_stage(compiled, sample)
    assert isinstance(effects, LabelledEffects), effects
    pooled = effects.combine(POOLED_ESTIMAND)
    assert isinstance(pooled, tuple), pooled
    return [*shares, pooled[0] / float(np.mean([true[term] for term in POOLED]))]


def controlled_shares(population: Population, seed: int) -> list[float]:
    """As `shares_of_truth` from seven points, with a method factor in the first stage."""
    sample = drawn(population, seed, "7 points")
    model = PLAN.study.model("M5_INT2")
    compiled = compile_model(PLAN.study, model, error_variances=sample.errors, absent=sample.absent)
    assert isinstance(compiled, CompiledModel), compiled
    data = sample.frame(compiled)[list(compiled.parcels)].assign(
        **{MARKER: sample.parcels[MARKER].to_numpy()}
    )
    fit = sem.fit("\n".join((linear_part(compiled), method_factor(compiled))), data, estimator="MLR")
    effects = two_stage_effects(compiled, fit, data[list(fit.cells.observed)].to_numpy())
    assert isinstance(effects, LabelledEffects), effects
    true = standardised_effects(population, OUTCOME)
    paths = fit.estimates[fit.estimates["op"] == "~"].set_index(["lhs", "rhs"])["std_all"]
    pooled = effects.combine(POOLED_ESTIMAND)
    assert isinstance(pooled, tuple), pooled
    shares = [float(paths[OUTCOME, name]) / true[name] for name in MAIN.values()]
    return [*shares, pooled[0] / float(np.mean([true[term] for term in POOLED]))]


def method_factor(compiled: CompiledModel) -> str:
    """A factor that raises every item alike and is independent of all else (Williams et al. 2010: Method-C).

    Turning a reversed item turns its share of the factor too, so that one of four halves a parcel's loading.
    The marker is taken to share nothing else with the other constructs.
    """
    turned = {item.construct for item in PLAN.study.items.values() if item.reverse}
    names = {**compiled.parcels, MARKER: MARKER}
    loadings = [f"{'half' if construct in turned else 'whole'}*{name}" for name, construct in names.items()]
    # The first loading would be fixed to 1 were it not freed beforehand.
    lines = [f"M =~ NA*{next(iter(names))} + {' + '.join(loadings)}", "half == 0.5*whole", "M ~~ 1*M"]
    return "\n".join([*lines, *(f"M ~~ 0*{name}" for name in (*MAIN.values(), "PCM", "PRC"))])


def drawn(population: Population, seed: int, points: str) -> Sample:
    """A scored sample of seven-point answers, or of the responses before they are cut into points."""
    moments = truth(population)
    if points != "continuous":
        raw = simulate_items(PLAN.study, LARGE, seed, population=population, moments=moments)
    else:
        raw = continuous_items(population, seed)
    sample = score_sample(PLAN.study, raw, "none", Scored.RAW if points == "continuous" else Scored.NORMAL)
    return replace(sample, errors=single_indicator_errors(PLAN.study, sample))


def continuous_items(population: Population, seed: int) -> pd.DataFrame:
    """y* of every item, acquiescence included; reversed items mirrored as their answers would be."""
    rng, moments = np.random.default_rng(seed), truth(population)
    variables = draw_variables(population, moments, LARGE, rng)
    acquiescence = population.method * rng.standard_normal(LARGE)
    columns = {}
    for construct in PLAN.study.constructs:
        standard = variables[construct.code] / moments.sd(construct.code)
        for place, item in enumerate(construct.items):
            loading = population.loadings[min(place, len(population.loadings) - 1)]
            residual = np.sqrt(1 - loading**2 - population.method**2)
            response = (-loading if item.reverse else loading) * standard + acquiescence
            # Scoring turns a reversed code x into points + 1 - x: about 0 after centring.
            columns[item.code] = response + residual * rng.standard_normal(LARGE)
    return pd.DataFrame(columns)


BENCHMARK = Benchmark(__doc__, run, {"draws": {"type": int, "default": 4, "help": "large samples a case"}})
main = BENCHMARK.main

if __name__ == "__main__":
    sys.exit(main())
