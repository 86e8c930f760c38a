"""Answers that were given elsewhere, brought in as respondents of a study version."""

from __future__ import annotations

import hashlib
import json
import math
import secrets
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from questionnaire.answers import PREFER_NOT, Answer, check_answer, is_blank
from questionnaire.exchange.table import IMPORTED, SHOWN
from questionnaire.formulas import as_typed
from questionnaire.instrument import QuestionKind
from questionnaire.journey import Progress, Status, known_language
from questionnaire.route import default_form
from questionnaire.storage import Stored, Submission
from questionnaire.study import Study

PSEUDONYM_MAX = 64
TIME_MAX = 40


@dataclass(frozen=True, slots=True)
class Problem:
    """Why a cell cannot be taken. ``row`` counts the table's rows from 1, the header not counted."""

    row: int
    column: str
    reason: str

    def __str__(self) -> str:
        return f"row {self.row}, column {self.column}: {self.reason}"


@dataclass(frozen=True, slots=True)
class Intake:
    """What a table holds: respondents to store, or problems; and columns that are left out."""

    respondents: tuple[Stored, ...]
    problems: tuple[Problem, ...]
    left_out: tuple[str, ...]


def take_in(study: Study, rows: Sequence[Mapping[str, object]], now: str, level: int | None = None) -> Intake:
    """Every row of an answers table as a finished respondent, checked as if it had been typed.

    ``level`` is the data-use tier of rows that do not say theirs. Blank cells are answers left out. The same
    row again makes the same respondent, so that bringing it in twice stores it once. Simulated rows and
    rows of people who did not finish are problems: neither is a respondent's finished survey.
    """
    known = {*_COLUMNS, *study.answer_codes(), *(f"{question.code}_text" for question in study.questions)}
    columns = list(dict.fromkeys(name for row in rows for name in row))
    left_out = [name for name in columns if name not in known and not name.startswith("seconds_")]
    problems: list[Problem] = []
    taken: list[Stored] = []
    seen: dict[tuple[str, str], int] = {}
    missing = [code for code in study.items if code not in columns]
    if rows and missing:
        problems += [Problem(0, code, "the table has no such column") for code in missing]
        return Intake((), tuple(problems), tuple(left_out))
    for number, row in enumerate(rows, start=1):
        stored, found = _respondent(study, _Row(number, row), now, level)
        key = (stored.respondent, stored.progress.wave)
        if key in seen:
            found.append(Problem(number, "respondent", f"the same respondent and wave as row {seen[key]}"))
        seen[key] = number
        problems += found
        taken.append(stored)
    return Intake(() if problems else tuple(taken), tuple(problems), tuple(left_out))


_COLUMNS = (
    *("respondent", "wave", "language", "form", "status", "started_at", "finished_at", "consent_level"),
    *("synthetic", "version", "seconds_total", "imported"),
)
"""Read, or told anew from what is stored."""


class _Row:
    """A row's cells as plain values."""

    def __init__(self, number: int, cells: Mapping[str, object]) -> None:
        self.number = number
        self._cells = {name: _plain(value) for name, value in cells.items()}

    def __getitem__(self, name: str) -> object:
        return self._cells.get(name)

    def text(self, name: str) -> str:
        value = self[name]
        return "" if value is None else str(value).strip()

    def named(self, start: str) -> Iterable[tuple[str, object]]:
        return ((name, value) for name, value in self._cells.items() if name.startswith(start))

    def identity(self) -> str:
        """Who this is, for a table that does not say: the row's place and content."""
        told = json.dumps([self.number, self._cells], sort_keys=True, ensure_ascii=False, default=str)
        return hashlib.sha256(told.encode()).hexdigest()[:16]


def _respondent(study: Study, row: _Row, now: str, level: int | None) -> tuple[Stored, list[Problem]]:
    problems: list[Problem] = []

    def problem(column: str, reason: str) -> None:
        problems.append(Problem(row.number, column, reason))

    who = row.text("respondent") or row.identity()
    if len(who) > PSEUDONYM_MAX:
        problem("respondent", f"longer than {PSEUDONYM_MAX} characters")
    if row.text("synthetic").lower() in ("true", "1", "yes"):
        problem("synthetic", "simulated answers are nobody's; analyse them from their file")
    if row.text("status") not in ("", Status.FINISHED.value):
        problem("status", f"{row.text('status')!r}; only finished respondents can be brought in")
    wave, form = row.text("wave"), row.text("form") or default_form(study).code
    if wave and wave not in {known.code for known in study.waves}:
        problem("wave", f"the study has no wave {wave!r}")
    if form not in {known.code for known in study.forms}:
        problem("form", f"the study has no form {form!r}")
    tier = _whole(row["consent_level"]) if row.text("consent_level") else level
    if tier not in {known.level for known in study.consent.tiers}:
        problem("consent_level", "no data-use tier of the study; give the column, or one tier for all rows")
    answers = _answers(study, row, problems)
    for column in ("started_at", "finished_at"):
        if not _is_time(row.text(column)):
            problem(column, f"{row.text(column)!r} is no time; write 2026-01-31T18:00Z")
    started = row.text("started_at") or now
    finished = row.text("finished_at") or started
    # The same for the same person and wave, so that a second time is known as one; the token is not, since
    # whoever could work it out could open the page.
    start = "imported-" + hashlib.sha256(f"{study.content_hash}|{who}|{wave}".encode()).hexdigest()[:40]
    steps = [Submission(start, 0, IMPORTED, received_at=now)]
    for name, seconds in row.named("seconds_"):
        measured = _number(seconds)
        if name != "seconds_total" and isinstance(measured, int | float) and measured >= 0:
            page = name.removeprefix("seconds_")
            steps.append(
                Submission(f"{start}-{len(steps)}", len(steps), page, {}, {SHOWN: float(measured)}, now)
            )
    progress = Progress(
        study.content_hash,
        form,
        known_language(study, row.text("language") or study.languages[0]),
        seed=0,
        wave=wave,
        consent_level=tier if isinstance(tier, int) else None,
        status=Status.FINISHED,
        answers=answers,
        version=len(steps),
    )
    token = secrets.token_urlsafe(24)
    return Stored(token, who, progress, started, now, finished, tuple(steps)), problems


def _answers(study: Study, row: _Row, problems: list[Problem]) -> dict[str, Answer]:
    kinds = {question.code: question.kind for question in study.questions}
    given: dict[str, Answer] = {}
    for code in study.answer_codes():
        value = _value(kinds.get(code), row[code])
        if is_blank(value):
            continue
        text = row[f"{code}_text"]
        found = check_answer(study, code, value, text, skip_unanswered=True)
        if found is not None:
            problems.append(
                Problem(row.number, code, f"{row[code]!r} {_REASONS.get(found.reason, found.reason)}")
            )
            continue
        given[code] = value  # type: ignore[assignment]  # check_answer has narrowed it
        if isinstance(text, str) and text.strip():
            given[f"{code}_text"] = text.strip()
    return given


_REASONS = {
    "not_on_scale": "is no point of the scale",
    "not_an_option": "is no option of the question",
    "not_a_number": "is no number",
    "out_of_range": "is out of the question's range",
    "too_long": "is too long",
    "exclusive": "has an option that excludes the others",
}


def _value(kind: QuestionKind | None, cell: object) -> object:
    """A cell as the answer it stands for; what cannot be read so stays as it is, for the check to refuse."""
    match kind:
        case None:
            return _whole(cell)
        case QuestionKind.NUMBER:
            return cell if cell == PREFER_NOT else _number(cell)
        case QuestionKind.MULTIPLE:
            if cell is None or cell == PREFER_NOT:
                return cell
            return tuple(part.strip() for part in str(cell).split(";") if part.strip())
        case QuestionKind.SINGLE:
            return None if cell is None else str(_whole(cell)) if isinstance(cell, float) else str(cell)
        case _:
            return None if cell is None else str(cell)


def _plain(value: object) -> object:
    """Numbers of any library as Python's, every mark of missing as None, text as it was before a file."""
    item = getattr(value, "item", None)
    value = item() if callable(item) else value
    if value is None or str(value) in ("", "nan", "<NA>", "NaT"):
        return None
    return as_typed(value)


def _is_time(text: str) -> bool:
    try:
        return not text or (len(text) <= TIME_MAX and bool(datetime.fromisoformat(text)))
    except ValueError:
        return False


def _whole(cell: object) -> object:
    number = _number(cell)
    return int(number) if isinstance(number, float) and number.is_integer() else number


def _number(cell: object) -> object:
    if isinstance(cell, str):
        try:
            parsed = float(cell)
        except ValueError:
            return cell
        cell = parsed
    if isinstance(cell, float) and math.isfinite(cell) and cell.is_integer():
        return int(cell)
    return cell
