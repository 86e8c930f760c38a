"""Transactions on the SQL store, with one error for a database that cannot be used."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy import Connection, Engine
from sqlalchemy.exc import DBAPIError, IntegrityError, SQLAlchemyError

from questionnaire.storage.interface import StorageUnavailableError


class Transactions:
    """Writes take the write lock at once; reads see a snapshot beside a writer."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._reader = engine.execution_options(reading=True)

    @contextmanager
    def write(self) -> Iterator[Connection]:
        """A transaction that is committed whole or not at all."""
        with _unavailable(), self._engine.begin() as connection:
            yield connection

    @contextmanager
    def read(self) -> Iterator[Connection]:
        """A connection for queries."""
        with _unavailable(), self._reader.connect() as connection:
            yield connection


@contextmanager
def _unavailable() -> Iterator[None]:
    """A lost, locked or full database becomes one error of ours; a broken rule stays what it is."""
    try:
        yield
    except IntegrityError:
        raise
    except (DBAPIError, SQLAlchemyError) as error:
        raise StorageUnavailableError(str(getattr(error, "orig", None) or error)) from error
