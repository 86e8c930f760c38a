"""What is done on the server itself, by whoever may use its command line, goes into the same audit log."""

from __future__ import annotations

import os
import pwd

from questionnaire.access.audit import Note
from questionnaire.access.service import Access


def operator() -> str:
    """The operating system's user, marked so that no account can be called the same (names have no spaces).

    By number, not by environment: LOGNAME says whatever its user likes.
    """
    try:
        name = pwd.getpwuid(os.getuid()).pw_name
    except KeyError:
        name = f"user {os.getuid()}"
    return f"{name} (command line)"


def record(access: Access, action: str, study: str = "", detail: str = "") -> None:
    """Append what the operator does; raises StorageUnavailableError."""
    access.store.record(Note(operator(), action, study, detail), access.clock())
