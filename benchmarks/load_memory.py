"""Whether a server's memory stays flat over an hour's worth of pages, in both shells.

`python -m benchmarks.load_memory [seconds]`. Respondents hardly think, so that each place sees in minutes the
720 pages an hour of five seconds a page would bring; who has finished makes room for the next.
"""

from __future__ import annotations

import asyncio
import sys
import tempfile
import time
from multiprocessing import get_context
from pathlib import Path

import numpy as np

from benchmarks.load import NAMES, memory, server
from benchmarks.load_respondents import Crowd, Tally, crowd

PLACES = 20
PAGES_AN_HOUR = 720
THINK = 0.03
SECONDS = 150.0
SAMPLES = 10


def main() -> None:
    """Run both shells and print the memory as it went, and its slope after the first fifth."""
    seconds = float(sys.argv[1]) if len(sys.argv) > 1 else SECONDS
    for kind in ("light", "streamlit"):
        with tempfile.TemporaryDirectory() as folder, server(kind, Path(folder)) as (url, pid):
            watch(kind, url, pid, seconds)


def watch(kind: str, url: str, pid: int, seconds: float) -> None:
    """Memory of the server while the places are taken again and again."""
    plan = Crowd(kind, url, "load", PLACES, THINK, 0.5, seconds, 0.0)
    sizes = []
    with get_context("spawn").Pool(1) as pool:
        work = pool.apply_async(_crowd, (plan,))
        for _ in range(SAMPLES):
            time.sleep(seconds / SAMPLES)
            sizes.append(memory(pid))
        tally: Tally = work.get()
    for error in sorted(set(tally.errors))[:3]:
        print(f"    {error}")
    each = len(tally.pages) / PLACES
    later = np.array(sizes[SAMPLES // 5 :])
    pages = np.linspace(0, len(tally.pages), SAMPLES + 1)[1:][SAMPLES // 5 :]
    slope = np.polyfit(pages / 1000, later, 1)[0]
    print(f"{NAMES[kind]}: {PLACES} places, {each:.0f} pages each ({PAGES_AN_HOUR} an hour)")
    print(f"  MB: {' '.join(f'{size:.0f}' for size in sizes)}")
    print(
        f"  growth after the first fifth {slope:.3f} MB in 1000 pages, {len(tally.errors)} errors", flush=True
    )


def _crowd(plan: Crowd) -> Tally:
    return asyncio.run(crowd(plan))


if __name__ == "__main__":
    main()
