"""Transactions on the SQL store, with one error for a database that cannot be used."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from sqlalchemy import Connection, Engine
from sqlalchemy.exc import IntegrityError, SQLAlchemyError

from questionnaire.storage.interface import StorageUnavailableError


@dataclass(slots=True)
class _Joined:
    """A thread's transaction for several calls; ``broken`` once the database refused something in it."""

    connection: Connection
    broken: bool = False


class Transactions:
    """Writes take the write lock at once; reads see a snapshot beside a writer."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._reader = engine.execution_options(reading=True)
        self._mine = threading.local()

    @contextmanager
    def together(self) -> Iterator[None]:
        """One commit for all reads and writes of this thread inside; each write stays whole or not by itself.

        StorageUnavailableError at the end means that none of them was kept, whatever they answered.
        """
        with _unavailable(), self._engine.begin() as connection:
            joined = self._mine.joined = _Joined(connection)
            try:
                yield
            finally:
                self._mine.joined = None
            if joined.broken:
                # Some errors (a full disk) end SQLite's transaction at once: what went before is gone.
                raise StorageUnavailableError("the database refused a part")

    @contextmanager
    def write(self) -> Iterator[Connection]:
        """A transaction that is committed whole or not at all."""
        joined = self._joined()
        if joined is not None:
            with self._part(joined):
                yield joined.connection
        else:
            with _unavailable(), self._engine.begin() as connection:
                yield connection

    @contextmanager
    def read(self) -> Iterator[Connection]:
        """A connection for queries."""
        joined = self._joined()
        if joined is not None:
            with _unavailable(joined):
                yield joined.connection
        else:
            with _unavailable(), self._reader.connect() as connection:
                yield connection

    def _joined(self) -> _Joined | None:
        joined: _Joined | None = getattr(self._mine, "joined", None)
        if joined is not None and joined.broken:
            raise StorageUnavailableError("the database refused an earlier part")
        return joined

    @staticmethod
    @contextmanager
    def _part(joined: _Joined) -> Iterator[None]:
        with _unavailable(joined):
            joined.connection.exec_driver_sql("SAVEPOINT part")
            try:
                yield
            except Exception as error:
                # What the database itself refused may have ended the whole transaction, savepoint and all.
                if isinstance(error, IntegrityError) or not isinstance(error, SQLAlchemyError):
                    joined.connection.exec_driver_sql("ROLLBACK TO SAVEPOINT part")
                    joined.connection.exec_driver_sql("RELEASE SAVEPOINT part")
                raise
            joined.connection.exec_driver_sql("RELEASE SAVEPOINT part")


@contextmanager
def _unavailable(joined: _Joined | None = None) -> Iterator[None]:
    """A lost, locked or full database becomes one error of ours; a broken rule stays what it is."""
    try:
        yield
    except IntegrityError:
        raise
    except SQLAlchemyError as error:
        if joined is not None:
            joined.broken = True
        raise StorageUnavailableError(str(getattr(error, "orig", None) or error)) from error
