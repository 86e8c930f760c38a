"""The audit log's entries: who did what, when, on which study, each bound to the one before by a hash."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable
from dataclasses import dataclass

from questionnaire.ledger import GENESIS


@dataclass(frozen=True, slots=True)
class Note:
    """What is to be recorded. ``who`` is an account's name; empty for the server itself or a stranger."""

    who: str
    action: str
    study: str = ""
    detail: str = ""


@dataclass(frozen=True, slots=True)
class Entry:
    """A note as recorded, with its place and time (UTC, ISO 8601)."""

    sequence: int
    at: str
    who: str
    action: str
    study: str
    detail: str
    previous: str
    hash: str


def next_entry(last: Entry | None, note: Note, at: str) -> Entry:
    """The entry that follows ``last`` (None: the first)."""
    sequence, previous = (last.sequence + 1, last.hash) if last else (1, GENESIS)
    digest = _hash(sequence, at, note, previous)
    return Entry(sequence, at, note.who, note.action, note.study, note.detail, previous, digest)


def first_broken(entries: Iterable[Entry]) -> int | None:
    """The place at which the chain does not hold, or None when it is whole.

    Entries taken off the end cannot be seen from the chain itself: compare the last hash with one noted
    elsewhere.
    """
    previous = GENESIS
    for sequence, entry in enumerate(entries, start=1):
        note = Note(entry.who, entry.action, entry.study, entry.detail)
        expected = _hash(sequence, entry.at, note, previous)
        if entry.sequence != sequence or entry.previous != previous or entry.hash != expected:
            return sequence
        previous = entry.hash
    return None


def _hash(sequence: int, at: str, note: Note, previous: str) -> str:
    # As JSON: a separator inside a name cannot make two different entries one.
    fields = [sequence, at, note.who, note.action, note.study, note.detail, previous]
    return hashlib.sha256(json.dumps(fields, ensure_ascii=False).encode()).hexdigest()
