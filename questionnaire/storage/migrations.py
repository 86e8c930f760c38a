"""Ordered changes to the SQL store; each is committed in one transaction with its own record."""

from __future__ import annotations

import time
from collections.abc import Callable

from sqlalchemy import Connection, Engine, func, insert, inspect, select, text

from questionnaire.storage import tables

Migration = Callable[[Connection], None]

# Any number that no other program uses for its advisory lock on the same database.
_ADVISORY_LOCK = 7_023_114


def _first_tables(connection: Connection) -> None:
    wanted = [tables.studies, tables.respondents, tables.submissions]
    tables.metadata.create_all(connection, tables=wanted)


MIGRATIONS: tuple[tuple[str, Migration], ...] = (("first tables", _first_tables),)
"""In order; the position is the number. Never edit one that has been released: add another."""


def migrate(engine: Engine) -> tuple[str, ...]:
    """Apply what is missing and return the names applied; safe from several processes at once."""
    applied = []
    for number, (name, change) in enumerate(MIGRATIONS, start=1):
        with engine.begin() as connection:
            _wait_for_other_processes(connection)
            if number <= _current(connection):
                continue
            change(connection)
            record = {"number": number, "name": name, "applied_at": time.time()}
            connection.execute(insert(tables.migrations).values(**record))
            applied.append(name)
    return tuple(applied)


def _current(connection: Connection) -> int:
    """The number of the last migration applied; makes the record's table when there is none."""
    if not inspect(connection).has_table(tables.migrations.name):
        tables.metadata.create_all(connection, tables=[tables.migrations])
    return connection.execute(select(func.max(tables.migrations.c.number))).scalar() or 0


def _wait_for_other_processes(connection: Connection) -> None:
    """SQLite's BEGIN IMMEDIATE has locked already; PostgreSQL needs a lock of its own."""
    if connection.dialect.name == "postgresql":
        connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": _ADVISORY_LOCK})
