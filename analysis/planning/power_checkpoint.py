"""Replications on disk, one JSON line each, so that an interrupted run goes on where it stopped."""

from __future__ import annotations

import json
import os
from collections.abc import Iterable
from dataclasses import asdict
from pathlib import Path

from analysis.planning.power_plan import PowerError, PowerPlan
from analysis.planning.power_replication import Outcome

Key = tuple[str, int, int]
"""Hypothesis, N, replication."""


class Checkpoint:
    """An append-only file: a line that names the plan, then one line an outcome.

    What is written is on the disk before ``append`` returns. A line cut short by a crash is taken off when
    the file is next opened, and its replication is computed again.
    """

    def __init__(self, path: Path, plan: PowerPlan) -> None:
        self._path = path
        self._heading = json.dumps({"plan": plan.fingerprint}) + "\n"
        if not path.exists() or not path.read_bytes().strip():
            path.write_text(self._heading, encoding="utf-8")
        elif path.read_bytes().count(b"\n"):
            self._mend()
        self._check()

    def read(self) -> dict[Key, Outcome]:
        """Every outcome kept so far; PowerError for a line that is none."""
        kept: dict[Key, Outcome] = {}
        for number, line in enumerate(self._lines()[1:], 2):
            try:
                values = json.loads(line)
                outcome = Outcome(**{**values, "problems": tuple(values["problems"])})
            except (ValueError, TypeError, KeyError) as error:
                raise PowerError(
                    f"{self._path}, line {number}: not a replication. Take the line out, or start a new file."
                ) from error
            kept[outcome.hypothesis, outcome.n, outcome.replication] = outcome
        return kept

    def append(self, outcomes: Iterable[Outcome]) -> None:
        """Add lines at the end."""
        text = "".join(json.dumps(asdict(outcome)) + "\n" for outcome in outcomes)
        with self._path.open("a", encoding="utf-8") as file:
            file.write(text)
            file.flush()
            os.fsync(file.fileno())

    def _lines(self) -> list[str]:
        return self._path.read_text(encoding="utf-8").splitlines()

    def _mend(self) -> None:
        with self._path.open("rb+") as file:
            file.truncate(file.read().rfind(b"\n") + 1)

    def _check(self) -> None:
        with self._path.open(encoding="utf-8") as file:
            heading = file.readline()
        if heading != self._heading:
            raise PowerError(
                f"{self._path} holds replications of another plan (study, hypotheses, population, seed or "
                "options differ). Choose another --out, or take the file away."
            )
