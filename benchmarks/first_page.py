"""When a slow phone can use the first page, and what it had to fetch: both shells of this survey.

`python -m benchmarks.first_page [rounds]`. A fresh browser each time (nothing cached), a phone's screen,
1.6 Mbit/s down, 0.75 up, 150 ms there and back, and a quarter of this machine's speed. "Usable" is when the
button that agrees to take part can be pressed and answers.
"""

from __future__ import annotations

import statistics
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from benchmarks.tools.benchmark import Benchmark
from benchmarks.tools.load_server import server
from benchmarks.tools.parts import CHROMIUM

ROUNDS = 7
DOWN, UP, LATENCY_MS = 1.6e6 / 8, 0.75e6 / 8, 150
SLOWER = 4
PHONE = {"width": 390, "height": 844}
SHELLS = {
    "light": ("s/load?lang=en", 1.5, 60),
    "streamlit": ("respond?study=load&lang=en", 7.0, 650),
}
"""Address, seconds and kilobytes aimed at."""


@dataclass(frozen=True, slots=True)
class Visit:
    """One first visit."""

    seconds: float
    kilobytes: float
    requests: int


def run(rounds: int) -> None:
    """Visit both shells and print medians and the worst."""
    line = f"{DOWN * 8 / 1e6:g} Mbit/s, {LATENCY_MS} ms, processor / {SLOWER}, {rounds} fresh visits"
    print(f"First usable page: {line}")
    for shell, (address, seconds, kilobytes) in SHELLS.items():
        with tempfile.TemporaryDirectory() as folder, server(shell, Path(folder)) as (url, _):
            visits = [visit(f"{url}/{address}") for _ in range(rounds)]
        times = [one.seconds for one in visits]
        fetched = max(one.kilobytes for one in visits)
        print(
            f"  {shell:<10} median {statistics.median(times):>5.2f} s, worst {max(times):>5.2f} s "
            f"(aim {seconds:g} s), "
            f"{fetched:>4.0f} kB (aim {kilobytes} kB), {visits[0].requests} requests"
        )


def visit(address: str) -> Visit:
    """A first visit with a browser of its own."""
    from playwright.sync_api import sync_playwright

    fetched: list[float] = []
    with sync_playwright() as play:
        browser = play.chromium.launch(executable_path=CHROMIUM.place, args=["--no-sandbox", "--disable-gpu"])
        page = browser.new_context(viewport=PHONE, device_scale_factor=2).new_page()  # type: ignore[arg-type]
        devices = page.context.new_cdp_session(page)
        devices.send("Network.enable")
        limits: dict[str, Any] = {"offline": False, "latency": LATENCY_MS}
        limits |= {"downloadThroughput": DOWN, "uploadThroughput": UP}
        devices.send("Network.emulateNetworkConditions", limits)
        devices.send("Emulation.setCPUThrottlingRate", {"rate": SLOWER})
        devices.on("Network.loadingFinished", lambda event: fetched.append(event["encodedDataLength"]))
        start = time.perf_counter()
        page.goto(address, wait_until="commit")
        page.get_by_role("button", name="Next").or_(page.locator("button[type=submit]")).first.click(
            trial=True
        )
        seconds = time.perf_counter() - start
        page.wait_for_timeout(500)
        browser.close()
    return Visit(seconds, sum(fetched) / 1000, len(fetched))


BENCHMARK = Benchmark(
    __doc__,
    run,
    {"rounds": {"type": int, "default": ROUNDS, "help": "fresh visits of each shell"}},
    needs=CHROMIUM,
)
main = BENCHMARK.main

if __name__ == "__main__":
    sys.exit(main())
