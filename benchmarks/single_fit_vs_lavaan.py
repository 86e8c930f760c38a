"""One fit with all its statistics against lavaan: estimates, errors, standardised values, fit measures."""

from __future__ import annotations

import pandas as pd

from analysis import sem
from benchmarks.measure import R_MEDIAN, Skipped, median_ms, r, report, skipped
from benchmarks.models import FIVE_FACTORS, MEDIATION, five_factor_data, mediation_data

SEED, REPEATS = 20261122, 15

LAVAAN = (
    R_MEDIAN
    + """
out$ms <- median_ms(function() {
  fit <- sem('%s', data, estimator = "%s")
  parameterEstimates(fit, standardized = TRUE)
  fitMeasures(fit)
}, %d)
fit <- sem('%s', data, estimator = "%s")
out$chisq <- fitMeasures(fit)[["chisq"]]
"""
)


def main() -> None:
    cases = (
        ("4 factors, 16 items, N = 500, ML", MEDIATION, mediation_data(500, SEED), "ML"),
        ("4 factors, 16 items, N = 500, MLR", MEDIATION, mediation_data(500, SEED), "MLR"),
        ("5 factors, 25 items, N = 1000, ML", FIVE_FACTORS, five_factor_data(1000, SEED), "ML"),
        ("5 factors, 25 items, N = 1000, MLR", FIVE_FACTORS, five_factor_data(1000, SEED), "MLR"),
    )
    for title, model, data, estimator in cases:
        compare(
            f"One fit with estimates, standardised values and fit measures: {title}", model, data, estimator
        )


def compare(title: str, model: str, data: pd.DataFrame, estimator: str) -> None:
    def whole() -> None:
        fit = sem.fit(model, data, estimator=estimator)
        assert_used(fit.estimates, fit.fit_measures)

    before = median_ms(whole, REPEATS)
    rows = [("ours", before, "ms")]
    try:
        found = r(LAVAAN % (model, estimator, REPEATS, model, estimator), data=data)
        # Once more after the other side, so that what else the machine does falls on both.
        ours = (before + median_ms(whole, REPEATS)) / 2.0
        rows = [("ours, before and after lavaan", ours, "ms")]
        chisq = sem.fit(model, data, estimator=estimator).fit_measures["chisq"]
        rows += [
            ("lavaan", float(found["ms"]), "ms"),
            ("lavaan / ours", float(found["ms"]) / ours, "times"),
            ("difference of chi-square", abs(chisq - float(found["chisq"])), ""),
        ]
    except Skipped as why:
        skipped("lavaan's fit", why)
    report(title, rows)


def assert_used(*results: object) -> None:
    """Results are computed when asked for; a benchmark must ask."""
    if any(x is None for x in results):
        raise RuntimeError("a result is wanting")


if __name__ == "__main__":
    main()
