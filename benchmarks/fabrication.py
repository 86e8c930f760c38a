"""How often fabricated answers are noticed, and honest ones mistaken for such.

    python -m benchmarks.fabrication [--runs 200] [--seed 1]

Fabricated: every item of a study is drawn from one latent trait, with the loading that gives a construct of
four items the target alpha. Honest: a factor a construct, correlating as told. Seven categories both. Prints
the table kept in docs/measurement.md.
"""

from __future__ import annotations

import sys

import numpy as np

from analysis.screening.fabrication import Fabrication, look_for_fabrication
from benchmarks.tools.benchmark import Benchmark

CONSTRUCTS, ITEMS = 13, 4
BLOCKS = tuple(tuple(range(k * ITEMS, (k + 1) * ITEMS)) for k in range(CONSTRUCTS))
CUTS = (-1.8, -1.2, -0.6, 0.0, 0.6, 1.2)


def answers(rng: np.random.Generator, n: int, correlation: float, alpha: float) -> np.ndarray:
    """(n, p) codes whose constructs have this alpha and factors this correlation (1: one trait)."""
    between = alpha / (ITEMS - alpha * (ITEMS - 1))
    general = rng.standard_normal((n, 1))
    own = np.sqrt(correlation) * general + np.sqrt(1 - correlation) * rng.standard_normal((n, CONSTRUCTS))
    noise = rng.standard_normal((n, CONSTRUCTS * ITEMS))
    latent = np.sqrt(between) * np.repeat(own, ITEMS, axis=1) + np.sqrt(1 - between) * noise
    return np.digitize(latent, CUTS).astype(float) + 1


def sample(rng: np.random.Generator, n: int, share: float, correlation: float, alpha: float) -> np.ndarray:
    """Honest answers with a batch of fabricated ones in a row, somewhere among them."""
    fabricated = round(share * n)
    honest = answers(rng, n - fabricated, correlation, alpha)
    place = int(rng.integers(len(honest) + 1))
    return np.insert(honest, place, answers(rng, fabricated, 1.0, alpha), axis=0)


def noticed(
    rng: np.random.Generator, runs: int, n: int, share: float, correlation: float, alpha: float
) -> float:
    """Share of ``runs`` samples with a sign of one trait."""
    hits = 0
    for _ in range(runs):
        found = look_for_fabrication(sample(rng, n, share, correlation, alpha), BLOCKS, None)
        hits += isinstance(found, Fabrication) and bool(found.signs)
    return hits / runs


def regular(rng: np.random.Generator, runs: int, n: int, spread: float) -> float:
    """Share of samples whose times, lognormal with this spread, are called too regular."""
    honest = answers(rng, n, 0.5, 0.8)
    hits = 0
    for _ in range(runs):
        found = look_for_fabrication(honest, BLOCKS, rng.lognormal(6, spread, n))
        hits += isinstance(found, Fabrication) and any("times" in sign for sign in found.signs)
    return hits / runs


def run(runs: int, seed: int) -> None:
    rng = np.random.default_rng(seed)
    print("| Fabricated | Honest factors correlate | alpha | n = 100 | n = 300 | n = 1000 |")
    print("|---|---|---|---|---|---|")
    cases = [(0.0, r, a) for r in (0.3, 0.5, 0.8, 0.9) for a in (0.7, 0.9)]
    cases += [(1.0, 0.5, a) for a in (0.6, 0.7, 0.8, 0.9)]
    cases += [(share, r, 0.8) for share in (0.15, 0.3, 0.5) for r in (0.3, 0.5, 0.7)]
    for share, correlation, alpha in cases:
        rates = [noticed(rng, runs, n, share, correlation, alpha) for n in (100, 300, 1000)]
        shown = " | ".join(f"{rate:.3f}" for rate in rates)
        print(f"| {share:.0%} | {'–' if share == 1 else correlation} | {alpha} | {shown} |", flush=True)
    print("\n| Spread of log seconds | n = 100 | n = 1000 |\n|---|---|---|")
    for spread in (0.02, 0.05, 0.08, 0.12, 0.2, 0.3):
        rates = [regular(rng, runs, n, spread) for n in (100, 1000)]
        print(f"| {spread} | " + " | ".join(f"{rate:.3f}" for rate in rates) + " |", flush=True)


BENCHMARK = Benchmark(
    __doc__,
    run,
    {
        "--runs": {"type": int, "default": 200, "help": "samples of each case"},
        "--seed": {"type": int, "default": 1, "help": "of all draws"},
    },
)
main = BENCHMARK.main

if __name__ == "__main__":
    sys.exit(main())
