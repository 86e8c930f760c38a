"""The SQL store: SQLite or PostgreSQL through SQLAlchemy Core."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import AbstractContextManager

from sqlalchemy import Engine, delete, insert, select
from sqlalchemy.exc import IntegrityError

from questionnaire.admission.quota import Claim, turned_away
from questionnaire.drafts import Draft, Drafts
from questionnaire.journey import Progress, withdrawn
from questionnaire.ledger import LedgerEntry, Seal
from questionnaire.storage import draft_rows, intake_rows
from questionnaire.storage import respondent_rows as rows
from questionnaire.storage.encoding import progress_from_text
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
)
from questionnaire.storage.step_rows import step_values, submission_of
from questionnaire.storage.tables import drafts, ledger, respondents, resume_codes, studies, submissions
from questionnaire.storage.transactions import Transactions


class SqlStorage:
    """Every write is one transaction; a respondent's row is locked while its step is decided."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        transactions = Transactions(engine)
        self._write, self._read = transactions.write, transactions.read
        self._together = transactions.together
        self.field = SqlField(transactions)

    @property
    def one_writer(self) -> bool:
        """SQLite has one; PostgreSQL joins the commits of those who write at once by itself."""
        return self._engine.dialect.name == "sqlite"

    def together(self) -> AbstractContextManager[None]:
        """See :class:`~questionnaire.storage.interface.Storage`."""
        return self._together()

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

    def newest_versions(self) -> dict[str, str]:
        """See :class:`~questionnaire.storage.interface.Storage`."""
        query = select(studies.c.code, studies.c.content_hash)
        with self._read() as connection:
            ordered = connection.execute(query.order_by(studies.c.added_at, studies.c.content_hash))
            return {row.code: row.content_hash for row in ordered}

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
                    version = rows.known(connection, invited["token"])["version"]
                    return Ack(invited["token"], version, repeated=True)
                state = rows.state(stored.progress, submission.received_at)
                if invited is not None:
                    values["person"] = invited["person"]
                connection.execute(insert(respondents).values(**values, **state))
                connection.execute(rows.ADD_STEP, step_values(stored.token, submission))
                if invited is not None:
                    use_invitation(connection, invitation, stored.token, submission.received_at)
        except IntegrityError:
            return self._started_before(submission.submit_id)
        return Ack(stored.token, stored.progress.version, repeated=False)

    def load(self, token: str) -> Stored:
        """See :class:`~questionnaire.storage.interface.Storage`."""
        with self._read() as connection:
            return rows.stored(rows.known(connection, token))

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
            row = rows.known(connection, token, lock=True)
            seen = rows.repeated(connection, token, submission.submit_id)
            if seen is not None:
                return seen
            if submission.base_version != row["version"]:
                raise StaleVersionError(row["version"])
            connection.execute(rows.ADD_STEP, step_values(token, submission))
            if claim is not None and not take_places(connection, token, claim):
                after, seal = turned_away(after), None
            state = rows.state(after, submission.received_at, row["finished_at"])
            if seal is not None:
                state |= rows.sealed(connection, row["study_hash"], seal, submission.received_at)
            connection.execute(rows.CHANGE, {"of_token": token, **state})
        return Ack(token, after.version, repeated=False)

    def repeated(self, token: str, submit_id: str) -> Ack | None:
        """See :class:`~questionnaire.storage.interface.Storage`."""
        with self._read() as connection:
            rows.known(connection, token)
            return rows.repeated(connection, token, submit_id)

    def keep(self, token: str, drafts: Sequence[Draft]) -> tuple[str, ...]:
        """See :class:`~questionnaire.storage.interface.Storage`."""
        with self._write() as connection:
            row = rows.known(connection, token, lock=True)
            return draft_rows.keep(connection, token, row["status"], drafts)

    def drafts(self, token: str) -> Drafts:
        """See :class:`~questionnaire.storage.interface.Storage`."""
        with self._read() as connection:
            rows.known(connection, token)
            return draft_rows.counting(connection, token)

    def set_code(self, token: str, digest: str) -> None:
        """See :class:`~questionnaire.storage.interface.Storage`."""
        with self._write() as connection:
            rows.known(connection, token, lock=True)
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
            found = connection.execute(query).mappings().all()
            taken: dict[str, list[Submission]] = {}
            for step in connection.execute(steps).mappings():
                taken.setdefault(step["token"], []).append(submission_of(step))
            kept = draft_rows.by_token(connection, content_hash)
        return tuple(
            rows.stored(row, tuple(taken.get(row["token"], ())), kept.get(row["token"], ())) for row in found
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
            return rows.stored(row, tuple(submission_of(step) for step in taken))

    def ledger(self, study_code: str) -> tuple[LedgerEntry, ...]:
        """See :class:`~questionnaire.storage.interface.Storage`."""
        query = select(*rows.LINK).where(ledger.c.study_code == study_code).order_by(ledger.c.sequence)
        with self._read() as connection:
            return tuple(LedgerEntry(**link) for link in connection.execute(query).mappings())

    def withdraw(self, token: str, at: str) -> None:
        """See :class:`~questionnaire.storage.interface.Storage`."""
        with self._write() as connection:
            row = rows.known(connection, token, lock=True)
            for table in (submissions, drafts, resume_codes):
                connection.execute(delete(table).where(table.c.token == token))
            forget(connection, token)
            after = rows.state(withdrawn(progress_from_text(row["progress"])), at)
            nothing = {"receipt": None, "salt": None, "sequence": 0}
            connection.execute(rows.CHANGE, {"of_token": token, **after, **nothing})

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
            seen = rows.repeated(connection, token, start_id)
        if seen is None:
            raise StorageUnavailableError("the respondent is stored without a first step")
        return seen
