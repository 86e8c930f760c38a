"""How many finished answers raise which data-quality flag, while the study is in the field."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from analysis.pipeline.result import IndexSummary, LevelCount

if TYPE_CHECKING:
    from analysis.preparation.answers import Answers
    from questionnaire.study import Study

SEED = 1
"""Of the indices that draw pairs of items at random: fixed, so that a second look shows the same."""


@dataclass(frozen=True, slots=True)
class FieldFlags:
    """Counts over ``n`` finished answers, by index and by screening level."""

    n: int
    indices: tuple[IndexSummary, ...]
    levels: tuple[LevelCount, ...]


def field_flags(database: str, study_code: str) -> FieldFlags:
    """Screen the finished answers of the newest version of a study; runs in a process of its own.

    With nobody finished there is nothing to screen: ``n`` is 0 and both tables are empty. Raises
    StorageUnavailableError when the store is out of reach.
    """
    from analysis.pipeline.screened import index_summaries, level_counts
    from analysis.screening.levels import screen
    from analysis.screening.responses import gather_responses

    study, answers = finished_answers(database, study_code)
    if answers is None:
        return FieldFlags(0, (), ())
    screened = screen(gather_responses(study, answers, seed=SEED), study.screening)
    return FieldFlags(len(answers), index_summaries(screened), level_counts(screened))


def finished_answers(database: str, study_code: str) -> tuple[Study, Answers | None]:
    """The newest version of a study and its finished answers, None where there are none."""
    from analysis.pipeline.intake import take_in
    from questionnaire.exchange.table import answers_table, completed
    from questionnaire.loading import parse_study
    from questionnaire.storage import connect

    storage = connect(database)
    try:
        newest = [version for version in storage.studies() if version.code == study_code][-1]
        study = parse_study(newest.text, study_code)
        finished = completed(storage.respondents(study.content_hash))
    finally:
        storage.close()
    if not finished:
        return study, None
    answers = take_in(study, answers_table(study, finished)).answers
    return study, answers if len(answers) else None
