"""What every store can do, and the records it keeps."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Protocol

from questionnaire.admission.quota import Claim
from questionnaire.drafts import Draft, Drafts
from questionnaire.journey import Progress, Status
from questionnaire.ledger import LedgerEntry, Seal

if TYPE_CHECKING:
    from questionnaire.storage.field import FieldStorage


@dataclass(frozen=True, slots=True)
class StoredStudy:
    """One version of a study as it was fielded; ``text`` is the file itself."""

    content_hash: str
    code: str
    version: str
    plan_hash: str
    text: str
    added_at: str


@dataclass(frozen=True, slots=True)
class Submission:
    """One accepted step: what was sent, when, and from which version it started.

    ``submit_id`` is chosen by the browser and makes a retry harmless; ``timings`` holds seconds by name
    as the browser measured them (``shown`` is the page's time on screen).
    """

    submit_id: str
    base_version: int
    page: str
    answers: Mapping[str, object] = field(default_factory=dict)
    timings: Mapping[str, float] = field(default_factory=dict)
    received_at: str = ""


@dataclass(frozen=True, slots=True)
class Stored:
    """A respondent as stored. ``respondent`` is the pseudonym that exports show; the token never leaves.

    Times are UTC in ISO 8601; ``finished_at`` is empty until the last page is sent. ``receipt``, ``salt``
    and ``sequence`` (the place in the study's ledger) come with finishing.
    """

    token: str
    respondent: str
    progress: Progress
    started_at: str
    updated_at: str
    finished_at: str = ""
    submissions: tuple[Submission, ...] = ()
    receipt: str = ""
    salt: str = ""
    sequence: int = 0
    drafts: tuple[Draft, ...] = ()


@dataclass(frozen=True, slots=True)
class Ack:
    """The step is on disk: the version it produced, and whether it had been stored before."""

    token: str
    version: int
    repeated: bool


def finished_at(before: str, after: Progress, at: str) -> str:
    """When the respondent finished: the first step that led there, whatever comes later."""
    return (before or at) if after.status is Status.FINISHED else ""


class StorageUnavailableError(Exception):
    """The store cannot be reached or cannot write; nothing of the step was kept."""


class UnknownStoreError(ValueError):
    """The database URL is of a kind there is no store for."""


class StaleVersionError(Exception):
    """The step started from an older version than the one stored; ``current`` is that one."""

    def __init__(self, current: int) -> None:
        super().__init__(current)
        self.current = current

    def __str__(self) -> str:
        return f"the stored version is {self.current}"


class UnknownTokenError(LookupError):
    """No respondent has this token."""


class KnownRespondentError(Exception):
    """A respondent to bring in is in the study already, in the same wave, with other answers."""

    def __init__(self, respondent: str, wave: str) -> None:
        super().__init__(respondent, wave)
        self.respondent, self.wave = respondent, wave

    def __str__(self) -> str:
        within = f" in wave {self.wave}" if self.wave else ""
        return f"respondent {self.respondent}{within} is in the store already, with other answers"


class UnknownStudyError(LookupError):
    """No study version has this hash."""


class Storage(Protocol):
    """Append-only answers with one current state a respondent.

    Every method raises :class:`StorageUnavailableError` when the store is out of reach. A step is stored
    whole or not at all, and is on disk when ``submit`` returns.
    """

    @property
    def field(self) -> FieldStorage:
        """Field times, invitations, quotas and contacts of the same store."""

    @property
    def one_writer(self) -> bool:
        """Whether writes queue behind one another anyway, so that several calls had better be one commit."""

    def together(self) -> AbstractContextManager[None]:
        """One commit for all calls of this thread inside, on disk at the end.

        Each call still is stored whole or not at all. StorageUnavailableError at the end: none was kept,
        whatever they answered; at the beginning: none was tried.
        """

    def add_study(self, study: StoredStudy) -> None:
        """Keep a study version; the same version again changes nothing."""

    def study(self, content_hash: str) -> StoredStudy:
        """The version of that hash, or UnknownStudyError."""

    def studies(self) -> tuple[StoredStudy, ...]:
        """Every version, oldest first."""

    def newest_versions(self) -> dict[str, str]:
        """The hash of each study's newest version, by code; cheap enough to ask every second."""

    def start(self, stored: Stored, submission: Submission, invitation: str = "") -> Ack:
        """A new respondent after consent; the same ``submit_id`` again answers with the first token.

        With the hash of an ``invitation``'s token, the invitation is used up by this respondent, who takes
        over its pseudonym if it has one; a used one answers with its respondent and adds nobody.
        UnknownTokenError when there is no such invitation.
        """

    def load(self, token: str) -> Stored:
        """The respondent without submissions and drafts, or UnknownTokenError."""

    def submit(
        self,
        token: str,
        submission: Submission,
        after: Progress,
        seal: Seal | None = None,
        claim: Claim | None = None,
    ) -> Ack:
        """Store a step and the state it leads to.

        A ``submit_id`` seen before answers as it did then (``repeated``); otherwise ``base_version`` must
        be the stored version or StaleVersionError is raised. A ``seal`` comes with the step that finishes:
        its commitment joins the ledger of the respondent's study in the same transaction. So are the places
        of a ``claim`` taken; when one has none left, the answers are kept with the state "quota full" in
        place of ``after``, without a seal.
        """

    def repeated(self, token: str, submit_id: str) -> Ack | None:
        """The acknowledgement of a step stored before, if it was."""

    def keep(self, token: str, drafts: Sequence[Draft]) -> tuple[str, ...]:
        """Store changes of answers not sent yet, all or none; the ids of those that came too late.

        :func:`questionnaire.drafts.decide` says which; of a respondent who is not being asked, all new ones.
        """

    def drafts(self, token: str) -> Drafts:
        """The changes that still count, or UnknownTokenError."""

    def set_code(self, token: str, digest: str) -> None:
        """Let a code lead to the respondent, in place of any before."""

    def by_code(self, digest: str) -> str:
        """The token a code leads to, or UnknownTokenError."""

    def respondents(self, content_hash: str | None = None) -> tuple[Stored, ...]:
        """All respondents (of one study version) with submissions and drafts, in order of arrival."""

    def by_receipt(self, receipt: str) -> Stored:
        """The respondent with this receipt and their submissions, or UnknownTokenError."""

    def ledger(self, study_code: str) -> tuple[LedgerEntry, ...]:
        """The study's chain of finished answers, in order."""

    def withdraw(self, token: str, at: str) -> None:
        """Delete everything the respondent said, with salt and receipt, for good.

        What stays is a row that says "withdrawn" and, in the ledger, an entry that no longer leads to
        anyone. UnknownTokenError when there is no such respondent.
        """

    def bring_in(self, arrivals: Sequence[Stored]) -> int:
        """Add finished respondents of one study version with their steps, all or none; how many are new.

        One that is there as it is (same first step, same answers) is left. Raises KnownRespondentError where
        the same person is in the study's same wave otherwise.
        """

    def close(self) -> None:
        """Let go of connections."""
