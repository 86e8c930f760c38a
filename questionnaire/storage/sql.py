"""The SQL store: SQLite or PostgreSQL through SQLAlchemy Core."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict

from sqlalchemy import Connection, Engine, RowMapping, bindparam, delete, insert, select, update
from sqlalchemy.exc import IntegrityError

from questionnaire.drafts import Draft, Drafts
from questionnaire.fielding.quota import Claim, turned_away
from questionnaire.journey import Progress, withdrawn
from questionnaire.ledger import LedgerEntry, Seal, next_entry
from questionnaire.storage import draft_rows, intake_rows
from questionnaire.storage.encoding import progress_from_text, progress_to_text
from questionnaire.storage.field_sql import SqlField
from questionnaire.storage.field_steps import forget, lock_invitation, take_places, use_invitation
from questionnaire.storage.interface import (
    Ack,
    StaleVersionError,
    StorageUnavailableError,
    Stored,
    StoredStudy,
    Submission,
    UnknownStudyError,
    UnknownTokenError,
    finished_at,
)
from questionnaire.storage.step_rows import step_values, submission_of
from questionnaire.storage.tables import drafts, ledger, respondents, resume_codes, studies, submissions
from questionnaire.storage.transactions import Transactions

_LINK = [column for column in ledger.c if column.name != "study_code"]

# Built once: building a statement anew costs as much as running it, and these run at every step.
_BY_TOKEN = select(respondents).where(respondents.c.token == bindparam("token"))
_BY_TOKEN_LOCKED = _BY_TOKEN.with_for_update()
_SAME_STEP = select(submissions.c.base_version).where(
    (submissions.c.token == bindparam("token")) & (submissions.c.submit_id == bindparam("submit_id"))
)
_ADD_STEP = insert(submissions)
_CHANGE = update(respondents).where(respondents.c.token == bindparam("of_token"))


class SqlStorage:
    """Every write is one transaction; a respondent's row is locked while its step is decided."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        transactions = Transactions(engine)
        self._write, self._read = transactions.write, transactions.read
        self.field = SqlField(transactions)

    def add_study(self, study: StoredStudy) -> None:
        """See :class:`~questionnaire.storage.interface.Storage`."""
        values = {name: getattr(study, name) for name in StoredStudy.__dataclass_fields__}
        try:
            with self._write() as connection:
                connection.execute(insert(studies).values(**values))
        except IntegrityError:
            # The same content is already there, perhaps stored by another process a moment ago.
            self.study(study.content_hash)

    def study(self, content_hash: str) -> StoredStudy:
        """See :class:`~questionnaire.storage.interface.Storage`."""
        with self._read() as connection:
            query = select(studies).where(studies.c.content_hash == content_hash)
            row = connection.execute(query).mappings().first()
        if row is None:
            raise UnknownStudyError(content_hash)
        return StoredStudy(**row)

    def studies(self) -> tuple[StoredStudy, ...]:
        """See :class:`~questionnaire.storage.interface.Storage`."""
        with self._read() as connection:
            query = select(studies).order_by(studies.c.added_at, studies.c.content_hash)
            return tuple(StoredStudy(**row) for row in connection.execute(query).mappings())

    def start(self, stored: Stored, submission: Submission, invitation: str = "") -> Ack:
        """See :class:`~questionnaire.storage.interface.Storage`."""
        values: dict[str, object] = {
            "token": stored.token,
            "start_id": submission.submit_id,
            "respondent": stored.respondent,
            "study_hash": stored.progress.study_hash,
            "started_at": stored.started_at,
        }
        try:
            with self._write() as connection:
                invited = lock_invitation(connection, invitation) if invitation else None
                if invited is not None and invited["token"] is not None:
                    version = _row(connection, invited["token"])["version"]
                    return Ack(invited["token"], version, repeated=True)
                state = _state(stored.progress, submission.received_at)
                if invited is not None:
                    values["person"] = invited["person"]
                connection.execute(insert(respondents).values(**values, **state))
                connection.execute(_ADD_STEP, step_values(stored.token, submission))
                if invited is not None:
                    use_invitation(connection, invitation, stored.token, submission.received_at)
        except IntegrityError:
            return self._started_before(submission.submit_id)
        return Ack(stored.token, stored.progress.version, repeated=False)

    def load(self, token: str) -> Stored:
        """See :class:`~questionnaire.storage.interface.Storage`."""
        with self._read() as connection:
            return _stored(_row(connection, token))

    def submit(
        self,
        token: str,
        submission: Submission,
        after: Progress,
        seal: Seal | None = None,
        claim: Claim | None = None,
    ) -> Ack:
        """See :class:`~questionnaire.storage.interface.Storage`."""
        with self._write() as connection:
            row = _row(connection, token, lock=True)
            seen = _repeated(connection, token, submission.submit_id)
            if seen is not None:
                return seen
            if submission.base_version != row["version"]:
                raise StaleVersionError(row["version"])
            connection.execute(_ADD_STEP, step_values(token, submission))
            if claim is not None and not take_places(connection, token, claim):
                after, seal = turned_away(after), None
            state = _state(after, submission.received_at, row["finished_at"])
            if seal is not None:
                state |= _sealed(connection, row["study_hash"], seal, submission.received_at)
            connection.execute(_CHANGE, {"of_token": token, **state})
        return Ack(token, after.version, repeated=False)

    def repeated(self, token: str, submit_id: str) -> Ack | None:
        """See :class:`~questionnaire.storage.interface.Storage`."""
        with self._read() as connection:
            _row(connection, token)
            return _repeated(connection, token, submit_id)

    def keep(self, token: str, drafts: Sequence[Draft]) -> tuple[str, ...]:
        """See :class:`~questionnaire.storage.interface.Storage`."""
        with self._write() as connection:
            row = _row(connection, token, lock=True)
            return draft_rows.keep(connection, token, row["status"], drafts)

    def drafts(self, token: str) -> Drafts:
        """See :class:`~questionnaire.storage.interface.Storage`."""
        with self._read() as connection:
            _row(connection, token)
            return draft_rows.counting(connection, token)

    def set_code(self, token: str, digest: str) -> None:
        """See :class:`~questionnaire.storage.interface.Storage`."""
        with self._write() as connection:
            _row(connection, token, lock=True)
            connection.execute(delete(resume_codes).where(resume_codes.c.token == token))
            connection.execute(insert(resume_codes).values(token=token, digest=digest))

    def by_code(self, digest: str) -> str:
        """See :class:`~questionnaire.storage.interface.Storage`."""
        query = select(resume_codes.c.token).where(resume_codes.c.digest == digest)
        with self._read() as connection:
            token = connection.execute(query).scalar()
        if token is None:
            raise UnknownTokenError("no such code")
        return str(token)

    def respondents(self, content_hash: str | None = None) -> tuple[Stored, ...]:
        """See :class:`~questionnaire.storage.interface.Storage`."""
        query = select(respondents).order_by(respondents.c.arrival)
        steps = select(submissions).order_by(submissions.c.token, submissions.c.base_version)
        if content_hash is not None:
            query = query.where(respondents.c.study_hash == content_hash)
            steps = steps.join(respondents).where(respondents.c.study_hash == content_hash)
        with self._read() as connection:
            rows = connection.execute(query).mappings().all()
            taken: dict[str, list[Submission]] = {}
            for step in connection.execute(steps).mappings():
                taken.setdefault(step["token"], []).append(submission_of(step))
            kept = draft_rows.by_token(connection, content_hash)
        return tuple(
            _stored(row, tuple(taken.get(row["token"], ())), kept.get(row["token"], ())) for row in rows
        )

    def by_receipt(self, receipt: str) -> Stored:
        """See :class:`~questionnaire.storage.interface.Storage`."""
        with self._read() as connection:
            query = select(respondents).where(respondents.c.receipt == receipt)
            row = connection.execute(query).mappings().first()
            if row is None or not receipt:
                raise UnknownTokenError(receipt)
            steps = select(submissions).where(submissions.c.token == row["token"])
            taken = connection.execute(steps.order_by(submissions.c.base_version)).mappings()
            return _stored(row, tuple(submission_of(step) for step in taken))

    def ledger(self, study_code: str) -> tuple[LedgerEntry, ...]:
        """See :class:`~questionnaire.storage.interface.Storage`."""
        query = select(*_LINK).where(ledger.c.study_code == study_code).order_by(ledger.c.sequence)
        with self._read() as connection:
            return tuple(LedgerEntry(**link) for link in connection.execute(query).mappings())

    def withdraw(self, token: str, at: str) -> None:
        """See :class:`~questionnaire.storage.interface.Storage`."""
        with self._write() as connection:
            row = _row(connection, token, lock=True)
            for table in (submissions, drafts, resume_codes):
                connection.execute(delete(table).where(table.c.token == token))
            forget(connection, token)
            after = _state(withdrawn(progress_from_text(row["progress"])), at)
            nothing = {"receipt": None, "salt": None, "sequence": 0}
            connection.execute(_CHANGE, {"of_token": token, **after, **nothing})

    def bring_in(self, arrivals: Sequence[Stored]) -> int:
        """See :class:`~questionnaire.storage.interface.Storage`."""
        if not arrivals:
            return 0
        with self._write() as connection:
            return intake_rows.bring_in(connection, arrivals)

    def close(self) -> None:
        """See :class:`~questionnaire.storage.interface.Storage`."""
        self._engine.dispose()

    def _started_before(self, start_id: str) -> Ack:
        with self._read() as connection:
            query = select(respondents.c.token).where(respondents.c.start_id == start_id)
            token = connection.execute(query).scalar()
            if token is None:
                raise StorageUnavailableError("the respondent could not be added: a key is taken")
            seen = _repeated(connection, token, start_id)
        if seen is None:
            raise StorageUnavailableError("the respondent is stored without a first step")
        return seen


def _row(connection: Connection, token: str, *, lock: bool = False) -> RowMapping:
    query = _BY_TOKEN_LOCKED if lock else _BY_TOKEN
    row = connection.execute(query, {"token": token}).mappings().first()
    if row is None:
        raise UnknownTokenError(token)
    return row


def _repeated(connection: Connection, token: str, submit_id: str) -> Ack | None:
    base = connection.execute(_SAME_STEP, {"token": token, "submit_id": submit_id}).scalar()
    return None if base is None else Ack(token, base + 1, repeated=True)


def _state(progress: Progress, at: str, finished: str = "") -> dict[str, object]:
    return {
        "status": progress.status.value,
        "version": progress.version,
        "progress": progress_to_text(progress),
        "updated_at": at,
        "finished_at": finished_at(finished, progress, at),
    }


def _sealed(connection: Connection, study_hash: str, seal: Seal, at: str) -> dict[str, object]:
    """Append to the ledger of the respondent's study; what the respondent's row keeps of it."""
    code = connection.execute(select(studies.c.code).where(studies.c.content_hash == study_hash)).scalar_one()
    # The study's rows, in one order, are the lock that all who finish share; SQLite has one writer anyway.
    versions = select(studies.c.content_hash).where(studies.c.code == code)
    connection.execute(versions.order_by(studies.c.content_hash).with_for_update())
    query = select(*_LINK).where(ledger.c.study_code == code).order_by(ledger.c.sequence.desc()).limit(1)
    last = connection.execute(query).mappings().first()
    entry = next_entry(LedgerEntry(**last) if last else None, seal.commitment, at)
    connection.execute(insert(ledger).values(study_code=code, **asdict(entry)))
    return {"receipt": seal.receipt, "salt": seal.salt, "sequence": entry.sequence}


def _stored(row: RowMapping, taken: tuple[Submission, ...] = (), kept: tuple[Draft, ...] = ()) -> Stored:
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
