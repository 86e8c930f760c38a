"""The store in memory: so simple that it says what the real ones must do."""

from __future__ import annotations

import threading
from collections.abc import Sequence
from contextlib import AbstractContextManager, nullcontext
from dataclasses import replace

from questionnaire.admission.quota import Claim, turned_away
from questionnaire.drafts import Draft, Drafts, decide, living
from questionnaire.journey import Progress, Status, withdrawn
from questionnaire.ledger import LedgerEntry, Seal, next_entry
from questionnaire.storage.field_memory import MemoryField
from questionnaire.storage.interface import (
    Ack,
    KnownRespondentError,
    StaleVersionError,
    Stored,
    StoredStudy,
    Submission,
    UnknownStudyError,
    UnknownTokenError,
    finished_at,
)


class MemoryStorage:
    """Dictionaries behind a lock."""

    one_writer = True

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._studies: dict[str, StoredStudy] = {}
        self._respondents: dict[str, Stored] = {}
        self._ledgers: dict[str, list[LedgerEntry]] = {}
        self.field = MemoryField(self._codes, self._status, self._finished)
        self._resume_codes: dict[str, str] = {}

    def together(self) -> AbstractContextManager[None]:
        """See :class:`~questionnaire.storage.interface.Storage`."""
        return nullcontext()

    def add_study(self, study: StoredStudy) -> None:
        """See :class:`~questionnaire.storage.interface.Storage`."""
        with self._lock:
            self._studies.setdefault(study.content_hash, study)

    def study(self, content_hash: str) -> StoredStudy:
        """See :class:`~questionnaire.storage.interface.Storage`."""
        try:
            return self._studies[content_hash]
        except KeyError:
            raise UnknownStudyError(content_hash) from None

    def studies(self) -> tuple[StoredStudy, ...]:
        """See :class:`~questionnaire.storage.interface.Storage`."""
        return tuple(self._studies.values())

    def newest_versions(self) -> dict[str, str]:
        """See :class:`~questionnaire.storage.interface.Storage`."""
        return {study.code: study.content_hash for study in self.studies()}

    def start(self, stored: Stored, submission: Submission, invitation: str = "") -> Ack:
        """See :class:`~questionnaire.storage.interface.Storage`."""
        with self._lock:
            if invitation:
                invited = self.field.entering(invitation)
                if invited.token:
                    return Ack(invited.token, self._known(invited.token).progress.version, repeated=True)
                stored = replace(stored, respondent=invited.person or stored.respondent)
            for known in self._respondents.values():
                if known.submissions and known.submissions[0].submit_id == submission.submit_id:
                    return Ack(known.token, known.submissions[0].base_version + 1, repeated=True)
            self._respondents[stored.token] = replace(stored, submissions=(submission,))
            if invitation:
                self.field.use(invitation, stored.token, submission.received_at)
            return Ack(stored.token, stored.progress.version, repeated=False)

    def load(self, token: str) -> Stored:
        """See :class:`~questionnaire.storage.interface.Storage`."""
        return replace(self._known(token), submissions=(), drafts=())

    def submit(
        self,
        token: str,
        submission: Submission,
        after: Progress,
        seal: Seal | None = None,
        claim: Claim | None = None,
    ) -> Ack:
        """See :class:`~questionnaire.storage.interface.Storage`."""
        with self._lock:
            known = self._known(token)
            seen = self.repeated(token, submission.submit_id)
            if seen is not None:
                return seen
            if submission.base_version != known.progress.version:
                raise StaleVersionError(known.progress.version)
            if claim is not None and not self.field.take_places(token, claim):
                after, seal = turned_away(after), None
            self._respondents[token] = replace(
                known,
                progress=after,
                updated_at=submission.received_at,
                finished_at=finished_at(known.finished_at, after, submission.received_at),
                submissions=(*known.submissions, submission),
            )
            if seal is not None:
                self._seal(token, seal, submission.received_at)
            return Ack(token, after.version, repeated=False)

    def repeated(self, token: str, submit_id: str) -> Ack | None:
        """See :class:`~questionnaire.storage.interface.Storage`."""
        for submission in self._known(token).submissions:
            if submission.submit_id == submit_id:
                return Ack(token, submission.base_version + 1, repeated=True)
        return None

    def keep(self, token: str, drafts: Sequence[Draft]) -> tuple[str, ...]:
        """See :class:`~questionnaire.storage.interface.Storage`."""
        with self._lock:
            known = self._known(token)
            taken, stale = decide(drafts, known.drafts, _sent(known))
            if known.progress.status is not Status.ASKING:
                return (*stale, *(draft.change_id for draft in taken))
            numbered = (
                replace(draft, sequence=number)
                for number, draft in enumerate(taken, start=len(known.drafts) + 1)
            )
            self._respondents[token] = replace(known, drafts=(*known.drafts, *numbered))
            return stale

    def drafts(self, token: str) -> Drafts:
        """See :class:`~questionnaire.storage.interface.Storage`."""
        known = self._known(token)
        sent = _sent(known)
        return Drafts(living(known.drafts, sent), sent)

    def set_code(self, token: str, digest: str) -> None:
        """See :class:`~questionnaire.storage.interface.Storage`."""
        with self._lock:
            self._known(token)
            self._resume_codes = {c: t for c, t in self._resume_codes.items() if t != token}
            self._resume_codes[digest] = token

    def by_code(self, digest: str) -> str:
        """See :class:`~questionnaire.storage.interface.Storage`."""
        try:
            return self._resume_codes[digest]
        except KeyError:
            raise UnknownTokenError("no such code") from None

    def respondents(self, content_hash: str | None = None) -> tuple[Stored, ...]:
        """See :class:`~questionnaire.storage.interface.Storage`."""
        everyone = tuple(self._respondents.values())
        return tuple(r for r in everyone if content_hash in (None, r.progress.study_hash))

    def by_receipt(self, receipt: str) -> Stored:
        """See :class:`~questionnaire.storage.interface.Storage`."""
        for known in self._respondents.values():
            if known.receipt and known.receipt == receipt:
                return known
        raise UnknownTokenError(receipt)

    def ledger(self, study_code: str) -> tuple[LedgerEntry, ...]:
        """See :class:`~questionnaire.storage.interface.Storage`."""
        return tuple(self._ledgers.get(study_code, ()))

    def withdraw(self, token: str, at: str) -> None:
        """See :class:`~questionnaire.storage.interface.Storage`."""
        with self._lock:
            known = self._known(token)
            self.field.forget(token)
            self._resume_codes = {c: t for c, t in self._resume_codes.items() if t != token}
            self._respondents[token] = replace(
                known,
                progress=withdrawn(known.progress),
                updated_at=at,
                finished_at="",
                submissions=(),
                drafts=(),
                receipt="",
                salt="",
                sequence=0,
            )

    def _seal(self, token: str, seal: Seal, at: str) -> None:
        known = self._known(token)
        chain = self._ledgers.setdefault(self.study(known.progress.study_hash).code, [])
        entry = next_entry(chain[-1] if chain else None, seal.commitment, at)
        chain.append(entry)
        self._respondents[token] = replace(
            known, receipt=seal.receipt, salt=seal.salt, sequence=entry.sequence
        )

    def bring_in(self, arrivals: Sequence[Stored]) -> int:
        """See :class:`~questionnaire.storage.interface.Storage`."""
        with self._lock:
            code = self.study(arrivals[0].progress.study_hash).code if arrivals else ""
            there = {
                (one.respondent, one.progress.wave): (
                    one.submissions[0].submit_id if one.submissions else "",
                    dict(one.progress.answers),
                )
                for one in self._respondents.values()
                if self.study(one.progress.study_hash).code == code
            }
            new = [one for one in arrivals if (one.respondent, one.progress.wave) not in there]
            for one in arrivals:
                known = there.get((one.respondent, one.progress.wave))
                same = (one.submissions[0].submit_id, dict(one.progress.answers))
                if known is not None and known != same:
                    raise KnownRespondentError(one.respondent, one.progress.wave)
            self._respondents |= {one.token: one for one in new}
            return len(new)

    def close(self) -> None:
        """See :class:`~questionnaire.storage.interface.Storage`."""

    def _codes(self) -> set[str]:
        return {study.code for study in self._studies.values()}

    def _status(self, token: str) -> str:
        return self._known(token).progress.status.value

    def _finished(self, study_code: str) -> int:
        hashes = {key for key, study in self._studies.items() if study.code == study_code}
        everyone = [one.progress for one in self._respondents.values()]
        return sum(one.status is Status.FINISHED and one.study_hash in hashes for one in everyone)

    def _known(self, token: str) -> Stored:
        try:
            return self._respondents[token]
        except KeyError:
            raise UnknownTokenError(token) from None


def _sent(stored: Stored) -> dict[str, int]:
    return {step.page: step.base_version + 1 for step in stored.submissions}
