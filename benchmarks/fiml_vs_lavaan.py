"""Full information against lavaan: 25 items, values missing at scattered places or by planned forms."""

from __future__ import annotations

import sys

from analysis import sem
from benchmarks.tools.benchmark import Benchmark
from benchmarks.tools.measure import R_MEDIAN, median_ms, r, report
from benchmarks.tools.models import FIVE_FACTORS, five_factor_data, with_forms, with_holes
from benchmarks.tools.parts import R

SEED, REPEATS = 20261122, 5
# lavaan takes more than a minute with hundreds of patterns: timed once there, three times where rows share
# patterns.
CASES = (("scattered", 500, 1), ("planned", 500, 3))

LAVAAN = (
    R_MEDIAN.replace("function(f, repeats) {\n  f()", "function(f, repeats, warm) {\n  if (warm) f()")
    + """
out$ms <- median_ms(function() {
  fit <- sem('%s', data, missing = "fiml")
  parameterEstimates(fit, standardized = TRUE)
  fitMeasures(fit)
}, %d, %s)
fit <- sem('%s', data, missing = "fiml")
out$chisq <- fitMeasures(fit)[["chisq"]]
out$boot <- 1000 * system.time(bootstrapLavaan(fit, R = 2))[["elapsed"]] / 2
"""
)


def run() -> None:
    for kind, n, repeats in CASES:
        data = five_factor_data(n, SEED)
        data = with_holes(data, 0.1, SEED) if kind == "scattered" else with_forms(data, SEED)
        patterns = len(data.notna().drop_duplicates())

        def whole() -> sem.Fit:
            fit = sem.fit(FIVE_FACTORS, data, missing="fiml")  # noqa: B023
            if fit.estimates is None or fit.fit_measures is None:
                raise RuntimeError("a result is wanting")
            return fit

        ours = median_ms(whole, REPEATS)
        fit = whole()
        draw = median_ms(lambda: fit.bootstrap(32, workers=2), 1) / 32  # noqa: B023
        rows = [("ours", ours, "ms"), ("ours, a bootstrap draw, 2 threads", draw, "ms")]
        if R.place:
            warm = "TRUE" if repeats > 1 else "FALSE"
            found = r(LAVAAN % (FIVE_FACTORS, repeats, warm, FIVE_FACTORS), data=data)
            rows += [
                ("lavaan", float(found["ms"]), "ms"),
                ("lavaan / ours", float(found["ms"]) / ours, "times"),
                ("lavaan, a bootstrap draw (mean of 2)", float(found["boot"]), "ms"),
                ("lavaan / ours, a bootstrap draw", float(found["boot"]) / draw, "times"),
                ("difference of chi-square", abs(fit.fit_measures["chisq"] - float(found["chisq"])), ""),
            ]
        report(f"FIML with all statistics: 25 items, N = {n}, {kind} missing, {patterns} patterns", rows)


BENCHMARK = Benchmark(__doc__, run, beside=R)
main = BENCHMARK.main

if __name__ == "__main__":
    sys.exit(main())
