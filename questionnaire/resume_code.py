"""A short code that leads back to a begun survey from another device."""

from __future__ import annotations

import hashlib
import secrets

from questionnaire.ledger import RECEIPT_ALPHABET, tidy_receipt

CODE_LENGTH = 9
"""31^9 codes are 44.6 bits. Guessed at the 120 a minute a process answers, with a thousand surveys under way,
one is hit every 400 years; and a code ends with its survey."""


def new_code() -> str:
    """A fresh code of letters and digits that are not read for one another."""
    return "".join(secrets.choice(RECEIPT_ALPHABET) for _ in range(CODE_LENGTH))


def digest(typed: str) -> str:
    """What is stored of a code, as a person types it: whoever reads a backup cannot hand codes around."""
    return hashlib.sha256(f"resume:{tidy_receipt(typed)}".encode()).hexdigest()
