"""Seconds of a whole ``synergy analyse``, by stage: screen, measure, test at every level, report.

``python -m benchmarks.full_analysis [N [CARELESS [MISSING]]]`` (default 1000 .1 .03): respondents of the
built-in study with that share of careless ones and of answers left out, and its 2,000 bootstrap draws.
Processor time counts every process and thread, so that it hardly depends on what else the machine does.
"""

from __future__ import annotations

import os
import sys
import tempfile
import time
from dataclasses import dataclass, field
from pathlib import Path

from benchmarks.tools.benchmark import Benchmark

STUDY = Path(__file__).parents[1] / "data/studies/social_capital.yaml"
N, CARELESS, MISSING, SEED = 1000, 0.1, 0.03, 1
BAR = 60.0
"""Wall seconds on two cores that an analysis of 1,000 respondents may take."""


@dataclass
class Clock:
    """Wall and processor seconds of each stage, in the order they began."""

    now: str = ""
    last: tuple[float, float] = field(default_factory=lambda: (time.perf_counter(), _processor()))
    spent: dict[str, tuple[float, float]] = field(default_factory=dict)

    def begin(self, stage: str) -> None:
        """End the stage that is running and begin the next."""
        wall, processor = time.perf_counter(), _processor()
        if self.now:
            before = self.spent.get(self.now, (0.0, 0.0))
            self.spent[self.now] = (before[0] + wall - self.last[0], before[1] + processor - self.last[1])
        self.now, self.last = stage, (wall, processor)


def _processor() -> float:
    """Seconds of this process, its threads and its finished children."""
    times = os.times()
    return times.user + times.system + times.children_user + times.children_system


def run(n: int, careless: float, missing: float) -> None:
    from analysis.planning.simulate import simulate
    from questionnaire.loading import load_study

    study = load_study(STUDY)
    table = simulate(study, n, SEED, careless=careless, item_missing=missing, dropout=missing)
    clock = Clock()
    clock.begin("loading libraries")
    with tempfile.TemporaryDirectory() as folder:
        _analyse(study, table, Path(folder), clock)
    clock.begin("")
    print(
        f"Full analysis: {n} respondents, {careless:.0%} careless, {missing:.0%} missing, all hypotheses at"
    )
    print(f"all screening levels, {study.rules.bootstrap_draws} bootstrap draws, {os.cpu_count()} cores")
    print(f"  {'':<44}{'wall s':>8}{'CPU s':>8}")
    for stage, (wall, processor) in clock.spent.items():
        print(f"  {stage:<44}{wall:>8.1f}{processor:>8.1f}")
    wall, processor = (sum(column) for column in zip(*clock.spent.values(), strict=True))
    print(f"  {'all':<44}{wall:>8.1f}{processor:>8.1f}")
    if n == N:
        print(f"  {'at most ' + format(BAR, 'g') + ' s of wall time: ' + ('yes' if wall < BAR else 'NO')}")


def _analyse(study: object, table: object, folder: Path, clock: Clock) -> None:
    from analysis.pipeline import analyse, write_tables
    from analysis.planning.power_run import cores
    from analysis.reporting.compose import compose
    from analysis.reporting.html import to_html
    from analysis.reporting.replication import write_bundle
    from analysis.reporting.word import write_word

    def progress(done: float, what: str) -> None:
        if done < 1.0:
            clock.begin(next((name for start, name in GROUPED.items() if what.startswith(start)), what))

    result = analyse(study, table, seed=SEED, progress=progress, processes=cores())  # type: ignore[arg-type]
    clock.begin("tables and replication bundle")
    write_tables(result, folder)
    write_bundle(result, STUDY.read_text(encoding="utf-8"), folder / "replication")
    clock.begin("report.html")
    document = compose(result, "en")
    (folder / "report.html").write_text(to_html(document), encoding="utf-8")
    clock.begin("report.docx")
    write_word(document, folder / "report.docx")


GROUPED = {
    "testing by": "testing by every model",
    "testing the hypotheses": "testing by every model",
    "drawing bootstrap samples": "drawing bootstrap samples",
    "fitting the measurement model": "fitting the measurement models",
    "testing ": "testing product models by drawing from them",
    "matching the indicators": "matching indicators in every way",
    "repeating the analysis": "repeating at other levels and scores",
    "fitting the rival": "fitting rivals",
    "repeating with": "repeating at other levels and scores",
}


BENCHMARK = Benchmark(
    __doc__,
    run,
    {
        "n": {"type": int, "default": N, "help": "respondents"},
        "careless": {"type": float, "default": CARELESS, "help": "share of careless ones"},
        "missing": {"type": float, "default": MISSING, "help": "share of answers left out"},
    },
)
main = BENCHMARK.main

if __name__ == "__main__":
    sys.exit(main())
