"""Respondents brought in from elsewhere, on the SQL store: all of them or none."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import Connection, insert, select

from questionnaire.storage.encoding import progress_from_text, progress_to_text, to_text
from questionnaire.storage.field_sql import lock_study
from questionnaire.storage.interface import KnownRespondentError, Stored
from questionnaire.storage.tables import respondents, studies, submissions


def bring_in(connection: Connection, arrivals: Sequence[Stored]) -> int:
    """See ``Storage.bring_in``; how many were not there yet."""
    code = connection.execute(
        select(studies.c.code).where(studies.c.content_hash == arrivals[0].progress.study_hash)
    ).scalar_one()
    lock_study(connection, code)
    there = _people(connection, code)
    new = []
    for arrival in arrivals:
        known = there.get((arrival.respondent, arrival.progress.wave))
        if known is None:
            new.append(arrival)
        elif known != (arrival.submissions[0].submit_id, dict(arrival.progress.answers)):
            raise KnownRespondentError(arrival.respondent, arrival.progress.wave)
    if new:
        connection.execute(insert(respondents), [_row(arrival) for arrival in new])
        connection.execute(insert(submissions), [_step(a.token, s) for a in new for s in a.submissions])
    return len(new)


def _people(connection: Connection, code: str) -> dict[tuple[str, str], tuple[str, dict[str, object]]]:
    versions = select(studies.c.content_hash).where(studies.c.code == code)
    query = select(
        respondents.c.start_id, respondents.c.respondent, respondents.c.person, respondents.c.progress
    )
    found: dict[tuple[str, str], tuple[str, dict[str, object]]] = {}
    for row in connection.execute(query.where(respondents.c.study_hash.in_(versions))):
        progress = progress_from_text(row.progress)
        found[row.person or row.respondent, progress.wave] = (row.start_id, dict(progress.answers))
    return found


def _row(arrival: Stored) -> dict[str, object]:
    progress = arrival.progress
    return {
        "token": arrival.token,
        "start_id": arrival.submissions[0].submit_id,
        # A person may be in several waves; the row's own name need only be unlike any other.
        "respondent": arrival.submissions[0].submit_id,
        "person": arrival.respondent,
        "study_hash": progress.study_hash,
        "status": progress.status.value,
        "version": progress.version,
        "progress": progress_to_text(progress),
        "started_at": arrival.started_at,
        "updated_at": arrival.updated_at,
        "finished_at": arrival.finished_at,
    }


def _step(token: str, step: object) -> dict[str, object]:
    values = {name: getattr(step, name) for name in ("submit_id", "base_version", "page", "received_at")}
    texts = {name: to_text(getattr(step, name)) for name in ("answers", "timings")}
    return {"token": token, **values, **texts}
