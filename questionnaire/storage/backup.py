"""One file that holds a whole store, and the way back; the same for every SQL store.

The file is gzip over JSON lines: what it is, every row of every table as of one moment, and at the end the
count and SHA-256 of each table's lines, so that a file that was cut, changed or mistaken is not restored.
"""

from __future__ import annotations

import gzip
import hashlib
import json
import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Engine, MetaData, Table, func, insert, select, text
from sqlalchemy.exc import SQLAlchemyError

from questionnaire.storage.connect import open_engine
from questionnaire.storage.interface import StorageUnavailableError
from questionnaire.storage.migrations import MIGRATIONS

FORMAT = "synergy backup 1"

TRANSIENT = frozenset({"sessions", "attempts", "access_links", "used_sign_ins"})
"""Keys of the moment: whoever is logged in logs in again."""

BATCH = 500


class BackupError(Exception):
    """A file or a store that backup or restore cannot work with; nothing was changed."""


@dataclass(slots=True)
class _Tally:
    """Rows and checksum of one table, line by line."""

    rows: int = 0
    _hash: Any = field(default_factory=hashlib.sha256)

    def add(self, line: str) -> None:
        self.rows += 1
        self._hash.update(line.encode())

    def summary(self) -> list[object]:
        return [self.rows, self._hash.hexdigest()]


def backup(url: str, path: Path) -> dict[str, int]:
    """Write the store at ``url``, as of one moment and beside its writers, to a new file; rows by table.

    Raises BackupError for a file that is there already or a store in memory, StorageUnavailableError when
    the store is out of reach.
    """
    engine = _engine(url)
    partial = path.with_name(f"{path.name}.partial")
    try:
        if path.exists():
            raise BackupError(f"{path} is there already; name a new file")
        with _snapshot(engine) as connection, open(partial, "wb", opener=_private) as raw:
            with gzip.open(raw, "wt", encoding="utf-8") as out:
                counts = _dump(connection, out)
            os.fsync(raw.fileno())
        # A link fails where a rename would replace a file made meanwhile.
        os.link(partial, path)
    except SQLAlchemyError as error:
        raise StorageUnavailableError(str(error)) from error
    finally:
        partial.unlink(missing_ok=True)
        engine.dispose()
    return counts


def restore(path: Path, url: str) -> dict[str, int]:
    """Bring a backup into the empty store at ``url``, whole or not at all, and up to date; rows by table.

    Raises BackupError for a file that is no whole backup and for a store that holds anything.
    """
    head = _head(path)
    if not 1 <= head["migration"] <= len(MIGRATIONS):
        raise BackupError(
            f"{path} is from a newer version of synergy (store {head['migration']}); update first"
        )
    engine = _engine(url, upto=head["migration"])
    try:
        with engine.begin() as connection:
            counts = _load(connection, path)
    except SQLAlchemyError as error:
        raise BackupError(f"{path} does not fit the store: {error}") from error
    finally:
        engine.dispose()
    _engine(url).dispose()
    return counts


def _engine(url: str, upto: int | None = None) -> Engine:
    if url == "memory:":
        raise BackupError("a store in memory ends with its process; name an SQL store")
    engine: Engine = open_engine(url, upto)
    return engine


def _private(name: str, flags: int) -> int:
    return os.open(name, flags, 0o600)


@contextmanager
def _snapshot(engine: Engine) -> Iterator[Connection]:
    """All queries see one moment, and writers go on."""
    options: dict[str, Any] = {"reading": True}
    if engine.dialect.name == "postgresql":
        options["isolation_level"] = "REPEATABLE READ"
    with engine.connect().execution_options(**options) as connection, connection.begin():
        yield connection


def _tables(connection: Connection) -> list[Table]:
    """Every table of the store, those referred to before those that refer."""
    there = MetaData()
    there.reflect(connection)
    return [t for t in there.sorted_tables if t.name not in TRANSIENT and t.name != "migrations"]


def _line(name: str, row: dict[str, Any]) -> str:
    return json.dumps([name, row], ensure_ascii=False, separators=(",", ":"), sort_keys=True)


def _dump(connection: Connection, out: Any) -> dict[str, int]:
    number = connection.execute(text("SELECT max(number) FROM migrations")).scalar_one()
    out.write(json.dumps({"format": FORMAT, "migration": number}) + "\n")
    tallies: dict[str, _Tally] = {}
    for table in _tables(connection):
        tally = tallies[table.name] = _Tally()
        query = select(table).order_by(*table.primary_key.columns).execution_options(yield_per=BATCH)
        for row in connection.execute(query).mappings():
            line = _line(table.name, dict(row))
            tally.add(line)
            out.write(line + "\n")
    out.write(json.dumps({"end": {name: tally.summary() for name, tally in tallies.items()}}) + "\n")
    return {name: tally.rows for name, tally in tallies.items()}


def _lines(path: Path) -> Iterator[Any]:
    """The file's lines; BackupError where it is not what backup wrote."""
    try:
        with gzip.open(path, "rt", encoding="utf-8") as file:
            for line in file:
                yield json.loads(line)
    except FileNotFoundError:
        raise
    except (OSError, EOFError, ValueError) as error:
        raise BackupError(f"{path} is no whole backup: {error}") from error


def _head(path: Path) -> dict[str, Any]:
    head: Any = next(_lines(path), None)
    if (
        not isinstance(head, dict)
        or head.get("format") != FORMAT
        or not isinstance(head.get("migration"), int)
    ):
        raise BackupError(f"{path} is not a backup made by `synergy backup`")
    return dict(head)


def _load(connection: Connection, path: Path) -> dict[str, int]:
    tables = {table.name: table for table in _tables(connection)}
    for table in tables.values():
        if connection.execute(select(func.count()).select_from(table)).scalar_one():
            raise BackupError("the store holds data already; restore into an empty one")
    tallies = {name: _Tally() for name in tables}
    end, waiting = None, list[dict[str, Any]]()
    name = ""
    lines = _lines(path)
    next(lines)
    for line in lines:
        if end is not None or not isinstance(line, list | dict):
            raise BackupError(f"{path}: something stands after the end")
        if isinstance(line, dict):
            end = line.get("end")
            continue
        if len(line) != 2 or line[0] not in tables or not isinstance(line[1], dict):
            raise BackupError(f"{path}: the store has no place for {str(line)[:80]}")
        if line[0] != name or len(waiting) >= BATCH:
            _insert(connection, tables.get(name), waiting)
            name, waiting = line[0], []
        tallies[name].add(_line(*line))
        waiting.append(line[1])
    _insert(connection, tables.get(name), waiting)
    if end != {known: tally.summary() for known, tally in tallies.items()}:
        raise BackupError(f"{path}: rows are missing or were changed; the checksums do not match")
    _continue_counting(connection, tables)
    return {known: tally.rows for known, tally in tallies.items()}


def _insert(connection: Connection, table: Table | None, rows: list[dict[str, Any]]) -> None:
    if table is not None and rows:
        connection.execute(insert(table), rows)


def _continue_counting(connection: Connection, tables: dict[str, Table]) -> None:
    """PostgreSQL's counters do not see numbers that were given; SQLite's do."""
    if connection.dialect.name != "postgresql":
        return
    for table in tables.values():
        for column in table.primary_key.columns:
            named = {"table": table.name, "column": column.name}
            counter = text("SELECT pg_get_serial_sequence(:table, :column)")
            sequence = connection.execute(counter, named).scalar()
            highest = connection.execute(select(func.max(column))).scalar() if sequence else None
            if highest is not None:
                connection.execute(select(func.setval(sequence, highest)))
