"""Bootstrap draws against lavaan and semopy: four factors, sixteen items, N = 500, with defined effects."""

from __future__ import annotations

import tracemalloc

import numpy as np
import pandas as pd

from analysis import sem
from benchmarks.measure import Skipped, median_ms, r, report, skipped
from benchmarks.models import MEDIATION, mediation_data

N, SEED = 500, 20261122
DRAWS, R_DRAWS, SEMOPY_DRAWS = 5000, 300, 20

LAVAAN = """
model <- '%s'
fit <- sem(model, data)
invisible(bootstrapLavaan(fit, R = 5))
times <- sapply(1:3, function(i) system.time(bootstrapLavaan(fit, R = %d))[["elapsed"]])
out$ms <- 1000 * median(times) / %d
boot <- sem(model, data, se = "bootstrap", bootstrap = %d, iseed = 1)
pe <- parameterEstimates(boot, boot.ci.type = "perc")
out$rows <- paste0(pe$lhs, pe$op, ifelse(pe$op == ":=", "", pe$rhs))
out$se <- pe$se
"""


def main() -> None:
    data = mediation_data(N, SEED)
    fit = sem.fit(MEDIATION, data)
    title = f"Bootstrap, 4 factors, 16 items, N = {N}: milliseconds a draw"
    ours = {w: median_ms(lambda w=w: fit.bootstrap(DRAWS, seed=1, workers=w), 5) / DRAWS for w in (1, 2)}
    rows = [
        (f"ours, {DRAWS} draws with percentile intervals, 1 thread", ours[1], "ms"),
        (f"ours, {DRAWS} draws with percentile intervals, 2 threads", ours[2], "ms"),
    ]
    for ci in ("bca", "norm"):
        rows.append(  # noqa: PERF401 - each entry is a measurement
            (f"ours, {ci} intervals", median_ms(lambda ci=ci: fit.bootstrap(DRAWS, ci=ci), 1) / DRAWS, "ms")
        )
    try:
        lavaan = r(LAVAAN % (MEDIATION, R_DRAWS, R_DRAWS, 1000), data=data)
        theirs = float(lavaan["ms"])
        rows += [
            (f"lavaan, bootstrapLavaan, {R_DRAWS} draws, median of 3", theirs, "ms"),
            ("lavaan / ours, 1 thread", theirs / ours[1], "times"),
            ("lavaan / ours, 2 threads", theirs / ours[2], "times"),
            ("largest difference of standard errors from lavaan's", _difference(fit, lavaan), "of the error"),
        ]
    except Skipped as why:
        skipped("lavaan's bootstrap", why)
    try:
        semopy = _semopy_ms(data)
        rows += [
            ("semopy, refit of resampled rows", semopy, "ms"),
            ("semopy / ours, 2 threads", semopy / ours[2], "times"),
        ]
    except Skipped as why:
        skipped("semopy's bootstrap", why)
    report(title, rows)
    _memory(fit)
    _same_draws(fit)


def _difference(fit: sem.Fit, lavaan: dict[str, object]) -> float:
    """Largest relative difference of standard errors; 1,000 draws of lavaan's leave 2-3% of noise."""
    found = fit.bootstrap(DRAWS).estimates
    keys = found["lhs"] + found["op"] + found["rhs"].where(found["op"] != ":=", "")
    ours = pd.Series(found["se"].to_numpy(), index=keys)
    theirs = pd.Series(lavaan["se"], index=lavaan["rows"], dtype=float)
    both = pd.concat([ours, theirs], axis=1).dropna()
    both = both[both[1] > 0]
    return float((both[0] / both[1] - 1.0).abs().max())


def _semopy_ms(data: pd.DataFrame) -> float:
    try:
        import semopy
    except ImportError as error:
        raise Skipped(f"{error}: pip install semopy") from error
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


if __name__ == "__main__":
    main()
