"""Timing of both sides in one run: ours here, R's inside R, so that start-up counts on neither."""

from __future__ import annotations

import json
import subprocess
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pandas as pd

R_TIMEOUT = 3600


def median_ms(work: Callable[[], object], repeats: int) -> float:
    """Median wall-clock time of `work` in milliseconds, after one run to warm up."""
    work()
    times = []
    for _ in range(repeats):
        start = time.perf_counter()
        work()
        times.append(time.perf_counter() - start)
    return float(np.median(times) * 1e3)


def r(code: str, **tables: pd.DataFrame) -> dict[str, object]:
    """Run R code with lavaan loaded and each table as a data frame; the code fills the list `out`."""
    with tempfile.TemporaryDirectory() as folder:
        place = Path(folder)
        for name, table in tables.items():
            table.to_csv(place / f"{name}.csv", index=False, na_rep="NA")
        reads = [f'{name} <- read.csv("{place / name}.csv")' for name in tables]
        head = [
            "options(warn = -1)",
            "suppressMessages({library(lavaan); library(jsonlite)})",
            "out <- list()",
        ]
        tail = [f'write_json(out, "{place / "out.json"}", digits = 12, auto_unbox = TRUE, na = "null")']
        script = place / "script.R"
        script.write_text("\n".join([*head, *reads, code, *tail]), encoding="utf-8")
        done = subprocess.run(
            ["Rscript", "--vanilla", str(script)],
            capture_output=True,
            text=True,
            timeout=R_TIMEOUT,
            check=False,
        )
        if done.returncode != 0:
            raise RuntimeError(f"R stopped: {done.stderr[-2000:]}")
        found: dict[str, object] = json.loads((place / "out.json").read_text(encoding="utf-8"))
        return found


R_MEDIAN = """
median_ms <- function(f, repeats) {
  f()
  1000 * median(sapply(seq_len(repeats), function(i) system.time(f())[["elapsed"]]))
}
"""


def report(title: str, rows: list[tuple[str, float, str]], verdict: str = "") -> None:
    """Print one table: label, number, unit."""
    print(f"\n{title}")
    for label, value, unit in rows:
        print(f"  {label:<58}{value:>12.4g} {unit}")
    if verdict:
        print(f"  {verdict}")
