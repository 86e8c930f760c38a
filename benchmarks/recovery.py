"""Do the hypothesis tests find what is there, and nothing else? The six scenarios of the built-in study.

``python -m benchmarks.recovery [REPS [SECONDS]]``: replications of each case (default 100; more where a rate
near a bound is at stake), and the time after which a case is cut short. With RECOVERY_FOLDER set to a folder
the same command goes on where it was interrupted. Every figure is printed with its Monte Carlo standard
error in brackets; a bound counts as met or not met only where two of those errors do not reach across it.
Scenarios share their random numbers, so that they differ by nothing but the truth.
"""

from __future__ import annotations

import json
import os
import sys
import time
from collections.abc import Callable, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import replace
from functools import partial
from multiprocessing import get_context
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from analysis.pipeline.remarks import CARELESS
from analysis.pipeline.sample import score_sample
from analysis.pipeline.testing import weigh_hypotheses
from analysis.planning.power_figures import Figure, proportion
from analysis.planning.power_plan import PowerPlan, plan_power
from analysis.planning.power_replication import Outcome, seed_of, single_indicator_errors
from analysis.planning.power_run import cores, run_power
from analysis.planning.power_summary import needed, summarise
from analysis.planning.power_truth import true_value
from analysis.planning.simulate import simulate
from analysis.preparation.answers import check_answers
from analysis.preparation.scoring import Scored
from analysis.screening.levels import screen
from analysis.screening.responses import gather_responses
from analysis.synergy.evidence import Evidence
from benchmarks.tools.benchmark import Benchmark
from benchmarks.tools.continuous import continuous_items
from questionnaire.loading import load_study

STUDY = load_study(Path(__file__).parents[1] / "data/studies/social_capital.yaml")
N = 1000
SEED = 20260
REPS = 100
SECONDS = 7200.0
MAIN = ("H1", "H2", "H3")
SCENARIOS = ("synergy", "half", "additive", "null", "balance", "curvature")
WORKERS = cores()
FOLDER = Path(os.environ["RECOVERY_FOLDER"]) if "RECOVERY_FOLDER" in os.environ else None
"""Where replications are kept, so that the same command goes on with a case that was cut short."""
FACTORS = {"additive": 10, "curvature": 2}
"""Rates near .05 need more replications than rates near 1 or means."""
COVERAGE_FACTOR = 3
SIZES = (600, 800)
"""Where the power of H8 is looked at, to say which N it needs."""


def run(reps: int, seconds: float) -> None:
    print(f"N = {N}, seed {SEED}, seven-point answers with a method factor unless said otherwise")
    codes = [*MAIN, "H7p", "H8"]
    tables = {name: _case(name, codes, reps * FACTORS.get(name, 1), seconds) for name in SCENARIOS}
    _admissible(tables)
    _main_effects(tables)
    _pooled(tables)
    _false_positives(tables)
    _balance(tables)
    _needed_for_balance(reps, seconds)
    _coverage(reps * COVERAGE_FACTOR, seconds)
    _careless(reps, seconds)


def _case(scenario: str, codes: Sequence[str], reps: int, seconds: float, **options: object) -> pd.DataFrame:
    """The summary of one case, by hypothesis."""
    plan = plan_power(STUDY, codes, [N], replications=reps, seed=SEED, scenario=scenario, **options)
    table = summarise(plan, _run(plan, seconds)).set_index("hypothesis")
    more = "".join(f", {name} {value}" for name, value in options.items())
    print(f"  {scenario}{more}: {table['replications'].iloc[0]} replications", flush=True)
    return table


def _run(plan: PowerPlan, seconds: float) -> tuple[Outcome, ...]:
    start = time.monotonic()
    kept = FOLDER / f"{plan.fingerprint[:16]}.jsonl" if FOLDER else None
    found = run_power(plan, workers=WORKERS, checkpoint=kept, stop=lambda: time.monotonic() - start > seconds)
    return found.outcomes


def _admissible(tables: dict[str, pd.DataFrame]) -> None:
    print("\nInadmissible or failed solutions: at most .05")
    for code in ("H1", "H7p", "H8"):
        for name, table in tables.items():
            row = table.loc[code]
            bad = round((row["inadmissible"] * (1 - row["failed"]) + row["failed"]) * row["replications"])
            _line(f"{name}, model of {code}", proportion(int(bad), int(row["replications"])), high=0.05)


def _main_effects(tables: dict[str, pd.DataFrame]) -> None:
    print("\nMain effects, share of the truth: within .20 of 1")
    for name in ("synergy", "half", "additive"):
        for code in MAIN:
            row = tables[name].loc[code]
            share = Figure(row["estimate"] / row["truth"], row["estimate_mcse"] / row["truth"])
            _line(f"{name}, {code}", share, low=0.80, high=1.20)


def _pooled(tables: dict[str, pd.DataFrame]) -> None:
    print("\nPooled interaction, share of the truth: within .30 and downward")
    for name in ("synergy", "half"):
        row = tables[name].loc["H7p"]
        share = Figure(row["estimate"] / row["truth"], row["estimate_mcse"] / row["truth"])
        _line(name, share, low=0.70, high=1.00)
        _line(f"{name}: power", Figure(row["power"], row["power_mcse"]))


def _false_positives(tables: dict[str, pd.DataFrame]) -> None:
    print("\nPooled interaction where there is none: interval without 0 in .03-.07")
    _line("additive, either side", _excluded(tables["additive"].loc["H7p"]), low=0.03, high=0.07)
    _line("null, either side", _excluded(tables["null"].loc["H7p"]))


def _excluded(row: pd.Series) -> Figure:
    """The share of intervals that leave 0 out, on whichever side."""
    names = ("share_supported", "share_supported_trivially_small", "share_contradicted")
    total = int(row["replications"])
    return proportion(round(sum(row[name] for name in names) * total), total)


def _balance(tables: dict[str, pd.DataFrame]) -> None:
    print("\nBalance is called balance (H8), curvature is not called synergy (H7p) or balance")
    pairs = [("balance", "H8"), ("balance", "H7p"), ("curvature", "H7p")]
    for name, code in (*pairs, *((name, "H8") for name in SCENARIOS if name != "balance")):
        row = tables[name].loc[code]
        high = None if name == "balance" else 0.07
        low = 0.80 if (name, code) == ("balance", "H8") else None
        _line(f"{name}: {code} supported", Figure(row["power"], row["power_mcse"]), low=low, high=high)
    print("\nKappa where it is 0: interval without 0, either side")
    for name in ("additive", "null"):
        _line(name, _excluded(tables[name].loc["H8"]))


def _needed_for_balance(reps: int, seconds: float) -> None:
    print("\nPower of H8 under balance by N")
    plan = plan_power(STUDY, ["H8"], SIZES, replications=reps, seed=SEED, scenario="balance")
    table = summarise(plan, _run(plan, seconds))
    for row in table.to_dict("records"):
        _line(f"N = {row['n']} ({row['replications']})", Figure(row["power"], row["power_mcse"]))
    if found := needed(plan, table, 0.80).get("H8"):
        print(f"  N for a power of .80: {found.n} ({found.lower} to {found.upper})")


def _coverage(reps: int, seconds: float) -> None:
    print("\nContinuous answers without a method factor: intervals hold the truth in .92-.97")
    for scenario, codes in (("additive", [*MAIN, "H7p"]), ("half", ["H7p"])):
        plan = plan_power(STUDY, codes, [N], replications=reps, seed=SEED, scenario=scenario)
        plan = replace(plan, population=replace(plan.population, method=0.0))
        held = _held(plan, seconds)
        for k, code in enumerate(codes):
            hits = [row[k] for row in held if row[k] is not None]
            _line(f"{scenario}, {code} ({len(hits)})", proportion(sum(hits), len(hits)), low=0.92, high=0.97)


def _held(plan: PowerPlan, seconds: float) -> list[list[bool | None]]:
    """For each replication, whether each hypothesis's interval holds the truth."""
    name = f"coverage-{plan.fingerprint[:16]}"
    return _each(name, partial(_holds, plan), plan.replications, seconds)


def _each(name: str, function: Callable[[int], Any], count: int, seconds: float) -> list[Any]:
    """``function`` of 0 … count − 1 on all cores, kept and cut short like the cases."""
    kept = FOLDER / f"{name}.jsonl" if FOLDER else None
    start = time.monotonic()
    found = [json.loads(line) for line in kept.read_text().splitlines()] if kept and kept.exists() else []
    left = range(len(found), count)
    with ProcessPoolExecutor(WORKERS, mp_context=get_context("spawn")) as pool:
        for row in pool.map(function, left):
            found.append(row)
            if kept:
                with kept.open("a") as file:
                    file.write(json.dumps(row) + "\n")
            if time.monotonic() - start > seconds:
                pool.shutdown(cancel_futures=True)
                break
    return found[:count]


def _holds(plan: PowerPlan, replication: int) -> list[bool | None]:
    items = continuous_items(plan.study, plan.population, N, seed_of(SEED, N, replication))
    sample = score_sample(plan.study, items, "none", Scored.RAW)
    sample = replace(sample, errors=single_indicator_errors(plan.study, sample))
    tested = weigh_hypotheses(plan.study, sample, gate_passed=True, brief=True)
    out: list[bool | None] = []
    for hypothesis in plan.study.hypotheses:
        evidence = tested.evidence[hypothesis.code]
        exact = true_value(plan.study, hypothesis, plan.population)
        if not isinstance(evidence, Evidence) or not isinstance(exact, float):
            out.append(None)
            continue
        low, high = evidence.effect.interval(plan.study.rules.confidence)
        out.append(bool(low <= exact <= high))
    return out


def _careless(reps: int, seconds: float) -> None:
    print(f"\nTen per cent careless: the warning comes (a share of {CARELESS} looks careless at level rule)")
    for share in (0.10, 0.0):
        warned = _each(f"warned-{share}", partial(_warned, share), reps, seconds)
        label = f"{share:.0%} careless ({len(warned)})"
        _line(label, proportion(sum(warned), len(warned)), low=0.95 if share else None)
    print("\nThree-way interaction where there is none, ten per cent careless: interval without 0")
    for level in ("none", "rule"):
        row = _case("additive", ["H7"], reps, seconds, careless=0.10, screening=level).loc["H7"]
        _line(f"screening {level}", _excluded(row))


def _warned(careless: float, replication: int) -> bool:
    table = simulate(STUDY, N, seed_of(SEED, N, replication), "additive", careless=careless)
    responses = gather_responses(STUDY, check_answers(STUDY, table), seed=replication)
    return bool(np.mean(~screen(responses, STUDY.screening).kept["rule"]) >= CARELESS)


def _line(label: str, figure: Figure, *, low: float | None = None, high: float | None = None) -> None:
    print(f"  {label:<40}{figure.value:8.3f} ({figure.error:.3f})  {_mark(figure, low, high)}", flush=True)


def _mark(figure: Figure, low: float | None, high: float | None) -> str:
    if low is None and high is None:
        return ""
    bottom, top = figure.value - 2 * figure.error, figure.value + 2 * figure.error
    low, high = -np.inf if low is None else low, np.inf if high is None else high
    if low <= bottom and top <= high:
        return "met"
    if top < low or high < bottom:
        return "NOT MET"
    return "inside, not certain" if low <= figure.value <= high else "outside, not certain"


BENCHMARK = Benchmark(
    __doc__,
    run,
    {
        "reps": {"type": int, "default": REPS, "help": "replications of each case"},
        "seconds": {"type": float, "default": SECONDS, "help": "after which a case is cut short"},
    },
    by_name="takes hours",
)
main = BENCHMARK.main

if __name__ == "__main__":
    sys.exit(main())
