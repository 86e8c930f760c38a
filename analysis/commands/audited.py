"""Which commands read or change what a store holds, and what the audit log says of them.

The entry is written before the command does its work: an entry without an effect can be explained, an effect
without an entry cannot be seen. Only a restore has no log to write to before.
"""

from __future__ import annotations

import argparse
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from questionnaire.storage.interface import StorageUnavailableError

READS_NOTHING = frozenset({"status"})
"""Acts of ``synergy field`` that show counts only."""

FIELD = {
    "open": "open study",
    "close": "close study",
    "invite": "make links",
    "remind": "export",
    "panel": "export",
    "rekey": "changed keys",
    "quota": "set quota",
}


def entry(arguments: argparse.Namespace) -> tuple[str, str, str] | None:
    """Action, study code and detail for a command that is recorded; None for any other."""
    command = arguments.command
    if command == "export":
        panel = " with ids of the panel" if arguments.panel_ids else ""
        return "export", _code(arguments.study), arguments.to.name + panel
    if command == "import":
        return "import", _code(arguments.study), arguments.file.name
    if command == "backup":
        return "backup", "", arguments.to.name
    if command == "restore":
        return "restore", "", arguments.file.name
    if command == "field" and arguments.act not in READS_NOTHING:
        removes = arguments.act == "quota" and arguments.target == 0
        action = "remove quota" if removes else FIELD[arguments.act]
        return action, _code(arguments.study), _field_detail(arguments)
    return None


@contextmanager
def recorded(arguments: argparse.Namespace) -> Iterator[None]:
    """Write the command's entry before its work (a restore's after), and another when it came to nothing."""
    found = entry(arguments)
    if found is None or arguments.db == "memory:":
        yield
        return
    if arguments.command != "restore":
        _write(arguments.db, *found)
    try:
        yield
    except Exception:
        if arguments.command != "restore":
            action, study, detail = found
            # A store that is gone is what the command itself will say.
            with suppress(StorageUnavailableError):
                _write(arguments.db, action, study, f"{detail}: came to nothing")
        raise
    if arguments.command == "restore":
        _write(arguments.db, *found)


def _write(database: str, action: str, study: str, detail: str) -> None:
    from questionnaire.access.connect import open_access
    from questionnaire.access.operator import record

    access = open_access(database)
    try:
        record(access, action, study, detail)
    finally:
        access.store.close()


def _code(study: Path) -> str:
    from questionnaire.loading import load_study

    return load_study(study).code


def _field_detail(arguments: argparse.Namespace) -> str:
    if arguments.act == "quota":
        return f"{arguments.cell}: {arguments.target} of {arguments.where or 'everyone'}"
    if arguments.act == "close":
        return "for everyone" if arguments.now else "those under way may finish"
    contacts = " with contact data" if getattr(arguments, "with_contacts", False) else ""
    contacts = " with contact data" if getattr(arguments, "contacts", None) else contacts
    contacts = " with ids of the panel" if arguments.act == "panel" else contacts
    written = arguments.to.name if getattr(arguments, "to", None) else ""
    return written + contacts
