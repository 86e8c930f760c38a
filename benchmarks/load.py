"""How many respondents at once: this survey in both shells and a plain st.form one, in one run.

`python -m benchmarks.load [seconds a step]`. One server process; the respondents run on the same machine,
so that both share its processors. A front end holds N respondents if the 95th percentile of a page (click
to next page) stays under a second and no request fails.
"""

from __future__ import annotations

import asyncio
import os
import re
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from multiprocessing import get_context
from pathlib import Path

import numpy as np

from benchmarks.load_respondents import Crowd, Tally, crowd, gather_seconds
from questionnaire.instrument import Block, Construct, Item, Role, Scale
from questionnaire.loading import dump_study
from questionnaire.loading import load_study as read_study
from questionnaire.study import Study

THINK = 5.0
BAR = 1.0
STEP_SECONDS = 25.0
STUDY = Path(__file__).parents[1] / "data" / "studies" / "tea_breaks.yaml"
NAIVE = Path(__file__).with_name("load_naive_app.py")
# Steps of about a quarter, from far below what was held in trials to above it.
LADDERS = {
    "naive": (20, 30, 40, 50, 65, 80),
    "streamlit": (200, 300, 400, 500, 650, 800),
    "light": (400, 600, 800, 1000, 1250, 1500),
}
NAMES = {
    "naive": "st.form as shipped",
    "streamlit": "this survey, Streamlit shell",
    "light": "this survey, light shell",
}


@dataclass(frozen=True, slots=True)
class Step:
    """What one number of respondents gave."""

    users: int
    p50: float
    p95: float
    pages: int
    errors: int
    cpu_ms: float
    rss_mb: float

    @property
    def held(self) -> bool:
        return self.errors == 0 and self.pages > 0 and self.p95 < BAR


def main() -> None:
    """Climb each ladder until it breaks; print the steps, the last held and the ratios."""
    seconds = (
        float(sys.argv[1]) if len(sys.argv) > 1 and re.fullmatch(r"[\d.]+", sys.argv[1]) else STEP_SECONDS
    )
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


def measure(kind: str, url: str, pid: int, users: int, seconds: float, study: str = "load") -> Step:
    """One crowd in a process of its own."""
    plan = Crowd(kind, url, study, users, THINK, 2 * THINK, seconds, gather_seconds())
    with get_context("spawn").Pool(1) as pool:
        work = pool.apply_async(_crowd, (plan,))
        time.sleep(plan.ramp)
        before = _cpu(pid)
        time.sleep(plan.seconds)
        spent, size = _cpu(pid) - before, memory(pid)
        tally: Tally = work.get()
    for error in sorted(set(tally.errors))[:3]:
        print(f"    {error}")
    pages = np.array(tally.pages or [np.inf])
    p50, p95 = (float(np.percentile(pages, q)) for q in (50, 95))
    shown = len(tally.pages) + len(tally.openings)
    return Step(users, p50, p95, len(tally.pages), len(tally.errors), 1000 * spent / max(shown, 1), size)


def _crowd(plan: Crowd) -> Tally:
    return asyncio.run(crowd(plan))


@contextmanager
def server(kind: str, folder: Path) -> Iterator[tuple[str, int]]:
    """The server of one side on a free port with a database of its own; its address and process id."""
    if kind != "naive":
        study = folder / "load.yaml"
        study.write_text(dump_study(load_study()), encoding="utf-8")
        with served(folder, study) as running:
            yield running
        return
    port = _free_port()
    words = ["-m", "streamlit", "run", str(NAIVE), "--server.port", str(port)]
    words += ["--server.headless", "true", "--browser.gatherUsageStats", "false"]
    environment = {**os.environ, "NAIVE_DATABASE": str(folder / "naive.sqlite")}
    with _running(folder, words, environment, port, "/_stcore/health") as running:
        yield running


@contextmanager
def served(folder: Path, study: Path) -> Iterator[tuple[str, int]]:
    """This product with that study and its store in the folder: ``load.sqlite``."""
    port = _free_port()
    call = f"serve('sqlite:///{folder}/load.sqlite', {port}, studies=[{str(study)!r}])"
    words = ["-c", f"from questionnaire.web.server import serve; {call}"]
    environment = {**os.environ, "PYTHONPATH": str(Path(__file__).parents[1])}
    with _running(folder, words, environment, port, "/health") as running:
        yield running


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@contextmanager
def _running(
    folder: Path, words: list[str], environment: dict[str, str], port: int, ready: str
) -> Iterator[tuple[str, int]]:
    log = (folder / "server.log").open("w")
    # From the folder, so that the plain application finds no configuration but its own.
    process = subprocess.Popen(
        [sys.executable, *words], cwd=folder, env=environment, stdout=log, stderr=subprocess.STDOUT
    )
    try:
        url = f"http://127.0.0.1:{port}"
        _wait(url + ready, process, folder / "server.log")
        yield url, process.pid
    finally:
        process.terminate()
        process.wait(20)
        log.close()


def _wait(address: str, process: subprocess.Popen[bytes], log: Path) -> None:
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline and process.poll() is None:
        try:
            urllib.request.urlopen(address, timeout=5).close()
            return
        except OSError:
            time.sleep(0.2)
    raise RuntimeError(f"the server did not start:\n{log.read_text()}")


def load_study() -> Study:
    """Five constructs of six items on seven points, one a page: the same burden as the plain application."""
    small = read_study(STUDY)
    labels = ("No", "Hardly", "Rather not", "Neutral", "Rather", "Mostly", "Yes")
    constructs = [_construct(f"L{page}") for page in range(1, 6)]
    return replace(
        small,
        code="load",
        scales=(Scale("agree7", 7, dict.fromkeys(small.languages, labels)),),
        constructs=tuple(constructs),
        questions=(),
        models=(),
        hypotheses=(),
        blocks=tuple(Block(one.code.lower(), (one.code,), one.name) for one in constructs),
        sequences=(tuple(one.code.lower() for one in constructs),),
    )


def _construct(code: str) -> Construct:
    def say(text: str) -> dict[str, str]:
        return {"en": text, "de": text}

    wording = "on this platform I take part in charity."
    items = tuple(Item(f"{code}{k}", code, say(f"{code}{k}: {wording}"), "agree7") for k in range(1, 7))
    return Construct(code, say(code), Role.PREDICTOR, items, source="own")


def _cpu(pid: int) -> float:
    fields = Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def memory(pid: int) -> float:
    """MB that a process holds."""
    found = re.search(r"VmRSS:\s+(\d+)", Path(f"/proc/{pid}/status").read_text())
    return int(found[1]) / 1024 if found else float("nan")


if __name__ == "__main__":
    main()
