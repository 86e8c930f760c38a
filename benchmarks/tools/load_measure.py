"""A crowd of respondents in a process of its own, and what it costs the server meanwhile."""

from __future__ import annotations

import asyncio
import os
import re
import time
from collections.abc import Callable
from dataclasses import dataclass
from multiprocessing import get_context
from pathlib import Path
from typing import TypeVar

import numpy as np

from benchmarks.tools.load_respondents import Crowd, Tally, crowd, gather_seconds

THINK = 5.0
BAR = 1.0
Seen = TypeVar("Seen")


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


def measure(kind: str, url: str, pid: int, users: int, seconds: float, study: str = "load") -> Step:
    """What a number of respondents get from the server at ``url``, and take of the process ``pid``."""
    plan = Crowd(kind, url, study, users, THINK, 2 * THINK, seconds, gather_seconds())

    def spent() -> tuple[float, float]:
        time.sleep(plan.ramp)
        before = _cpu(pid)
        time.sleep(plan.seconds)
        return _cpu(pid) - before, memory(pid)

    tally, (cpu, size) = beside_crowd(plan, spent)
    pages = np.array(tally.pages or [np.inf])
    p50, p95 = (float(np.percentile(pages, q)) for q in (50, 95))
    shown = len(tally.pages) + len(tally.openings)
    return Step(users, p50, p95, len(tally.pages), len(tally.errors), 1000 * cpu / max(shown, 1), size)


def beside_crowd(plan: Crowd, watch: Callable[[], Seen]) -> tuple[Tally, Seen]:
    """The crowd's tally, and what ``watch`` saw while it was there; its first errors are printed."""
    with get_context("spawn").Pool(1) as pool:
        work = pool.apply_async(_crowd, (plan,))
        seen = watch()
        tally: Tally = work.get()
    for error in sorted(set(tally.errors))[:3]:
        print(f"    {error}")
    return tally, seen


def _crowd(plan: Crowd) -> Tally:
    return asyncio.run(crowd(plan))


def _cpu(pid: int) -> float:
    fields = Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def memory(pid: int) -> float:
    """MB that a process holds."""
    found = re.search(r"VmRSS:\s+(\d+)", Path(f"/proc/{pid}/status").read_text())
    return int(found[1]) / 1024 if found else float("nan")
