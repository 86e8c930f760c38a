"""What both shells and the API call: one respondent's step, from request to acknowledgement."""

from __future__ import annotations

import secrets
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from threading import Lock

from questionnaire import journey
from questionnaire.admission import quota, window
from questionnaire.admission.invitations import Invitation, hashed
from questionnaire.drafts import Draft, Drafts
from questionnaire.fielding.desk import close_study, open_study
from questionnaire.journey import JourneyError, Progress, Status
from questionnaire.ledger import new_seal, tidy_receipt
from questionnaire.loading import parse_study
from questionnaire.panel import filled, kept, parameters
from questionnaire.profile import ProfileLine, counted, mean_scores, profile
from questionnaire.receipt_check import ReceiptCheck, checked
from questionnaire.request import Request
from questionnaire.resume_code import digest, new_code
from questionnaire.route import default_form
from questionnaire.storage import Ack, Storage, Stored, StoredStudy, Submission, UnknownTokenError
from questionnaire.study import Study
from questionnaire.view import View, view


def utc_now() -> str:
    """The time as stored: UTC, ISO 8601, milliseconds."""
    return datetime.now(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


class Fielding:
    """A study being fielded on a store. Holds no respondent's state: every call starts from the store."""

    def __init__(self, study: Study, text: str, storage: Storage, clock: Callable[[], str] = utc_now) -> None:
        self.study = study
        self.storage = storage
        self._clock = clock
        self._versions = {study.content_hash: study}
        self._lock = Lock()
        self._means: dict[tuple[str, int], dict[str, float | None]] = {}
        storage.add_study(
            StoredStudy(study.content_hash, study.code, study.version, study.plan_hash, text, clock())
        )

    def open(self) -> bool:
        """Open this version if it never was, and say whether it was now; one that was closed stays closed."""
        if self.storage.field.window(self.study.content_hash) is not None:
            return False
        open_study(self.storage, self.study, self._clock())
        return True

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
            if opened is not None and opened.closed_at:
                opened = window.in_force(opened, field.windows(self.study.code))
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
        drafts = self.storage.drafts(token) if asking else Drafts()
        shown = view(self.version(stored.progress.study_hash), stored.progress, page, drafts)
        if stored.progress.status is Status.QUOTA_FULL:
            opened = self.storage.field.window(stored.progress.study_hash)
            shown["redirect"] = filled(opened.full_redirect if opened else "", stored.progress.panel)
        return shown | {"receipt": stored.receipt} if stored.receipt else shown

    def panel_parameters(self) -> tuple[str, ...]:
        """What is kept of a link's query: what the study names and what addresses at the end give back."""
        opened = self.storage.field.window(self.study.content_hash)
        given_back = parameters(*self.study.addresses, opened.full_redirect if opened else "")
        return tuple(dict.fromkeys((*self.study.panel, *given_back)))

    def consent(self, request: Request) -> Ack:
        """Start a respondent. The same ``submit_id`` again answers with the same token."""
        invited = self.admit(request.invitation)
        if invited is not None and invited.token:
            return Ack(invited.token, self.storage.load(invited.token).progress.version, repeated=True)
        seed = secrets.randbits(48)
        wave = invited.wave if invited is not None else request.wave
        progress = self._begin(request.language, request.form, seed, wave)
        panel = kept(self.panel_parameters(), request.panel)
        after = replace(journey.consent(self.study, progress, request.level), panel=panel)
        now = self._clock()
        stored = Stored(secrets.token_urlsafe(24), secrets.token_hex(8), after, now, now)
        step = self._submission(request, "consent", progress, now)
        return self.storage.start(stored, step, invited.token_hash if invited is not None else "")

    def step(self, token: str, request: Request) -> Ack:
        """Take one step: answers, back, another language, consent taken back, everything deleted.

        Raises JourneyError when the state does not allow it, StaleVersionError when another tab was
        faster and StorageUnavailableError when nothing could be stored.
        """
        stored = self.storage.load(token)
        if request.action == "withdraw":
            return self._delete(stored)
        # A step stored before has led to a later version: one from the present version is not a repetition,
        # and the store makes sure of it again.
        if request.base_version != stored.progress.version:
            seen = self.storage.repeated(token, request.submit_id)
            if seen is not None:
                return seen
        if request.action != "tier":
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
        """What a receipt proves; UnknownTokenError for no receipt."""
        stored = self.storage.by_receipt(tidy_receipt(typed))
        return checked(stored, self.storage.ledger(self.version(stored.progress.study_hash).code))

    def lower_tier(self, typed: str, level: int) -> None:
        """Take back part of the consent with the receipt; the change is one more step, nothing is undone.

        Raises UnknownTokenError for no receipt, JourneyError for a level that is not a lower tier.
        """
        stored = self.storage.by_receipt(tidy_receipt(typed))
        before = stored.progress
        if level == before.consent_level:
            return
        after = journey.lower_tier(self.version(before.study_hash), before, level)
        given = {"consent_level": level}
        step = Submission(secrets.token_hex(16), before.version, "consent", given, {}, self._clock())
        self.storage.submit(stored.token, step, after)

    def profile(self, typed: str) -> tuple[list[ProfileLine], int]:
        """The respondent's profile and how many the mean is of; UnknownTokenError for no receipt.

        Raises JourneyError when the study does not show profiles or too few have finished.
        """
        stored = self.storage.by_receipt(tidy_receipt(typed))
        study = self.version(stored.progress.study_hash)
        if not study.profile:
            raise JourneyError("no_profile", "the study shows no profiles")
        people = counted(len(self.storage.ledger(study.code)))
        if not people:
            raise JourneyError("too_few", "too few have finished")
        key = (study.content_hash, people)
        if key not in self._means:
            everyone = self.storage.respondents(study.content_hash)
            first = [one.progress for one in everyone if 0 < one.sequence <= people]
            self._means = {key: mean_scores(study, first)}
        means = self._means.get(key, {})
        if all(mean is None for mean in means.values()):
            raise JourneyError("too_few", "too few have finished")
        return profile(study, stored.progress, means), people

    def data_use(self, token: str) -> tuple[Study, Progress]:
        """What the holder of the token has agreed to, in which version; UnknownTokenError."""
        progress = self.storage.load(token).progress
        return self.version(progress.study_hash), progress

    def resume_code(self, token: str) -> str:
        """A short code that leads to this survey from another device; an earlier one ends.

        Raises UnknownTokenError, and JourneyError when there is nothing to go on with.
        """
        if self.storage.load(token).progress.status is not Status.ASKING:
            raise JourneyError("not_asking", "the survey has ended")
        code = new_code()
        self.storage.set_code(token, digest(code))
        return code

    def resume(self, typed: str) -> str:
        """The token behind a short code; UnknownTokenError for no survey under way of this study."""
        stored = self.storage.load(self.storage.by_code(digest(typed)))
        mine = self.storage.study(stored.progress.study_hash).code == self.study.code
        if not mine or stored.progress.status is not Status.ASKING:
            raise UnknownTokenError(typed)
        return stored.token

    def withdraw(self, typed: str) -> None:
        """Delete for good what the holder of this receipt said; UnknownTokenError for no receipt."""
        stored = self.storage.by_receipt(tidy_receipt(typed))
        self.storage.withdraw(stored.token, self._clock())

    def _delete(self, stored: Stored) -> Ack:
        """Delete whatever was said; from whichever version it is asked, and asked again it is done."""
        gone = stored.progress.status is Status.WITHDRAWN
        if not gone:
            self.storage.withdraw(stored.token, self._clock())
        return Ack(stored.token, stored.progress.version + (not gone), repeated=gone)

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
            case "send":
                return journey.send(study, progress)
            case "tier":
                return journey.lower_tier(study, progress, request.level)
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
        if request.action == "tier":
            answers = {"consent_level": request.level}
        base = before.version if request.action == "consent" else request.base_version
        return Submission(request.submit_id, base, page, answers, request.timings, now)
