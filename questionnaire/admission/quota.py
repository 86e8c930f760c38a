"""Quota cells: how many of whom, and which cells a respondent's answers decide."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from questionnaire.answers import Answer
from questionnaire.journey import Progress, Status
from questionnaire.recruitment import Cell
from questionnaire.study import Study
from questionnaire.suggestion import suggestion

HOLD_MINUTES = 60
"""How long a place is kept for someone who has stopped answering."""


class QuotaError(ValueError):
    """A cell the study cannot have; the message names the part and how to write it."""


@dataclass(frozen=True, slots=True)
class Fill:
    """A cell and its places: ``finished`` are taken for good, ``held`` by people who are answering."""

    cell: Cell
    finished: int
    held: int

    @property
    def left(self) -> int:
        """Places still free."""
        return max(self.cell.target - self.finished - self.held, 0)


@dataclass(frozen=True, slots=True)
class Claim:
    """What a step asks of the quotas: the cells it decides, or a state that needs no place any more.

    Places last touched before ``cutoff`` by someone who did not finish are free again.
    """

    study_code: str
    cells: tuple[Cell, ...]
    at: str
    cutoff: str
    finished: bool


def decided(cells: Iterable[Cell], progress: Progress) -> tuple[Cell, ...]:
    """The cells these answers fall into, in the order of their names: locks are taken in that order."""
    found = [
        cell
        for cell in cells
        if cell.wave == progress.wave
        and all(_chosen(progress.answers.get(code), options) for code, options in cell.where.items())
    ]
    return tuple(sorted(found, key=lambda cell: cell.name))


def claim(study_code: str, cells: Iterable[Cell], after: Progress, now: str) -> Claim:
    """What to ask of the store beside storing ``after``; someone who left needs no place."""
    wanted = decided(cells, after) if after.status in (Status.ASKING, Status.FINISHED) else ()
    return Claim(study_code, wanted, now, hold_cutoff(now), after.status is Status.FINISHED)


def turned_away(after: Progress) -> Progress:
    """The state of someone whose answers are stored but for whom no place was left."""
    return replace(after, status=Status.QUOTA_FULL)


def check_cell(study: Study, cell: Cell) -> None:
    """Raise QuotaError unless the study has the questions, options and wave the cell names."""
    for _, what, mend in cell_faults(study, cell):
        raise QuotaError(f"cell {cell.name!r}: {what}. {mend}")


def cell_faults(study: Study, cell: Cell) -> Iterator[tuple[str, str, str]]:
    """What of a cell the study cannot have: its key in the cell, the fault and the mend."""
    if not cell.name.strip():
        yield "name", "it has no name", "Give it one."
    if cell.target < 1:
        yield "target", f"a target of {cell.target}", "Give it at least 1 place."
    if cell.wave and cell.wave not in {wave.code for wave in study.waves}:
        mend = suggestion(cell.wave, [wave.code for wave in study.waves])
        yield "wave", f'the study has no wave "{cell.wave}"', mend
    choices = {question.code: question for question in study.questions if question.options}
    for code, options in cell.where.items():
        if code not in choices:
            yield f"where.{code}", f'no choice question "{code}"', suggestion(code, choices)
            continue
        known = [option.code for option in choices[code].options]
        if not options:
            yield f"where.{code}", "no option is named", f"Known: {', '.join(known)}."
        for option in (option for option in options if option not in known):
            yield f"where.{code}", f'no option "{option}" of {code}', suggestion(option, known)


def read_where(text: str) -> dict[str, tuple[str, ...]]:
    """``platform=douyin|kuaishou & sex=female`` as a condition; empty text is no condition."""
    where: dict[str, tuple[str, ...]] = {}
    for part in filter(None, (part.strip() for part in text.split("&"))):
        code, equals, options = part.partition("=")
        if not equals or not options.strip():
            raise QuotaError(f"{part!r}: write question=option|option, joined by &")
        where[code.strip()] = tuple(option.strip() for option in options.split("|"))
    return where


def _chosen(answer: Answer | None, options: tuple[str, ...]) -> bool:
    given = answer if isinstance(answer, tuple) else (answer,)
    return any(option in options for option in given)


def hold_cutoff(now: str) -> str:
    """The time before which a place that nobody touched is free again."""
    moment = datetime.fromisoformat(now) - timedelta(minutes=HOLD_MINUTES)
    return moment.isoformat(timespec="milliseconds").replace("+00:00", "Z")
