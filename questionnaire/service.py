"""What both shells and the API call: one respondent's step, from request to acknowledgement."""

from __future__ import annotations

import secrets
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from threading import Lock

from questionnaire import journey
from questionnaire.drafts import Draft, Drafts
from questionnaire.fielding import quota, window
from questionnaire.fielding.desk import close_study, open_study
from questionnaire.fielding.invitations import Invitation, hashed
from questionnaire.journey import JourneyError, Progress, Status
from questionnaire.ledger import GENESIS, commitment, first_broken, new_seal, tidy_receipt
from questionnaire.loading import parse_study
from questionnaire.request import Request
from questionnaire.route import default_form
from questionnaire.storage import Ack, Storage, Stored, StoredStudy, Submission, UnknownTokenError
from questionnaire.study import Study
from questionnaire.view import View, view


def utc_now() -> str:
    """The time as stored: UTC, ISO 8601, milliseconds."""
    return datetime.now(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


@dataclass(frozen=True, slots=True)
class ReceiptCheck:
    """What a receipt proves: the entry's place, and whether answers and chain are as they were."""

    sequence: int
    finished_at: str
    answers: int
    unchanged: bool
    chain_whole: bool
    entries: int
    head: str


class Fielding:
    """A study being fielded on a store. Holds no respondent's state: every call starts from the store."""

    def __init__(self, study: Study, text: str, storage: Storage, clock: Callable[[], str] = utc_now) -> None:
        self.study = study
        self.storage = storage
        self._clock = clock
        self._versions = {study.content_hash: study}
        self._lock = Lock()
        storage.add_study(
            StoredStudy(study.content_hash, study.code, study.version, study.plan_hash, text, clock())
        )

    def open(self) -> None:
        """Open this version if it never was; one that was closed stays closed."""
        if self.storage.field.window(self.study.content_hash) is None:
            open_study(self.storage, self.study, self._clock())

    def close(self) -> None:
        """Take no newcomers into this version any more, if it ever was open; those under way finish."""
        if self.storage.field.window(self.study.content_hash) is not None:
            close_study(self.storage, self.study, self._clock())

    def admit(self, invitation: str = "") -> Invitation | None:
        """The invitation with that secret, if one was given and newcomers may come in; nothing is stored.

        Who used theirs before may always come back. Raises JourneyError (``closed``, ``invited_only``) and
        UnknownTokenError.
        """
        known = self.storage.field.invitation(hashed(invitation)) if invitation else None
        if invitation and (known is None or known.study_code != self.study.code):
            raise UnknownTokenError("no invitation has this token")
        if known is None or not known.token:
            field = self.storage.field
            opened = field.window(self.study.content_hash)
            finished = field.finished(self.study.code) if opened and opened.stop_n else 0
            why = window.refusal(opened, self._clock(), finished, invited=known is not None)
            if why:
                raise JourneyError(why, "the study takes no newcomers this way")
        return known

    def welcome(self, language: str, form: str | None = None) -> View:
        """The consent page for someone without a token; nothing is stored."""
        return view(self.study, self._begin(language, form, seed=0, wave=""))

    def see(self, token: str, page: int | None = None) -> View:
        """What the respondent with ``token`` sees now; UnknownTokenError for a token nobody has.

        Raises JourneyError (``closed``) to someone under way in a study that lets nobody finish.
        """
        stored = self.storage.load(token)
        self._may_go_on(stored.progress)
        asking = stored.progress.status is Status.ASKING
        kept = self.storage.drafts(token) if asking else Drafts()
        shown = view(self.version(stored.progress.study_hash), stored.progress, page, kept)
        return shown | {"receipt": stored.receipt} if stored.receipt else shown

    def consent(self, request: Request) -> Ack:
        """Start a respondent. The same ``submit_id`` again answers with the same token."""
        invited = self.admit(request.invitation)
        if invited is not None and invited.token:
            return Ack(invited.token, self.storage.load(invited.token).progress.version, repeated=True)
        seed = secrets.randbits(48)
        wave = invited.wave if invited is not None else request.wave
        progress = self._begin(request.language, request.form, seed, wave)
        after = journey.consent(self.study, progress, request.level)
        now = self._clock()
        stored = Stored(secrets.token_urlsafe(24), secrets.token_hex(8), after, now, now)
        step = self._submission(request, "consent", progress, now)
        return self.storage.start(stored, step, invited.token_hash if invited is not None else "")

    def step(self, token: str, request: Request) -> Ack:
        """Take one step: answers, back or another language.

        Raises JourneyError when the state does not allow it, StaleVersionError when another tab was
        faster and StorageUnavailableError when nothing could be stored.
        """
        stored = self.storage.load(token)
        seen = self.storage.repeated(token, request.submit_id)
        if seen is not None:
            return seen
        self._may_go_on(stored.progress)
        study = self.version(stored.progress.study_hash)
        # A step from an old version is not judged against the new state: the store refuses it.
        after = (
            self._after(study, stored.progress, request)
            if request.base_version == stored.progress.version
            else stored.progress
        )
        page = self._page_code(study, stored.progress, request)
        submission = self._submission(request, page, stored.progress, self._clock())
        finishes = after.status is Status.FINISHED and stored.progress.status is not Status.FINISHED
        seal = new_seal(after.study_hash, after.answers) if finishes else None
        cells = self.storage.field.cells(study.code) if request.action == "answers" else ()
        claim = quota.claim(study.code, cells, after, submission.received_at) if cells else None
        return self.storage.submit(token, submission, after, seal, claim)

    def keep(self, token: str, changes: Sequence[Draft]) -> tuple[str, ...]:
        """Store answers as they are given; the ids of changes that another tab or device has overtaken.

        They are shown again wherever the respondent goes on, and count as answers once their page is sent.
        Raises as :meth:`step` does.
        """
        progress = self.storage.load(token).progress
        study = self.version(progress.study_hash)
        for change in changes:
            journey.check_keeping(study, progress, change.page, change.code)
        return self.storage.keep(token, changes)

    def check_receipt(self, typed: str) -> ReceiptCheck:
        """Whether the answers behind a receipt are stored and unchanged; UnknownTokenError for no receipt.

        The commitment is computed anew from the answers and compared with the ledger, and the whole chain
        is walked from its first entry.
        """
        stored = self.storage.by_receipt(tidy_receipt(typed))
        progress = stored.progress
        chain = self.storage.ledger(self.version(progress.study_hash).code)
        entry = next((link for link in chain if link.sequence == stored.sequence), None)
        found = commitment(stored.salt, progress.study_hash, progress.answers)
        return ReceiptCheck(
            sequence=stored.sequence,
            finished_at=stored.finished_at,
            answers=len(progress.answers),
            unchanged=entry is not None and entry.commitment == found,
            chain_whole=first_broken(chain) is None,
            entries=len(chain),
            head=chain[-1].hash if chain else GENESIS,
        )

    def withdraw(self, typed: str) -> None:
        """Delete for good what the holder of this receipt said; UnknownTokenError for no receipt."""
        stored = self.storage.by_receipt(tidy_receipt(typed))
        self.storage.withdraw(stored.token, self._clock())

    def version(self, content_hash: str) -> Study:
        """The study as it was when the respondent began."""
        with self._lock:
            known = self._versions.get(content_hash)
        if known is None:
            stored = self.storage.study(content_hash)
            known = parse_study(stored.text, f"stored study {stored.code} {stored.version}")
            with self._lock:
                self._versions[content_hash] = known
        return known

    def _begin(self, language: str, form: str | None, seed: int, wave: str) -> Progress:
        code = form or default_form(self.study).code
        if code not in {known.code for known in self.study.forms}:
            raise JourneyError("unknown_form", f"the study has no form {code!r}")
        return journey.begin(self.study, form=code, language=language, seed=seed, wave=wave)

    def _may_go_on(self, progress: Progress) -> None:
        asking = progress.status is Status.ASKING
        if asking and not window.may_go_on(self.storage.field.window(progress.study_hash)):
            raise JourneyError("closed", "the study is closed, also to those under way")

    def _after(self, study: Study, progress: Progress, request: Request) -> Progress:
        match request.action:
            case "answers":
                return journey.submit(
                    study, progress, request.page, request.answers, skip_unanswered=request.skip_unanswered
                )
            case "back":
                return journey.back(progress)
            case "language":
                return journey.switch_language(study, progress, request.language)
            case _:
                raise JourneyError("unknown_action", f"no step is called {request.action!r}")

    @staticmethod
    def _page_code(study: Study, progress: Progress, request: Request) -> str:
        pages = journey.shown_pages(study, progress)
        if request.action != "answers":
            return request.action
        return pages[request.page].code if 0 <= request.page < len(pages) else request.action

    @staticmethod
    def _submission(request: Request, page: str, before: Progress, now: str) -> Submission:
        answers: Mapping[str, object] = request.answers if request.action == "answers" else {}
        base = before.version if request.action == "consent" else request.base_version
        return Submission(request.submit_id, base, page, answers, request.timings, now)
