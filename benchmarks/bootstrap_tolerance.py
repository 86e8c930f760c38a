"""What stopping a draw early does to errors and intervals: the same draws, ended early and solved exactly."""

from __future__ import annotations

import sys

import numpy as np

from analysis import sem
from analysis.sem.resampling.draws import Work
from analysis.sem.resampling.intervals import percentile
from analysis.sem.resampling.plan import work_of
from analysis.sem.resampling.problem import TOLERANCE, solve
from analysis.sem.resampling.weights import blocks, resampling_counts
from benchmarks.tools.benchmark import Benchmark
from benchmarks.tools.measure import report
from benchmarks.tools.models import MEDIATION, mediation_data

DRAWS, SEED, EXACT = 5000, 20261122, 1e-8


def run() -> None:
    fit = sem.fit(MEDIATION, mediation_data(500, SEED))
    work = work_of(fit.estimated, fit.method, fit.vcov)
    early, exact = draws(work, TOLERANCE), draws(work, EXACT)
    se = exact.std(axis=0)
    distance = np.abs(early - exact) / se
    ends = np.abs(percentile(early, 0.95) - percentile(exact, 0.95)) / se[:, None]
    half = DRAWS // 2
    noise = np.abs(percentile(exact[:half], 0.95) - percentile(exact[half:], 0.95)) / se[:, None] / 2.0
    rows = [
        (
            "distance of a draw from its exact solution, median",
            float(np.median(distance.max(axis=1))),
            "standard errors",
        ),
        ("distance of a draw, largest of all draws and parameters", float(distance.max()), "standard errors"),
        ("standard error, largest relative change", float(np.abs(early.std(axis=0) / se - 1.0).max()), ""),
        ("end of a percentile interval, largest change", float(ends.max()), "standard errors"),
        (
            "end of a percentile interval, simulation noise, median",
            float(np.median(noise)),
            "standard errors",
        ),
    ]
    report(f"Bootstrap draws ended at {TOLERANCE} and at {EXACT} joint standard errors, {DRAWS} draws", rows)


def draws(work: Work, tolerance: float) -> np.ndarray:
    """The free rows of all draws; every one of them settles in this model."""
    if work.problem is None:
        raise RuntimeError("the model has no batched form")
    found = [
        solve(work.problem, resampling_counts(block, work.sizes), tolerance)
        for block in blocks(DRAWS, work.block, 1)
    ]
    if not all(x.settled.all() for x in found):
        raise RuntimeError("some draws did not settle")
    return np.concatenate([x.theta for x in found])


BENCHMARK = Benchmark(__doc__, run)
main = BENCHMARK.main

if __name__ == "__main__":
    sys.exit(main())
