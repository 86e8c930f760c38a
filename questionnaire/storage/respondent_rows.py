"""Respondents in the SQL store: their rows in and out, inside a transaction that is already open."""

from __future__ import annotations

from dataclasses import asdict

from sqlalchemy import Connection, RowMapping, bindparam, insert, select, update

from questionnaire.drafts import Draft
from questionnaire.journey import Progress
from questionnaire.ledger import LedgerEntry, Seal, next_entry
from questionnaire.storage.encoding import progress_from_text, progress_to_text
from questionnaire.storage.interface import Ack, Stored, Submission, UnknownTokenError, finished_at
from questionnaire.storage.tables import ledger, respondents, studies, submissions

LINK = [column for column in ledger.c if column.name != "study_code"]

# Built once: building a statement anew costs as much as running it, and these run at every step.
_BY_TOKEN = select(respondents).where(respondents.c.token == bindparam("token"))
_BY_TOKEN_LOCKED = _BY_TOKEN.with_for_update()
_SAME_STEP = select(submissions.c.base_version).where(
    (submissions.c.token == bindparam("token")) & (submissions.c.submit_id == bindparam("submit_id"))
)
ADD_STEP = insert(submissions)
CHANGE = update(respondents).where(respondents.c.token == bindparam("of_token"))


def known(connection: Connection, token: str, *, lock: bool = False) -> RowMapping:
    """The row of a respondent, or UnknownTokenError; with ``lock`` nobody else changes it meanwhile."""
    query = _BY_TOKEN_LOCKED if lock else _BY_TOKEN
    row = connection.execute(query, {"token": token}).mappings().first()
    if row is None:
        raise UnknownTokenError(token)
    return row


def repeated(connection: Connection, token: str, submit_id: str) -> Ack | None:
    """The acknowledgement of a step stored before, if it was."""
    base = connection.execute(_SAME_STEP, {"token": token, "submit_id": submit_id}).scalar()
    return None if base is None else Ack(token, base + 1, repeated=True)


def state(progress: Progress, at: str, finished: str = "") -> dict[str, object]:
    """What a respondent's row says of a state."""
    return {
        "status": progress.status.value,
        "version": progress.version,
        "progress": progress_to_text(progress),
        "updated_at": at,
        "finished_at": finished_at(finished, progress, at),
    }


def sealed(connection: Connection, study_hash: str, seal: Seal, at: str) -> dict[str, object]:
    """Append to the ledger of the respondent's study; what the respondent's row keeps of it."""
    code = connection.execute(select(studies.c.code).where(studies.c.content_hash == study_hash)).scalar_one()
    # The study's rows, in one order, are the lock that all who finish share; SQLite has one writer anyway.
    versions = select(studies.c.content_hash).where(studies.c.code == code)
    connection.execute(versions.order_by(studies.c.content_hash).with_for_update())
    query = select(*LINK).where(ledger.c.study_code == code).order_by(ledger.c.sequence.desc()).limit(1)
    last = connection.execute(query).mappings().first()
    entry = next_entry(LedgerEntry(**last) if last else None, seal.commitment, at)
    connection.execute(insert(ledger).values(study_code=code, **asdict(entry)))
    return {"receipt": seal.receipt, "salt": seal.salt, "sequence": entry.sequence}


def stored(row: RowMapping, taken: tuple[Submission, ...] = (), kept: tuple[Draft, ...] = ()) -> Stored:
    """The respondent in a row, with the steps and drafts given."""
    return Stored(
        row["token"],
        row["person"] or row["respondent"],
        progress_from_text(row["progress"]),
        row["started_at"],
        row["updated_at"],
        row["finished_at"],
        taken,
        row["receipt"] or "",
        row["salt"] or "",
        row["sequence"],
        kept,
    )
