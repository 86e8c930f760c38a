"""What a receipt proves about the answers behind it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from questionnaire.ledger import LedgerEntry, commitment, first_broken, head
from questionnaire.storage import Stored


@dataclass(frozen=True, slots=True)
class ReceiptCheck:
    """The entry's place, and whether answers and chain are as they were."""

    sequence: int
    finished_at: str
    answers: int
    unchanged: bool
    chain_whole: bool
    entries: int
    head: str
    level: int


def checked(stored: Stored, chain: Sequence[LedgerEntry]) -> ReceiptCheck:
    """The commitment computed anew from the answers against the ledger; the chain walked from its start."""
    progress = stored.progress
    entry = next((link for link in chain if link.sequence == stored.sequence), None)
    found = commitment(stored.salt, progress.study_hash, progress.answers)
    return ReceiptCheck(
        sequence=stored.sequence,
        finished_at=stored.finished_at,
        answers=len(progress.answers),
        unchanged=entry is not None and entry.commitment == found,
        chain_whole=first_broken(chain) is None,
        entries=len(chain),
        head=head(chain),
        level=progress.consent_level or 0,
    )
