"""Cost against the number of rows: one pass for the moments, then a fit does not know how many there were."""

from __future__ import annotations

import sys
import time

import numpy as np
import pandas as pd

from analysis import sem
from benchmarks.tools.benchmark import Benchmark
from benchmarks.tools.measure import median_ms, report
from benchmarks.tools.models import MEDIATION, mediation_data

SEED, REPEATS = 20261122, 5
SIZES = (1_000, 10_000, 100_000, 1_000_000)


def run() -> None:
    rows = []
    for n in SIZES:
        data = mediation_data(n, SEED)
        from_rows = median_ms(lambda: sem.fit(MEDIATION, data).estimates, REPEATS)  # noqa: B023
        start = time.perf_counter()
        cov, mean = data.cov(), data.mean()
        once = (time.perf_counter() - start) * 1e3
        after = median_ms(lambda: _from_moments(cov, mean, n), REPEATS)  # noqa: B023
        rows += [
            (f"N = {n:>9,}: fit from the rows", from_rows, "ms"),
            (f"N = {n:>9,}: pandas' covariance matrix of the rows", once, "ms"),
            (f"N = {n:>9,}: fit after that pass", after, "ms"),
        ]
    report("Cost of a fit against N: 4 factors, 16 items", rows)
    _draws()


def _from_moments(cov: pd.DataFrame, mean: pd.Series, n: int) -> pd.DataFrame:
    return sem.fit(MEDIATION, sample_cov=cov, sample_mean=mean, sample_nobs=n).estimates


def _draws() -> None:
    rows = []
    for n in SIZES[:3]:
        fit = sem.fit(MEDIATION, mediation_data(n, SEED))
        draws = int(np.clip(2_000_000 // n, 32, 1000))
        took = median_ms(lambda: fit.bootstrap(draws), 1) / draws  # noqa: B023
        rows.append((f"N = {n:>9,}: a bootstrap draw", took, "ms"))
    report("Cost of a bootstrap draw against N (counting and one product grow with N, steps do not)", rows)


BENCHMARK = Benchmark(__doc__, run)
main = BENCHMARK.main

if __name__ == "__main__":
    sys.exit(main())
