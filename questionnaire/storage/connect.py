"""From a URL to a ready store."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from questionnaire.storage.interface import Storage, StorageUnavailableError, UnknownStoreError
from questionnaire.storage.memory import MemoryStorage

BUSY_SECONDS = 30
"""How long a write waits for another process's transaction before it gives up."""

GONE_SECONDS = 5
"""How long a database on the network may be silent before it counts as gone, unless its URL says so."""


def connect(url: str) -> Storage:
    """The store at ``url``: ``memory:``, ``sqlite:///file.sqlite`` or ``postgresql://user@host/name``.

    Brings an SQL store up to the newest migration. Raises StorageUnavailableError when it cannot be
    reached and UnknownStoreError for a URL of another kind.
    """
    if url == "memory:":
        return MemoryStorage()
    from questionnaire.storage.sql import SqlStorage

    return SqlStorage(open_engine(url))


def open_engine(url: str, upto: int | None = None) -> Any:
    """The SQL database at ``url``, brought up to the newest migration (or to number ``upto``).

    Raises as :func:`connect` does.

    ``memory:`` is a database of its own here, for what has no store in memory.
    """
    from sqlalchemy.engine import make_url
    from sqlalchemy.exc import SQLAlchemyError

    from questionnaire.storage.migrations import migrate

    try:
        parsed = make_url("sqlite://" if url == "memory:" else url)
    except SQLAlchemyError as error:
        raise UnknownStoreError(f"not a database URL: {url!r}; try sqlite:///answers.sqlite") from error
    backend = parsed.get_backend_name()
    if backend == "sqlite":
        if parsed.database:
            Path(parsed.database).expanduser().parent.mkdir(parents=True, exist_ok=True)
        engine = _sqlite(parsed)
    elif backend == "postgresql":
        engine = _postgresql(parsed)
    else:
        raise UnknownStoreError(f"no store for {backend!r}; use memory:, sqlite:///… or postgresql://…")
    try:
        migrate(engine, upto)
    except SQLAlchemyError as error:
        raise StorageUnavailableError(f"{parsed.render_as_string(hide_password=True)}: {error}") from error
    return engine


def _sqlite(url: Any) -> Any:
    from sqlalchemy import create_engine, event
    from sqlalchemy.pool import QueuePool

    # A database in memory lives and dies with its connection: there is one, and threads take turns.
    turns = {} if url.database else {"poolclass": QueuePool, "pool_size": 1, "max_overflow": 0}
    arguments = {"timeout": BUSY_SECONDS, "check_same_thread": False}
    engine = create_engine(url, connect_args=arguments, **turns)

    @event.listens_for(engine, "connect")
    def _durable(connection: Any, _record: object) -> None:
        # The driver must not open transactions by itself: BEGIN IMMEDIATE below takes the write lock
        # at once, so that two writers queue instead of failing when one upgrades its lock.
        connection.isolation_level = None
        connection.execute("PRAGMA journal_mode=WAL")
        # FULL: an acknowledged answer survives a power cut; NORMAL loses the last ones.
        connection.execute("PRAGMA synchronous=FULL")
        connection.execute("PRAGMA foreign_keys=ON")

    @event.listens_for(engine, "begin")
    def _begin(connection: Any) -> None:
        # Readers see their snapshot beside a writer; only writers queue.
        reading = connection.get_execution_options().get("reading", False)
        connection.exec_driver_sql("BEGIN" if reading else "BEGIN IMMEDIATE")

    return engine


def _postgresql(url: Any) -> Any:
    from sqlalchemy import create_engine

    # A host that has vanished answers nothing at all: without these a request would wait for minutes.
    limits = {"connect_timeout": GONE_SECONDS, "tcp_user_timeout": 1000 * GONE_SECONDS}
    limits = {name: value for name, value in limits.items() if name not in url.query}
    # psycopg 3 is the driver installed; pre-ping drops connections a restarted server has closed.
    return create_engine(url.set(drivername="postgresql+psycopg"), pool_pre_ping=True, connect_args=limits)
