"""What researchers do with a study in the field: open and close it, invite, follow waves."""

from __future__ import annotations

import secrets
from collections.abc import Iterable, Sequence
from dataclasses import replace

from questionnaire.admission import invitations as rules
from questionnaire.admission.invitations import BATCH_MAX, Invitation, InvitationError, Letter
from questionnaire.admission.window import Window, WindowError, closed, registered_plan
from questionnaire.fielding.contacts import Contact, Safe, keep
from questionnaire.fielding.from_file import first_window, set_cells
from questionnaire.journey import Status
from questionnaire.storage import Storage, Stored
from questionnaire.study import Study

RECONTACT_TIER = 2
"""The data-use tier that allows another wave; see the study's consent text."""


def open_study(storage: Storage, study: Study, now: str, **settings: object) -> Window:
    """Open this version to newcomers, or change its settings; the plan's hash is kept from the first time.

    The first time, stop rules and quotas are those of the study file, under what was set by hand for the
    version before. ``settings`` are fields of :class:`Window`. The version must be in the store. Raises
    WindowError.
    """
    old = storage.field.window(study.content_hash)
    first, before = (old, None) if old is not None else first_window(storage, study, now)
    window = replace(first, closed_at="", **settings)  # type: ignore[arg-type]  # checked by Window itself
    if before is not None:
        set_cells(storage, study, before)
    storage.field.put_window(window)
    return window


def close_study(storage: Storage, study: Study, now: str, *, lets_finish: bool = True) -> Window:
    """Take no newcomers into this version any more; WindowError when it was never opened."""
    old = storage.field.window(study.content_hash)
    if old is None:
        raise WindowError(f"{study.code}: this version of the study was never opened; nothing to close")
    window = closed(old, now, lets_finish=lets_finish)
    storage.field.put_window(window)
    return window


def plan_at_opening(storage: Storage, study_code: str) -> str | None:
    """The hash of the analysis plan as it was when the study was first opened."""
    return registered_plan(storage.field.windows(study_code))


def invite(
    storage: Storage,
    study: Study,
    count: int,
    *,
    batch: str,
    root: str,
    now: str,
    wave: str = "",
    contacts: Sequence[str] = (),
) -> tuple[Letter, ...]:
    """A batch of personal links. Their secrets are in what is returned and nowhere else.

    ``contacts`` are ids of contact data for the first so many. Raises InvitationError.
    """
    if not 1 <= count <= BATCH_MAX:
        raise InvitationError(f"{count} invitations: a batch holds 1 to {BATCH_MAX}")
    _known_wave(study, wave)
    people = [("", contacts[n] if n < len(contacts) else "") for n in range(count)]
    return _send(storage, study, people, batch=batch, root=root, now=now, wave=wave)


def invite_people(
    storage: Storage, study: Study, safe: Safe, people: Sequence[Contact], **common: str
) -> tuple[Letter, ...]:
    """A personal link for each row of contact data, which is sealed and kept apart; all or none.

    ``common`` is what :func:`invite` takes. Raises InvitationError.
    """
    kept = keep(storage, study.code, safe, people)
    try:
        return invite(storage, study, len(people), contacts=kept, **common)
    except Exception:
        for contact in kept:
            storage.field.drop_contact(study.code, contact)
        raise


def invite_again(
    storage: Storage, study: Study, *, before: str, wave: str, batch: str, root: str, now: str
) -> tuple[Letter, ...]:
    """Links to ``wave`` for all who finished ``before``, allowed re-contact and are not invited to it yet.

    The new respondent carries the pseudonym of the earlier one. Raises InvitationError when the study has
    no such wave or nobody may be asked again.
    """
    people = to_invite_again(storage, study, before=before, wave=wave)
    if not people:
        raise InvitationError(
            f"nobody who finished wave {before or '(none)'} allowed re-contact (data-use tier "
            f"{RECONTACT_TIER} or more) and is not invited to {wave} yet"
        )
    return _send(storage, study, people, batch=batch, root=root, now=now, wave=wave)


def to_invite_again(storage: Storage, study: Study, *, before: str, wave: str) -> list[tuple[str, str]]:
    """Pseudonym and id of contact data of those who finished ``before`` and may be invited to ``wave``.

    Raises InvitationError when the study has no such wave.
    """
    _known_wave(study, wave)
    _known_wave(study, before)
    if wave == before or not wave:
        raise InvitationError("the wave to invite to must be another one than the wave before it")
    known = storage.field.invitations(study.code)
    contact = {one.token: one.contact for one in known if one.token}
    invited = {one.person for one in known if one.wave == wave}
    return [
        (stored.respondent, contact.get(stored.token, ""))
        for stored in may_return(_of_study(storage, study.code), before)
        if stored.respondent not in invited
    ]


def may_return(respondents: Iterable[Stored], wave: str) -> list[Stored]:
    """Those who finished ``wave`` and agreed to be asked again."""
    return [
        stored
        for stored in respondents
        if stored.progress.wave == wave
        and stored.progress.status is Status.FINISHED
        and (stored.progress.consent_level or 0) >= RECONTACT_TIER
    ]


def _of_study(storage: Storage, code: str) -> list[Stored]:
    hashes = {version.content_hash for version in storage.studies() if version.code == code}
    return [stored for stored in storage.respondents() if stored.progress.study_hash in hashes]


def _send(
    storage: Storage,
    study: Study,
    people: Sequence[tuple[str, str]],
    *,
    batch: str,
    root: str,
    now: str,
    wave: str,
) -> tuple[Letter, ...]:
    if people and people[0][0]:
        # In order of arrival the new numbers would say which earlier respondent is which.
        people = secrets.SystemRandom().sample(list(people), len(people))
    drawn = [rules.new_secret() for _ in people]
    drafts = [
        Invitation(study.code, 0, rules.hashed(secret), batch, now, wave, person, contact)
        for secret, (person, contact) in zip(drawn, people, strict=True)
    ]
    kept = storage.field.invite(drafts)
    return tuple(
        Letter(one.number, secret, rules.address(root, study.code, secret), one.contact)
        for one, secret in zip(kept, drawn, strict=True)
    )


def _known_wave(study: Study, wave: str) -> None:
    if wave and wave not in {known.code for known in study.waves}:
        there = ", ".join(known.code for known in study.waves) or "none"
        raise InvitationError(f"the study has no wave {wave!r}; there are: {there}")
