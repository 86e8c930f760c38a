"""How far an analysis is: its stages weighted by what they cost, and never going back."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from enum import StrEnum

Progress = Callable[[float, str], None]
"""Called with what is done of all, from 0 to 1, and what is being done."""


class Stage(StrEnum):
    """The pieces of an analysis, in the order in which they are done."""

    READING = "reading"
    SCREENING = "screening"
    JUDGING = "judging"
    GROUPS = "groups"
    TESTING = "testing"
    DRAWING = "drawing"
    MEASURING = "measuring"
    RIVALS = "rivals"
    MODEL_TESTS = "drawn"
    REPEATING = "repeating"
    MATCHING = "matching"
    RELIABILITY = "reliability"
    SUMMING = "summing"


class Steps:
    """Turns what stages say of themselves into a share of the whole.

    ``costs``: what each stage costs, in any unit; a stage left out costs nothing.
    """

    def __init__(self, costs: Mapping[Stage, float], say: Progress) -> None:
        self._costs = {stage: costs.get(stage, 0.0) for stage in Stage}
        self._whole = sum(self._costs.values()) or 1.0
        self._say = say
        self._stage = Stage.READING
        self._share = 0.0

    def begin(self, stage: Stage, doing: str) -> None:
        """All stages before ``stage`` are done."""
        self._stage = stage
        self.part(0.0, doing)

    def part(self, share: float, doing: str) -> None:
        """``share``, from 0 to 1, of the stage is done and ``doing`` comes now."""
        stages = list(Stage)
        before = sum(self._costs[stage] for stage in stages[: stages.index(self._stage)])
        share = (before + min(max(share, 0.0), 1.0) * self._costs[self._stage]) / self._whole
        self._share = max(self._share, share)
        self._say(self._share, doing)

    def end(self) -> None:
        """Everything is done."""
        self._share = 1.0
        self._say(1.0, "done")


def unheard(_: float, __: str) -> None:
    """For whoever is not told how far it is."""


SILENT = Steps({}, unheard)
"""Where nobody follows the progress."""
