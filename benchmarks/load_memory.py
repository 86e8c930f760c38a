"""Whether a server's memory stays flat over an hour's worth of pages, in both shells.

`python -m benchmarks.load_memory [seconds]`. Respondents hardly think, so that each place sees in minutes the
720 pages an hour of five seconds a page would bring; who has finished makes room for the next.
"""

from __future__ import annotations

import sys
import tempfile
import time
from pathlib import Path

import numpy as np

from benchmarks.tools.benchmark import Benchmark
from benchmarks.tools.load_measure import beside_crowd, memory
from benchmarks.tools.load_respondents import Crowd
from benchmarks.tools.load_server import NAMES, server

PLACES = 20
PAGES_AN_HOUR = 720
THINK = 0.03
SECONDS = 150.0
SAMPLES = 10


def run(seconds: float) -> None:
    """Run both shells and print the memory as it went, and its slope after the first fifth."""
    for kind in ("light", "streamlit"):
        with tempfile.TemporaryDirectory() as folder, server(kind, Path(folder)) as (url, pid):
            watch(kind, url, pid, seconds)


def watch(kind: str, url: str, pid: int, seconds: float) -> None:
    """Memory of the server while the places are taken again and again."""

    def samples() -> list[float]:
        sizes = []
        for _ in range(SAMPLES):
            time.sleep(seconds / SAMPLES)
            sizes.append(memory(pid))
        return sizes

    tally, sizes = beside_crowd(Crowd(kind, url, "load", PLACES, THINK, 0.5, seconds, 0.0), samples)
    each = len(tally.pages) / PLACES
    later = np.array(sizes[SAMPLES // 5 :])
    pages = np.linspace(0, len(tally.pages), SAMPLES + 1)[1:][SAMPLES // 5 :]
    slope = np.polyfit(pages / 1000, later, 1)[0]
    print(f"{NAMES[kind]}: {PLACES} places, {each:.0f} pages each ({PAGES_AN_HOUR} an hour)")
    print(f"  MB: {' '.join(f'{size:.0f}' for size in sizes)}")
    print(
        f"  growth after the first fifth {slope:.3f} MB in 1000 pages, {len(tally.errors)} errors", flush=True
    )


BENCHMARK = Benchmark(
    __doc__, run, {"seconds": {"type": float, "default": SECONDS, "help": "each shell is watched"}}
)
main = BENCHMARK.main

if __name__ == "__main__":
    sys.exit(main())
