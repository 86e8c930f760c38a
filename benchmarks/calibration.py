"""Do 95% intervals cover 95% of known truths, and do 5% tests reject 5% of true models?

Three factors with three items each, a -> c -> d with a direct path; errors and disturbances normal or skewed.
"""

from __future__ import annotations

import sys
import time
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from analysis import sem
from benchmarks.tools.benchmark import Benchmark

SEED = 20261122
SECONDS = 120.0
LOADINGS, ERRORS = np.array([1.0, 0.9, 0.8]), np.array([0.5, 0.6, 0.4])
AC, AD, CD, VAR_A, VAR_C, VAR_D = 0.5, 0.2, 0.4, 1.0, 0.7, 0.6
ITEMS = [f"{f}{i}" for f in "acd" for i in (1, 2, 3)]
MODEL = """
a =~ a1 + a2 + a3
c =~ c1 + c2 + c3
d =~ d1 + d2 + d3
c ~ ac*a
d ~ ad*a + cd*c
indirect := ac*cd
"""
Noise = Callable[[np.random.Generator, int], NDArray[np.float64]]


@dataclass(frozen=True, slots=True)
class Ground:
    """One check: data maker, options of the fit, true values by name, and where the test stands."""

    title: str
    data: Callable[[np.random.Generator], pd.DataFrame]
    options: dict[str, object]
    truth: dict[str, float]
    pvalue: str
    samples: int
    bootstrap: int = 0


def normal(rng: np.random.Generator, n: int) -> NDArray[np.float64]:
    return rng.normal(size=n)


def skewed(rng: np.random.Generator, n: int) -> NDArray[np.float64]:
    """Standardised chi-square on 3 degrees of freedom: skewness 1.6, excess kurtosis 4."""
    return (rng.chisquare(3, size=n) - 3.0) / np.sqrt(6.0)


def items(rng: np.random.Generator, n: int, noise: Noise) -> pd.DataFrame:
    a = np.sqrt(VAR_A) * noise(rng, n)
    c = AC * a + np.sqrt(VAR_C) * noise(rng, n)
    d = AD * a + CD * c + np.sqrt(VAR_D) * noise(rng, n)
    columns = [
        loading * f + np.sqrt(error) * noise(rng, n)
        for f in (a, c, d)
        for loading, error in zip(LOADINGS, ERRORS, strict=True)
    ]
    return pd.DataFrame(np.column_stack(columns), columns=ITEMS)


def missing_at_random(rng: np.random.Generator, n: int) -> pd.DataFrame:
    """Items of c and d go missing the more often the higher a1, which is always seen: about a quarter."""
    data = items(rng, n, normal)
    gone = rng.uniform(size=(n, 6)) < 1.0 / (1.0 + np.exp(1.4 - data["a1"].to_numpy()))[:, None]
    data[ITEMS[3:]] = data[ITEMS[3:]].mask(gone)
    return data


def five_points(rng: np.random.Generator, n: int) -> pd.DataFrame:
    latent = items(rng, n, normal) / np.sqrt(_item_variances())
    return pd.DataFrame(np.digitize(latent, (-1.2, -0.4, 0.5, 1.3)) + 1, columns=ITEMS)


def _factor_variances() -> NDArray[np.float64]:
    var_c = AC**2 * VAR_A + VAR_C
    var_d = AD**2 * VAR_A + CD**2 * var_c + 2.0 * AD * CD * AC * VAR_A + VAR_D
    return np.array([VAR_A, var_c, var_d])


def _item_variances() -> NDArray[np.float64]:
    return (_factor_variances()[:, None] * LOADINGS**2 + ERRORS).ravel()


def truth(standardised: bool) -> dict[str, float]:
    """Loadings, paths and the indirect effect with the first item as marker, of items or unit responses."""
    sd = np.sqrt(_item_variances()).reshape(3, 3) if standardised else np.ones((3, 3))
    marker = sd[:, 0]
    out = {
        f"{f}=~{f}{i + 1}": float(LOADINGS[i] / sd[k, i] * marker[k])
        for k, f in enumerate("acd")
        for i in (1, 2)
    }
    ac, ad, cd = AC * marker[0] / marker[1], AD * marker[0] / marker[2], CD * marker[1] / marker[2]
    return out | {"ac": ac, "ad": ad, "cd": cd, "indirect": ac * cd}


GROUNDS = (
    Ground("ML, normal, N = 500", lambda rng: items(rng, 500, normal), {}, truth(False), "pvalue", 2000),
    Ground(
        "MLR, skewed (kurtosis 4), N = 500",
        lambda rng: items(rng, 500, skewed),
        {"estimator": "MLR"},
        truth(False),
        "pvalue_scaled",
        2000,
    ),
    Ground(
        "FIML, missing at random, N = 600",
        lambda rng: missing_at_random(rng, 600),
        {"missing": "fiml"},
        truth(False),
        "pvalue",
        1000,
    ),
    Ground(
        "WLSMV, five points, N = 600",
        lambda rng: five_points(rng, 600),
        {"estimator": "WLSMV", "ordered": ITEMS},
        truth(True),
        "pvalue_scaled",
        1000,
    ),
    Ground(
        "bootstrap, percentile, skewed, N = 300",
        lambda rng: items(rng, 300, skewed),
        {},
        truth(False),
        "",
        400,
        bootstrap=1000,
    ),
)


def run() -> None:
    print(f"Coverage of 95% intervals and rejections of 5% tests; seed {SEED}, at most {SECONDS:.0f} s each")
    for ground in GROUNDS:
        check(ground)


def check(ground: Ground) -> None:
    covered: dict[str, int] = dict.fromkeys(ground.truth, 0)
    rejected = done = failed = 0
    stop = time.perf_counter() + SECONDS
    for child in np.random.SeedSequence(SEED).spawn(ground.samples):
        if time.perf_counter() > stop:
            break
        fit = sem.fit(MODEL, ground.data(np.random.default_rng(child)), **ground.options)
        if not fit.converged:
            failed += 1
            continue
        done += 1
        table = fit.bootstrap(ground.bootstrap, seed=done).estimates if ground.bootstrap else fit.estimates
        for name, low, high in _intervals(table):
            if name in covered:
                covered[name] += low <= ground.truth[name] <= high
        rejected += bool(ground.pvalue) and bool(fit.fit_measures[ground.pvalue] < 0.05)
    _print(ground, covered, rejected, done, failed)


def _intervals(table: pd.DataFrame) -> list[tuple[str, float, float]]:
    names = table["label"].where(table["label"] != "", table["lhs"] + table["op"] + table["rhs"])
    names = names.where(table["op"] != ":=", table["lhs"])
    return list(zip(names, table["ci_lower"], table["ci_upper"], strict=True))


def _print(ground: Ground, covered: dict[str, int], rejected: int, done: int, failed: int) -> None:
    def noise(p: float, k: int = done) -> float:
        return 1.96 * float(np.sqrt(p * (1.0 - p) / k))

    shares = {name: count / done for name, count in covered.items()}
    low, high = min(shares, key=lambda x: shares[x]), max(shares, key=lambda x: shares[x])
    print(f"\n{ground.title}: {done} samples, {failed} not converged")
    print(f"  coverage, mean of {len(shares)} parameters  {np.mean(list(shares.values())):.3f}")
    print(f"  lowest  {shares[low]:.3f} ({low}), highest {shares[high]:.3f} ({high})")
    print(f"  Monte Carlo error of one coverage (95%)  ±{noise(0.95):.3f}")
    if ground.pvalue:
        print(f"  rejected by the test  {rejected / done:.3f}, Monte Carlo error ±{noise(0.05):.3f}")


BENCHMARK = Benchmark(__doc__, run)
main = BENCHMARK.main

if __name__ == "__main__":
    sys.exit(main())
