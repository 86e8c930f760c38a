"""The acts of ``synergy field`` that have to do with personal links and the people they go to."""

from __future__ import annotations

import argparse
import os
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from questionnaire.admission.invitations import Letter
    from questionnaire.fielding.contacts import Safe
    from questionnaire.storage import Storage
    from questionnaire.study import Study


def invite_to(storage: Storage, study: Study, arguments: argparse.Namespace) -> None:
    """Make links for a number, for the rows of a file or for those who finished a wave."""
    from analysis.commands.errors import UnusableInputError
    from questionnaire.admission.invitations import letters_csv
    from questionnaire.service import utc_now

    if sum(given is not None for given in (arguments.count, arguments.contacts, arguments.after)) != 1:
        raise UnusableInputError("say one of --count N, --contacts FILE and --after WAVE")
    batch = arguments.batch or utc_now()
    # The file is made first, for its owner only: secrets that could be written nowhere would be lost.
    private = os.open(arguments.to, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600)
    with os.fdopen(private, "w", encoding="utf-8", newline="") as file:
        try:
            letters = _letters(storage, study, arguments, batch)
            wanted = arguments.with_contacts or arguments.contacts is not None
            file.write(letters_csv(letters, batch, _opened(storage, study.code) if wanted else None))
        except Exception:
            arguments.to.unlink()
            raise
    print(f"{arguments.to}: {len(letters)} personal links; keep the file safe, they are stored nowhere else")


def _letters(storage: Storage, study: Study, arguments: argparse.Namespace, batch: str) -> tuple[Letter, ...]:
    from questionnaire.fielding import contacts
    from questionnaire.fielding.desk import invite, invite_again, invite_people
    from questionnaire.service import utc_now

    common = {"batch": batch, "root": arguments.root, "now": utc_now(), "wave": arguments.wave}
    if arguments.after is not None:
        return invite_again(storage, study, before=arguments.after, **common)
    if arguments.contacts is None:
        return invite(storage, study, arguments.count, **common)
    people = contacts.read_contacts(arguments.contacts.read_bytes(), str(arguments.contacts))
    return invite_people(storage, study, _safe(), people, **common)


def remind(storage: Storage, study: Study, arguments: argparse.Namespace) -> None:
    """Write who has not begun or not finished."""
    from questionnaire.admission.invitations import reminders_csv, to_remind

    sent = storage.field.invitations(study.code)
    people = _opened(storage, study.code) if arguments.with_contacts else None
    arguments.to.write_text(reminders_csv(sent, people), encoding="utf-8", newline="")
    print(f"{arguments.to}: {len(to_remind(sent))} invitations to remind of")


def panel_ids(storage: Storage, study: Study, arguments: argparse.Namespace) -> None:
    """Write a panel's ids with how each of its members ended, for the panel to settle."""
    from questionnaire.exchange.panel_ids import panel_csv

    text, count = panel_csv(storage, study.code)
    arguments.to.write_text(text, encoding="utf-8", newline="")
    print(f"{arguments.to}: {count} respondents who came with a panel's ids")


def rekey(storage: Storage, study: Study, _: argparse.Namespace) -> None:
    """Bring all contact data of a study under the first key."""
    from questionnaire.fielding.contacts import reseal_all

    count = reseal_all(storage, study.code, _safe())
    print(f"{study.code}: {count} contacts are sealed with the first key; the others are no longer needed")


def _opened(storage: Storage, code: str) -> dict[str, dict[str, str]]:
    from questionnaire.fielding.contacts import opened

    return opened(storage, code, _safe())


def _safe() -> Safe:
    from questionnaire.fielding.contacts import KEY, Safe

    return Safe(os.environ.get(KEY, ""))
