"""Personal links: a secret that exists once in clear, its hash that is kept, and the files made of them."""

from __future__ import annotations

import csv
import hashlib
import io
import secrets
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from questionnaire.formulas import harmless

TOKEN_BYTES = 18
"""144 random bits: guessing one is hopeless, and the hash needs no salt."""

BATCH_MAX = 100_000


class InvitationError(ValueError):
    """A batch that cannot be made; the message says why."""


@dataclass(frozen=True, slots=True)
class Invitation:
    """One personal link as stored. ``number`` names it to researchers, counted within the study.

    ``person`` is the pseudonym of an earlier wave's respondent, ``contact`` leads to sealed contact data.
    ``token`` is the respondent's own once the link was used, ``status`` where that respondent stands;
    both are empty before.
    """

    study_code: str
    number: int
    token_hash: str
    batch: str
    created_at: str
    wave: str = ""
    person: str = ""
    contact: str = ""
    token: str = ""
    used_at: str = ""
    status: str = ""


@dataclass(frozen=True, slots=True)
class Letter:
    """What goes out: the invitation's number, its secret and its address. Made once, never stored.

    ``contact`` is the id of contact data, where there is any.
    """

    number: int
    secret: str
    address: str
    contact: str = ""


def new_secret() -> str:
    """A token no one can guess, safe in an address."""
    return secrets.token_urlsafe(TOKEN_BYTES)


def hashed(secret: str) -> str:
    """What the store keeps of a token: SHA-256, enough for a secret of full entropy."""
    return hashlib.sha256(secret.encode()).hexdigest()


def address(root: str, study_code: str, secret: str) -> str:
    """The light shell's address with the personal token; ``root`` is the server's, with scheme."""
    return f"{root.rstrip('/')}/s/{study_code}?i={secret}"


def letters_csv(
    letters: Iterable[Letter], batch: str, contacts: Mapping[str, Mapping[str, str]] | None = None
) -> str:
    """The batch as CSV with the mark spreadsheets know UTF-8 by; cells that would run as formulas cannot.

    ``contacts`` by id add their columns.
    """
    people = contacts or {}
    columns = list(dict.fromkeys(name for person in people.values() for name in person))
    rows = []
    for letter in letters:
        person = people.get(letter.contact, {})
        rows.append((letter.number, batch, letter.address, *(person.get(name, "") for name in columns)))
    return rows_csv(("number", "batch", "address", *columns), rows)


def rows_csv(header: Iterable[str], rows: Iterable[Iterable[object]]) -> str:
    """Any table as CSV text that no spreadsheet runs."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow([harmless(cell) for cell in header])
    writer.writerows([harmless(cell) for cell in row] for row in rows)
    return "\ufeff" + out.getvalue()


def reminders_csv(
    invitations: Iterable[Invitation], contacts: Mapping[str, Mapping[str, str]] | None = None
) -> str:
    """Who has not begun or not finished, as CSV; ``contacts`` by id add their columns."""
    people = contacts or {}
    columns = list(dict.fromkeys(name for person in people.values() for name in person))
    rows = (
        (
            *(one.number, one.batch, one.wave, one.status or "unused", one.created_at),
            *(people.get(one.contact, {}).get(name, "") for name in columns),
        )
        for one in to_remind(invitations)
    )
    return rows_csv(("number", "batch", "wave", "status", "invited_at", *columns), rows)


def to_remind(invitations: Iterable[Invitation]) -> list[Invitation]:
    """Those who have not begun or not finished: no one who declined, was screened out or found no place."""
    return [one for one in invitations if one.status in ("", "asking")]


def qr_svg(text: str) -> str:
    """The address as a QR code, error correction M, a scalable image without scripts."""
    import segno

    buffer = io.BytesIO()
    segno.make(text, error="m", micro=False).save(buffer, kind="svg", scale=4, border=4, light="white")
    return buffer.getvalue().decode()
