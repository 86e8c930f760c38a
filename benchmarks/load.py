"""How many respondents at once: this survey in both shells and a plain st.form one, in one run.

`python -m benchmarks.load [seconds a step]`. One server process; the respondents run on the same machine,
so that both share its processors. A front end holds N respondents if the 95th percentile of a page (click
to next page) stays under a second and no request fails.
"""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path

from benchmarks.tools.benchmark import Benchmark
from benchmarks.tools.load_measure import THINK, measure
from benchmarks.tools.load_server import NAMES, server

STEP_SECONDS = 25.0
# Steps of about a quarter, from far below what was held in trials to above it.
LADDERS = {
    "naive": (20, 30, 40, 50, 65, 80),
    "streamlit": (200, 300, 400, 500, 650, 800),
    "light": (400, 600, 800, 1000, 1250, 1500),
}


def run(seconds: float) -> None:
    """Climb each ladder until it breaks; print the steps, the last held and the ratios."""
    most: dict[str, int] = {}
    for kind in LADDERS:
        print(f"\n{NAMES[kind]}: 5 pages of 6 items, {THINK:g} s to think, {seconds:g} s a step", flush=True)
        with tempfile.TemporaryDirectory() as folder, server(kind, Path(folder)) as (url, pid):
            most[kind] = climb(kind, url, pid, seconds)
    print("\nRespondents held at p95 < 1 s, one server process")
    for kind, users in most.items():
        print(f"  {NAMES[kind]:<44}{users:>8}")
    for kind in ("streamlit", "light"):
        print(f"  {NAMES[kind]} / {NAMES['naive']:<14}{most[kind] / max(most['naive'], 1):>8.1f} times")


def climb(kind: str, url: str, pid: int, seconds: float) -> int:
    """The largest number of respondents held before the first that is not."""
    held = 0
    for users in LADDERS[kind]:
        step = measure(kind, url, pid, users, seconds)
        print(
            f"  {step.users:>5} respondents: p50 {step.p50 * 1000:>6.0f} ms, p95 {step.p95 * 1000:>6.0f} ms, "
            f"{step.pages} pages, {step.errors} errors, "
            f"{step.cpu_ms:.1f} ms of server a page, {step.rss_mb:.0f} MB",
            flush=True,
        )
        if not step.held:
            break
        held = users
    return held


BENCHMARK = Benchmark(
    __doc__,
    run,
    {"seconds": {"type": float, "default": STEP_SECONDS, "help": "a step of the ladder takes"}},
)
main = BENCHMARK.main

if __name__ == "__main__":
    sys.exit(main())
