"""One fit against lavaan: with its estimates and fit measures, and with all its statistics.

A model's text is read and its table built once a process (`analysis.sem.kept`); the rows "first fit" have all
that forgotten before every fit.
"""

from __future__ import annotations

import sys

import pandas as pd

from analysis import sem
from analysis.sem.kept import forget
from benchmarks.tools.benchmark import Benchmark
from benchmarks.tools.measure import R_MEDIAN, median_ms, r, report
from benchmarks.tools.models import FIVE_FACTORS, MEDIATION, five_factor_data, mediation_data
from benchmarks.tools.parts import R

SEED, REPEATS = 20261122, 15

LAVAAN = (
    R_MEDIAN
    + """
out$ms <- median_ms(function() {
  fit <- sem('%s', data, estimator = "%s")
  parameterEstimates(fit, standardized = TRUE)
  fitMeasures(fit)
}, %d)
out$all_ms <- median_ms(function() {
  fit <- sem('%s', data, estimator = "%s")
  parameterEstimates(fit, standardized = TRUE)
  fitMeasures(fit)
  standardizedSolution(fit)
  modindices(fit)
  residuals(fit, type = "cor")
  residuals(fit, type = "standardized")
  lavPredict(fit)
}, %d)
fit <- sem('%s', data, estimator = "%s")
out$chisq <- fitMeasures(fit)[["chisq"]]
"""
)


def run() -> None:
    cases = (
        ("4 factors, 16 items, N = 500, ML", MEDIATION, mediation_data(500, SEED), "ML"),
        ("4 factors, 16 items, N = 500, MLR", MEDIATION, mediation_data(500, SEED), "MLR"),
        ("5 factors, 25 items, N = 1000, ML", FIVE_FACTORS, five_factor_data(1000, SEED), "ML"),
        ("5 factors, 25 items, N = 1000, MLR", FIVE_FACTORS, five_factor_data(1000, SEED), "MLR"),
    )
    for title, model, data, estimator in cases:
        compare(title, model, data, estimator)


def compare(title: str, model: str, data: pd.DataFrame, estimator: str) -> None:
    def whole() -> None:
        fit = sem.fit(model, data, estimator=estimator)
        assert_used(fit.estimates, fit.fit_measures)

    def first() -> None:
        forget()
        whole()

    def everything() -> None:
        fit = sem.fit(model, data, estimator=estimator)
        assert_used(fit.estimates, fit.fit_measures)
        assert_used(fit.standardized(), fit.modification_indices())
        assert_used(fit.residuals(), fit.factor_scores())

    sides = (whole, first, everything)
    before = [median_ms(side, REPEATS) for side in sides]
    rows = [("ours", before[0], "ms"), ("ours, all statistics", before[2], "ms")]
    if R.place:
        each = (model, estimator, REPEATS)
        found = r(LAVAAN % (*each, *each, model, estimator), data=data)
        # Once more after the other side, so that what else the machine does falls on both.
        ours, ours_first, ours_all = (
            (early + median_ms(side, REPEATS)) / 2.0 for early, side in zip(before, sides, strict=True)
        )
        chisq = sem.fit(model, data, estimator=estimator).fit_measures["chisq"]
        rows = [
            ("estimates and fit measures, ours", ours, "ms"),
            ("estimates and fit measures, lavaan", float(found["ms"]), "ms"),
            ("lavaan / ours", float(found["ms"]) / ours, "times"),
            ("as the model's first fit, ours", ours_first, "ms"),
            ("lavaan / ours, first fit", float(found["ms"]) / ours_first, "times"),
            ("all statistics, ours", ours_all, "ms"),
            ("all statistics, lavaan", float(found["all_ms"]), "ms"),
            ("lavaan / ours, all statistics", float(found["all_ms"]) / ours_all, "times"),
            ("difference of chi-square", abs(chisq - float(found["chisq"])), ""),
        ]
    report(f"One fit: {title}", rows)


def assert_used(*results: object) -> None:
    """Results are computed when asked for; a benchmark must ask."""
    if any(x is None for x in results):
        raise RuntimeError("a result is wanting")


BENCHMARK = Benchmark(__doc__, run, beside=R)
main = BENCHMARK.main

if __name__ == "__main__":
    sys.exit(main())
