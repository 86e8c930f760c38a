"""Bootstrap draws against lavaan and semopy: four factors, sixteen items, N = 500, with defined effects."""

from __future__ import annotations

import sys
import tracemalloc

import numpy as np
import pandas as pd

from analysis import sem
from benchmarks.tools.benchmark import Benchmark
from benchmarks.tools.measure import median_ms, r, report
from benchmarks.tools.models import MEDIATION, mediation_data
from benchmarks.tools.parts import R

N, SEED = 500, 20261122
DRAWS, R_DRAWS, SEMOPY_DRAWS, ROUNDS = 5000, 100, 20, 5

LAVAAN = """
fit <- sem('%s', data)
invisible(bootstrapLavaan(fit, R = 5))
out$ms <- 1000 * system.time(bootstrapLavaan(fit, R = %d))[["elapsed"]] / %d
"""

INTERVALS = """
boot <- sem('%s', data, se = "bootstrap", bootstrap = 1000, iseed = 1)
pe <- parameterEstimates(boot, boot.ci.type = "perc")
out$rows <- paste0(pe$lhs, pe$op, ifelse(pe$op == ":=", "", pe$rhs))
out$se <- pe$se
"""


def run() -> None:
    data = mediation_data(N, SEED)
    fit = sem.fit(MEDIATION, data)
    rounds = [_round(fit, data) for _ in range(ROUNDS)]
    table = pd.DataFrame(rounds)
    median = table.median()
    rows = [
        (f"ours, {DRAWS} draws with percentile intervals, 1 thread", median["one"], "ms"),
        (f"ours, {DRAWS} draws with percentile intervals, 2 threads", median["two"], "ms"),
        (
            "ours, BCa intervals, 2 threads",
            median_ms(lambda: fit.bootstrap(DRAWS, ci="bca"), 1) / DRAWS,
            "ms",
        ),
    ]
    for name, title in (
        ("lavaan", f"lavaan, bootstrapLavaan, {R_DRAWS} draws"),
        ("semopy", "semopy, refits"),
    ):
        if name not in table:
            continue
        rows.append((title, median[name], "ms"))
        for workers, words in (("one", "1 thread"), ("two", "2 threads")):
            ratio = float((table[name] / table[workers]).median())
            rows.append((f"{name} / ours, {words}", ratio, "times"))
    title = f"Bootstrap, 4 factors, 16 items, N = {N}: milliseconds a draw, medians of {ROUNDS} rounds"
    if R.place:
        middle, largest = _difference(fit, r(INTERVALS % MEDIATION, data=data))
        rows.append(("standard errors against lavaan's, median difference", middle, "of the error"))
        rows.append(("standard errors against lavaan's, largest difference", largest, "of the error"))
    report(title, rows)
    _memory(fit)
    _same_draws(fit)


def _round(fit: sem.Fit, data: pd.DataFrame) -> dict[str, float]:
    """All sides once, next to each other, so that what else the machine does falls on all of them."""
    out = {
        name: median_ms(lambda w=workers: fit.bootstrap(DRAWS, seed=1, workers=w), 1) / DRAWS
        for name, workers in (("one", 1), ("two", 2))
    }
    if R.place:
        out["lavaan"] = float(r(LAVAAN % (MEDIATION, R_DRAWS, R_DRAWS), data=data)["ms"])
    return out | {"semopy": _semopy_ms(data)}


def _difference(fit: sem.Fit, lavaan: dict[str, object]) -> tuple[float, float]:
    """Median and largest relative difference; 1,000 draws of lavaan's leave 2-3% of noise in each error."""
    found = fit.bootstrap(DRAWS).estimates
    keys = found["lhs"] + found["op"] + found["rhs"].where(found["op"] != ":=", "")
    ours = pd.Series(found["se"].to_numpy(), index=keys)
    theirs = pd.Series(lavaan["se"], index=lavaan["rows"], dtype=float)
    both = pd.concat([ours, theirs], axis=1).dropna()
    both = both[both[1] > 0]
    off = (both[0] / both[1] - 1.0).abs()
    return float(off.median()), float(off.max())


def _semopy_ms(data: pd.DataFrame) -> float:
    import semopy

    text = MEDIATION.split("indirect")[0].replace("ac*", "").replace("bc*", "").replace("cd*", "")
    text = text.replace("ad*", "").replace("bd*", "")
    model = semopy.Model(text)
    model.fit(data)
    rng = np.random.default_rng(SEED)

    def draw() -> None:
        model.fit(data.iloc[rng.integers(0, len(data), len(data))].reset_index(drop=True))

    return median_ms(draw, SEMOPY_DRAWS)


def _memory(fit: sem.Fit) -> None:
    rows = []
    for draws in (1000, 5000, 20000):
        tracemalloc.start()
        found = fit.bootstrap(draws)
        peak = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
        kept = float(found.draws.memory_usage(deep=False).sum())
        rows.append(
            (f"{draws} draws: peak / the draws themselves ({kept / 2**20:.1f} MiB)", peak / 2**20, "MiB")
        )
    report("Memory of a bootstrap: work space is that of a few blocks, results grow with their number", rows)


def _same_draws(fit: sem.Fit) -> None:
    one, two = fit.bootstrap(1000, workers=1).draws, fit.bootstrap(1000, workers=2).draws
    print(f"\nSame draws from 1 and 2 workers: {bool((one == two).all(axis=None))}")


BENCHMARK = Benchmark(__doc__, run, beside=R)
main = BENCHMARK.main

if __name__ == "__main__":
    sys.exit(main())
