"""WLSMV against lavaan: 25 five-point items, N = 1,000."""

from __future__ import annotations

import sys

from analysis import sem
from benchmarks.tools.benchmark import Benchmark
from benchmarks.tools.measure import R_MEDIAN, median_ms, r, report
from benchmarks.tools.models import FIVE_FACTORS, five_factor_data, in_categories
from benchmarks.tools.parts import R

N, SEED, REPEATS, R_REPEATS = 1000, 20261122, 5, 3

LAVAAN = (
    R_MEDIAN
    + """
out$ms <- median_ms(function() {
  fit <- sem('%s', data, estimator = "WLSMV", ordered = names(data))
  parameterEstimates(fit, standardized = TRUE)
  fitMeasures(fit)
}, %d)
fit <- sem('%s', data, estimator = "WLSMV", ordered = names(data))
out$chisq <- fitMeasures(fit)[["chisq.scaled"]]
"""
)


def run() -> None:
    data = in_categories(five_factor_data(N, SEED))

    def whole() -> sem.Fit:
        fit = sem.fit(FIVE_FACTORS, data, estimator="WLSMV", ordered=list(data.columns))
        if fit.estimates is None or fit.fit_measures is None:
            raise RuntimeError("a result is wanting")
        return fit

    ours = median_ms(whole, REPEATS)
    fit = whole()
    draw = median_ms(lambda: fit.bootstrap(8), 1) / 8
    rows = [("ours", ours, "ms"), ("ours, a bootstrap draw, 1 process", draw, "ms")]
    if R.place:
        found = r(LAVAAN % (FIVE_FACTORS, R_REPEATS, FIVE_FACTORS), data=data)
        rows += [
            ("lavaan", float(found["ms"]), "ms"),
            ("lavaan / ours", float(found["ms"]) / ours, "times"),
            (
                "difference of scaled chi-square",
                abs(fit.fit_measures["chisq_scaled"] - float(found["chisq"])),
                "",
            ),
        ]
    report(f"WLSMV with all statistics: 25 five-point items, N = {N}", rows)


BENCHMARK = Benchmark(__doc__, run, beside=R)
main = BENCHMARK.main

if __name__ == "__main__":
    sys.exit(main())
