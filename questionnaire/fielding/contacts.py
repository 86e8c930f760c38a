"""Names and addresses of the invited: sealed apart from answers, opened only with a key from outside.

Sealed with Fernet (AES-128-CBC and HMAC-SHA-256); the key never is in the store, in exports or in backups.
"""

from __future__ import annotations

import csv
import io
import json
import secrets
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from cryptography.fernet import MultiFernet

    from questionnaire.storage import Storage

KEY = "SYNERGY_KEY"
MAKE_KEY = 'python -c "from cryptography.fernet import Fernet; print(Fernet.generate_key().decode())"'

TAKEN = frozenset({"number", "batch", "address", "wave", "status", "invited_at"})
"""Columns that lists of links and reminders have of their own."""

Contact = Mapping[str, str]
"""One person's contact data by the names the researcher gave: mail, name, telephone …"""


class ContactError(Exception):
    """Contact data that cannot be sealed, opened or read; the message says why and how to mend it."""


class Safe:
    """Seals with the first key and opens with any: a new key goes in front, ``reseal`` brings all to it."""

    def __init__(self, keys: str) -> None:
        """``keys`` as :data:`KEY` has them, separated by commas; ContactError for none or a bad one."""
        from cryptography.fernet import Fernet, MultiFernet

        parts = [part.strip() for part in keys.split(",") if part.strip()]
        if not parts:
            raise ContactError(f"contact data is sealed, so {KEY} must hold a key; make one with: {MAKE_KEY}")
        try:
            self._keys: MultiFernet = MultiFernet([Fernet(part) for part in parts])
        except ValueError as error:
            raise ContactError(f"{KEY} holds something that is no key; make one with: {MAKE_KEY}") from error

    def seal(self, contact: Contact) -> str:
        """The contact data as text that says nothing without the key."""
        return self._keys.encrypt(json.dumps(dict(contact), ensure_ascii=False).encode()).decode()

    def open(self, sealed: str) -> dict[str, str]:
        """The contact data again; ContactError when no key fits or the text was changed."""
        from cryptography.fernet import InvalidToken

        try:
            return dict(json.loads(self._keys.decrypt(sealed.encode())))
        except InvalidToken as error:
            raise ContactError(
                f"no key in {KEY} opens this contact data; add the one it was sealed with"
            ) from error

    def reseal(self, sealed: str) -> str:
        """The same contact data under the first key."""
        self.open(sealed)
        return self._keys.rotate(sealed.encode()).decode()


def keep(storage: Storage, study_code: str, safe: Safe, contacts: Sequence[Contact]) -> list[str]:
    """Seal and keep contact data; the ids under which it is kept, in order."""
    ids = [secrets.token_hex(16) for _ in contacts]
    for number, contact in zip(ids, contacts, strict=True):
        storage.field.put_contact(study_code, number, safe.seal(contact))
    return ids


def reseal_all(storage: Storage, study_code: str, safe: Safe) -> int:
    """Bring every contact of a study under the first key; how many there are."""
    sealed = storage.field.contacts(study_code)
    renewed = {contact: safe.reseal(text) for contact, text in sealed.items()}
    for contact, text in renewed.items():
        storage.field.put_contact(study_code, contact, text)
    return len(renewed)


def opened(storage: Storage, study_code: str, safe: Safe) -> dict[str, dict[str, str]]:
    """All contact data of a study by id; ContactError when a key is missing."""
    return {contact: safe.open(sealed) for contact, sealed in storage.field.contacts(study_code).items()}


def read_contacts(data: bytes, name: str) -> list[dict[str, str]]:
    """The rows of a CSV file called ``name``; ContactError when it has no header or is not regular."""
    try:
        reader = csv.DictReader(io.StringIO(data.decode("utf-8-sig"), newline=""))
        rows, header = list(reader), list(reader.fieldnames or ())
    except UnicodeDecodeError as error:
        raise ContactError(f"{name} is not UTF-8 (byte {error.start}); save it as “CSV UTF-8”") from error
    except csv.Error as error:
        raise ContactError(f"{name} is not a CSV file: {error}") from error
    taken = TAKEN.intersection(header)
    if taken:
        raise ContactError(f"{name}: name the column {', '.join(sorted(taken))} otherwise; links have one so")
    if len(set(header)) < len(header) or not all(map(str.strip, header)):
        raise ContactError(f"{name}: give every column a name of its own in the first row")
    for line, row in enumerate(rows, start=2):
        if None in row or None in row.values():
            raise ContactError(f"{name}, row {line}: it has not as many cells as the header")
    if not rows:
        raise ContactError(f"{name} holds no rows under a header")
    return rows
