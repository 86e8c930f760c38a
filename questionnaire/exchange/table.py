"""The answers table: one row a respondent and wave, raw codes as given."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from questionnaire.exchange.item_times import item_times
from questionnaire.exchange.panel_ids import panel_columns
from questionnaire.instrument import QuestionKind
from questionnaire.journey import Progress, Status
from questionnaire.storage import Stored, Submission
from questionnaire.study import Study

if TYPE_CHECKING:
    import pandas as pd

IMPORTED = "imported"
"""The page of the step that brought a respondent in from elsewhere; their version is called so too."""

SHOWN = "shown"
"""The timing that says how many seconds a page was on the screen."""


def answers_table(
    study: Study,
    respondents: Iterable[Stored],
    *,
    with_item_times: bool = False,
    with_panel_ids: bool = False,
) -> pd.DataFrame:
    """One row a respondent, in order of arrival, with every item, check and question of the study.

    Columns: respondent, wave, language, form, version, status, started_at, finished_at, seconds_total,
    consent_level, item codes, check codes, question codes (several options joined by ``;``) with their
    free text, ``seconds_<page>`` and ``order_<page>`` (the page's position, then its elements as shown).
    Ratings are 1…points, empty for missing. Answers to questions above the respondent's present consent
    tier are left out. ``with_item_times`` adds the columns of
    :func:`questionnaire.exchange.item_times.item_times`, ``with_panel_ids`` those of
    :func:`questionnaire.exchange.panel_ids.panel_columns`.
    """
    import pandas as pd

    rows = [
        _row(study, stored, with_item_times) | (panel_columns(stored.progress) if with_panel_ids else {})
        for stored in respondents
    ]
    columns = [*_FIXED, *study.answer_codes()]
    extra = sorted({name for row in rows for name in row} - set(columns))
    table = pd.DataFrame(rows, columns=[*columns, *extra])
    ratings = [*study.items, *(check.code for check in study.checks)]
    return table.astype({**dict.fromkeys(ratings, "Int64"), "consent_level": "Int64"})


_FIXED = (
    "respondent",
    "wave",
    "language",
    "form",
    "version",
    "status",
    "started_at",
    "finished_at",
    "seconds_total",
    "consent_level",
)


def _row(study: Study, stored: Stored, with_item_times: bool) -> dict[str, object]:
    progress = stored.progress
    seconds = _seconds(stored.submissions)
    # Given elsewhere: which version of the study they were given to, and after which plan, is not known.
    imported = any(step.page == IMPORTED for step in stored.submissions)
    row: dict[str, object] = {
        "respondent": stored.respondent,
        "wave": progress.wave or None,
        "language": progress.language,
        "form": progress.form,
        "version": IMPORTED if imported else f"{study.version}+{progress.study_hash[:12]}",
        "status": progress.status.value,
        "started_at": stored.started_at,
        "finished_at": stored.finished_at or None,
        "seconds_total": sum(seconds.values()) or None,
        "consent_level": progress.consent_level,
    }
    allowed = _allowed_answers(study, progress)
    row |= allowed
    if with_item_times:
        row |= item_times(allowed, stored.submissions, stored.drafts)
    row |= {f"seconds_{page}": value for page, value in seconds.items()}
    for position, page in enumerate(progress.route, start=1):
        row[f"order_{page.code}"] = f"{position} {' '.join(page.elements)}"
    return row


def _allowed_answers(study: Study, progress: Progress) -> dict[str, object]:
    level = progress.consent_level or 0
    withheld = {question.code for question in study.questions if question.consent_level > level}
    allowed: dict[str, object] = {}
    for code, value in progress.answers.items():
        if code.removesuffix("_text") not in withheld:
            allowed[code] = ";".join(value) if isinstance(value, tuple) else value
    # "Prefer not to say" is a word: beside it, numbers are text too, so that a column has one type.
    for question in study.questions:
        given = allowed.get(question.code)
        if question.kind is QuestionKind.NUMBER and question.prefer_not and isinstance(given, int | float):
            allowed[question.code] = f"{given:.15g}"
    return allowed


def _seconds(submissions: Iterable[Submission]) -> dict[str, float]:
    """Seconds on screen by page; a page visited twice counts both visits."""
    total: dict[str, float] = {}
    for submission in submissions:
        if SHOWN in submission.timings:
            total[submission.page] = total.get(submission.page, 0.0) + submission.timings[SHOWN]
    return total


def completed(respondents: Iterable[Stored]) -> list[Stored]:
    """Those who sent the last page."""
    return [stored for stored in respondents if stored.progress.status is Status.FINISHED]
