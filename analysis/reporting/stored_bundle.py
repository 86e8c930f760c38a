"""The replication bundle of answers in a store: analysed anew, so that bundle and analysis cannot differ."""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from questionnaire.storage import Storage, Stored
    from questionnaire.study import Study

SEED = 1
"""Of whatever the analysis draws, unless another is asked for; it stands in the bundle's manifest."""


class NoBundleError(ValueError):
    """There is nothing to replicate; the message says why. It travels between processes."""


def stored_bundle(database: str, study_code: str) -> bytes:
    """The archive for the newest version of a study; runs in a process of its own.

    Raises NoBundleError when there is nothing to analyse, LookupError for a study the store does not have
    and StorageUnavailableError.
    """
    from analysis.preparation.answers import AnswersError
    from questionnaire.loading import parse_study
    from questionnaire.storage import connect

    storage = connect(database)
    try:
        newest = storage.newest_versions().get(study_code)
        if newest is None:
            raise LookupError(f"the store has no study {study_code!r}")
        text = storage.study(newest).text
        study = parse_study(text, study_code)
        return bundle_of(storage, study, text, storage.respondents(newest))
    except AnswersError as error:
        raise NoBundleError(str(error)) from error
    finally:
        storage.close()


def bundle_of(
    storage: Storage,
    study: Study,
    study_text: str,
    respondents: Iterable[Stored],
    *,
    seed: int = SEED,
    progress: Callable[[float, str], None] | None = None,
) -> bytes:
    """Analyse those of ``respondents`` who have finished and write the bundle. Raises AnswersError."""
    from analysis.pipeline import analyse
    from analysis.preparation.answers import AnswersError
    from analysis.reporting.replication import write_bundle, zip_folder
    from questionnaire.exchange.table import answers_table, completed
    from questionnaire.fielding.desk import plan_at_opening

    finished = completed(respondents)
    if not finished:
        raise AnswersError(
            "nobody has finished this version of the study",
            place=f"{study.code} {study.version}",
            mend="There is nothing to replicate before somebody has.",
        )
    registered = plan_at_opening(storage, study.code)
    result = analyse(
        study, answers_table(study, finished), seed=seed, registered_plan=registered, progress=progress
    )
    with tempfile.TemporaryDirectory() as home:
        folder = Path(home, "replication")
        write_bundle(result, study_text, folder)
        archive = Path(home, "replication.zip")
        zip_folder(folder, archive)
        return archive.read_bytes()
