"""What fielding begins with is in the study file; what was changed by hand since is kept, and shown."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace

from questionnaire.admission.window import Window, moment
from questionnaire.loading import StudyError, parse_study
from questionnaire.recruitment import Cell
from questionnaire.storage import Storage
from questionnaire.study import Study


@dataclass(frozen=True, slots=True)
class Rules:
    """What a study file says about taking respondents, in the form a field time has it."""

    stop_at: str = ""
    stop_n: int = 0
    full_redirect: str = ""
    cells: tuple[Cell, ...] = ()


@dataclass(frozen=True, slots=True)
class Departure:
    """One thing that is otherwise in the field: ``name`` is a setting's, or a quota cell's with ``cell``.

    ``file`` and ``field`` are what either says, empty for nothing.
    """

    name: str
    file: str
    field: str
    cell: bool = False

    def __str__(self) -> str:
        what = f"quota {self.name}" if self.cell else self.name
        return f"{what}: {self.field or 'nothing'}; the study file says {self.file or 'nothing'}"


def rules_of(study: Study) -> Rules:
    """The study file's rules."""
    return Rules(moment(study.stop.at), study.stop.n, study.quota_full_redirect, study.quotas)


def first_window(storage: Storage, study: Study, now: str) -> tuple[Window, Rules]:
    """The field time a version begins with, and the rules of the version fielded before it.

    What was set by hand for that version goes on to hold, except where the file has changed since.
    """
    fresh = Window(study.content_hash, study.code, study.plan_hash, now)
    windows = storage.field.windows(study.code)
    if not windows:
        rules = rules_of(study)
        stops = replace(fresh, stop_at=rules.stop_at, stop_n=rules.stop_n)
        return replace(stops, full_redirect=rules.full_redirect), Rules()
    last = windows[-1]
    before, said = _rules_before(storage, last), rules_of(study)
    inherited = replace(
        last, content_hash=fresh.content_hash, plan_hash=fresh.plan_hash, opened_at=now, lets_finish=True
    )
    changed = {
        name: getattr(said, name)
        for name in ("stop_at", "stop_n", "full_redirect")
        if getattr(said, name) != getattr(before, name)
    }
    return replace(inherited, closed_at="", **changed), before


def set_cells(storage: Storage, study: Study, before: Rules) -> None:
    """Bring into the field what the file says otherwise than ``before``; what was set by hand stays."""
    said_before = {cell.name: cell for cell in before.cells}
    there = {cell.name: cell for cell in storage.field.cells(study.code)}
    for cell in study.quotas:
        if said_before.get(cell.name) != cell and there.get(cell.name) != cell:
            storage.field.put_cell(study.code, cell)
    kept = {cell.name for cell in study.quotas}
    for name, cell in said_before.items():
        if name not in kept and there.get(name) == cell:
            storage.field.drop_cell(study.code, name)


def as_in_file(storage: Storage, study: Study) -> None:
    """Make quota cells exactly those of the file. Places taken in a cell that stays stay taken."""
    named = {cell.name for cell in study.quotas}
    for cell in storage.field.cells(study.code):
        if cell.name not in named:
            storage.field.drop_cell(study.code, cell.name)
    for cell in study.quotas:
        storage.field.put_cell(study.code, cell)


def departures(study: Study, window: Window | None, cells: Iterable[Cell]) -> tuple[Departure, ...]:
    """Where the field differs from the study file, settings first; nothing before it was opened."""
    if window is None:
        return ()
    said = rules_of(study)
    settings = [
        Departure(name, str(getattr(said, name) or ""), str(getattr(window, name) or ""))
        for name in ("stop_at", "stop_n", "full_redirect")
        if getattr(said, name) != getattr(window, name)
    ]
    file, here = {cell.name: cell for cell in said.cells}, {cell.name: cell for cell in cells}
    names = sorted({*file, *here})
    differing = [name for name in names if file.get(name) != here.get(name)]
    return (
        *settings,
        *(Departure(name, _said(file.get(name)), _said(here.get(name)), cell=True) for name in differing),
    )


def who(cell: Cell) -> str:
    """The condition as it is written in a command; empty for everyone."""
    return " & ".join(f"{code}={'|'.join(options)}" for code, options in cell.where.items())


def _said(cell: Cell | None) -> str:
    if cell is None:
        return ""
    parts = (str(cell.target), who(cell), f"wave {cell.wave}" if cell.wave else "")
    return ", ".join(part for part in parts if part)


def _rules_before(storage: Storage, window: Window) -> Rules:
    stored = storage.study(window.content_hash)
    try:
        return rules_of(parse_study(stored.text, f"stored study {stored.code} {stored.version}"))
    except StudyError:
        # Written for another release; what it said about taking respondents cannot be known.
        return Rules()
