"""How often the ladder on single items names the item that differs, and how often one that does not.

    python -m benchmarks.invariance_power [--runs 40] [--seed 100] [--n 800]

Populations: the built-in study's own, half of it on each of two platforms; the same where on one platform
half the answers to RTT2 are somebody else's (the loading halves and the margin stays); the same where CSV3 is
answered a category higher on one platform. Prints the table kept in docs/measurement.md.
"""

from __future__ import annotations

import sys
from collections import Counter
from pathlib import Path

import numpy as np
import pandas as pd

from analysis.measurement.group_invariance import group_invariance
from analysis.pipeline.sample import score_sample
from analysis.planning.simulate import simulate
from analysis.preparation.answers import check_answers
from analysis.preparation.scoring import Scored
from analysis.unavailable import Unavailable
from benchmarks.tools.benchmark import Benchmark
from questionnaire.loading import load_study

STUDY = load_study(Path(__file__).parents[1] / "data" / "studies" / "social_capital.yaml")
ITEMS = {construct.code: [item.code for item in construct.items] for construct in STUDY.constructs}
FACETS = [facet for dimension in STUDY.dimensions for facet in dimension.facets]
SYNTAX = "\n".join(f"{facet} =~ {' + '.join(ITEMS[facet])}" for facet in FACETS)
CASES = (
    ("same", Scored.NORMAL),
    ("same", Scored.RAW),
    ("loading", Scored.NORMAL),
    ("intercept", Scored.NORMAL),
)


def population(kind: str, n: int, seed: int) -> pd.DataFrame:
    """Answers of n respondents, of whom about half are on each platform."""
    table, rng = simulate(STUDY, n, seed), np.random.default_rng(seed)
    second = rng.random(n) < 0.5
    table["platform"] = np.where(second, "jd", "douyin")
    if kind == "loading":
        rows = np.flatnonzero(~second & (rng.random(n) < 0.5))
        table.loc[rows, "RTT2"] = table.loc[rng.permutation(rows), "RTT2"].to_numpy()
    elif kind == "intercept":
        table.loc[~second, "CSV3"] = np.clip(table.loc[~second, "CSV3"] + 1, 1, 7)
    return table


def freed(kind: str, scoring: Scored, n: int, seed: int) -> str:
    """What the ladder freed below strict, or why there is none."""
    answers = check_answers(STUDY, population(kind, n, seed))
    sample = score_sample(STUDY, answers.items, "none", scoring)
    data = sample.items[[item for facet in FACETS for item in ITEMS[facet]]]
    found = group_invariance(SYNTAX, data, answers.context["platform"], n_min=200)
    if isinstance(found, Unavailable):
        return found.reason
    return ", ".join(entry for entry in found.freed if "~~" not in entry) or "nothing"


def run(runs: int, seed: int, n: int) -> None:
    print("| population | scoring | freed | samples |\n|---|---|---|---|")
    for kind, scoring in CASES:
        seen = Counter(freed(kind, scoring, n, seed + k) for k in range(runs))
        for what, count in seen.most_common():
            print(f"| {kind} | {scoring.value} | {what} | {count} |", flush=True)


BENCHMARK = Benchmark(
    __doc__,
    run,
    {
        "--runs": {"type": int, "default": 40, "help": "samples of each case"},
        "--seed": {"type": int, "default": 100, "help": "of the first sample"},
        "--n": {"type": int, "default": 800, "help": "respondents in each"},
    },
)
main = BENCHMARK.main

if __name__ == "__main__":
    sys.exit(main())
