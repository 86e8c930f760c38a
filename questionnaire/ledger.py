"""A tamper-evident log of finished answers: a hash chain that holds commitments, never answers.

Each entry commits to one respondent's answers with a random salt (SHA-256, as in Merkle 1979 and the
linked time-stamps of Haber & Stornetta 1991). Who holds answers and salt can check the entry; without the
salt it says nothing about anyone, so that deleting both leaves a link in the chain that leads nowhere.
"""

from __future__ import annotations

import hashlib
import json
import secrets
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, fields

GENESIS = "0" * 64
"""The hash before the first entry."""

# No letters or digits that are read for one another on paper: 0 O, 1 I L.
RECEIPT_ALPHABET = "23456789ABCDEFGHJKMNPQRSTUVWXYZ"
RECEIPT_LENGTH = 16
"""31^16 receipts are 79 bits: guessing one is hopeless at any rate a server can be asked."""


@dataclass(frozen=True, slots=True)
class Seal:
    """What finishing adds: the receipt code, the salt and the commitment to the answers."""

    receipt: str
    salt: str
    commitment: str


@dataclass(frozen=True, slots=True)
class LedgerEntry:
    """One link: ``hash`` covers the sequence number, the commitment, the time and the hash before."""

    sequence: int
    commitment: str
    at: str
    previous: str
    hash: str


def new_seal(study_hash: str, answers: Mapping[str, object]) -> Seal:
    """A fresh receipt and the commitment to these answers."""
    salt = secrets.token_hex(32)
    receipt = "".join(secrets.choice(RECEIPT_ALPHABET) for _ in range(RECEIPT_LENGTH))
    return Seal(receipt, salt, commitment(salt, study_hash, answers))


def commitment(salt: str, study_hash: str, answers: Mapping[str, object]) -> str:
    """SHA-256 over salt, study version and the answers as canonical JSON."""
    canonical = json.dumps(
        [salt, study_hash, dict(answers)], sort_keys=True, ensure_ascii=False, separators=(",", ":")
    )
    return hashlib.sha256(canonical.encode()).hexdigest()


def next_entry(last: LedgerEntry | None, commitment: str, at: str) -> LedgerEntry:
    """The entry that follows ``last`` (None: the first)."""
    sequence, previous = (last.sequence + 1, last.hash) if last else (1, GENESIS)
    return LedgerEntry(sequence, commitment, at, previous, _hash(sequence, commitment, at, previous))


def first_broken(entries: Iterable[LedgerEntry]) -> int | None:
    """The sequence number at which the chain does not hold, or None when it is whole."""
    previous = GENESIS
    for sequence, entry in enumerate(entries, start=1):
        expected = _hash(sequence, entry.commitment, entry.at, previous)
        if entry.sequence != sequence or entry.previous != previous or entry.hash != expected:
            return sequence
        previous = entry.hash
    return None


def head(entries: Sequence[LedgerEntry]) -> str:
    """The last hash: whoever published it cannot change, remove or insert an entry before it unnoticed."""
    return entries[-1].hash if entries else GENESIS


def ledger_csv(entries: Sequence[LedgerEntry]) -> str:
    """The whole chain as CSV, to be checked by anyone: it holds no answers and leads to nobody."""
    columns = [spec.name for spec in fields(LedgerEntry)]
    lines = [columns, *([str(getattr(entry, name)) for name in columns] for entry in entries)]
    return "".join(f"{','.join(line)}\n" for line in lines)


def tidy_receipt(typed: str) -> str:
    """A receipt as typed by a person: spaces and hyphens are dropped, small letters become capitals."""
    return "".join(letter for letter in typed.upper() if letter in RECEIPT_ALPHABET)


def _hash(sequence: int, commitment: str, at: str, previous: str) -> str:
    return hashlib.sha256(f"{sequence}|{commitment}|{at}|{previous}".encode()).hexdigest()
