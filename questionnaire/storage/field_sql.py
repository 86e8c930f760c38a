"""Fielding on the SQL store."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import asdict, replace
from typing import Any

from sqlalchemy import Connection, RowMapping, Select, delete, func, insert, select, update
from sqlalchemy.exc import IntegrityError

from questionnaire.admission.invitations import Invitation
from questionnaire.admission.quota import Fill
from questionnaire.admission.window import Access, Window
from questionnaire.journey import Status
from questionnaire.recruitment import Cell
from questionnaire.storage.encoding import to_text
from questionnaire.storage.field import NumbersTakenError
from questionnaire.storage.field_tables import cells, contacts, invitations, places, windows
from questionnaire.storage.interface import UnknownStudyError
from questionnaire.storage.remembered import Remembered
from questionnaire.storage.tables import respondents, studies
from questionnaire.storage.transactions import Transactions


class SqlField:
    """See :class:`~questionnaire.storage.field.FieldStorage` for every method."""

    def __init__(self, transactions: Transactions) -> None:
        self._write = transactions.write
        self._read = transactions.read
        self._window = Remembered(self._read_window)
        self._cells = Remembered(self._read_cells)

    def window(self, content_hash: str) -> Window | None:
        """See FieldStorage."""
        return self._window(content_hash)

    def windows(self, study_code: str) -> tuple[Window, ...]:
        """See FieldStorage."""
        query = select(windows).where(windows.c.study_code == study_code)
        with self._read() as connection:
            ordered = query.order_by(windows.c.opened_at, windows.c.content_hash)
            return tuple(_window(row) for row in connection.execute(ordered).mappings())

    def put_window(self, window: Window) -> None:
        """See FieldStorage."""
        values = asdict(window) | {"access": window.access.value}
        first = ("content_hash", "study_code", "plan_hash", "opened_at")
        later = {name: value for name, value in values.items() if name not in first}
        with self._write() as connection:
            lock_study(connection, window.study_code)
            same = windows.c.content_hash == window.content_hash
            if connection.execute(update(windows).where(same).values(**later)).rowcount == 0:
                connection.execute(insert(windows).values(**values))
        self._window.forget()

    def finished(self, study_code: str) -> int:
        """See FieldStorage."""
        query = (
            select(func.count())
            .select_from(respondents.join(studies, respondents.c.study_hash == studies.c.content_hash))
            .where(studies.c.code == study_code, respondents.c.status == Status.FINISHED.value)
        )
        with self._read() as connection:
            return connection.execute(query).scalar_one()

    def invite(self, batch: Sequence[Invitation]) -> tuple[Invitation, ...]:
        """See FieldStorage."""
        if not batch:
            return ()
        code = batch[0].study_code
        try:
            with self._write() as connection:
                lock_study(connection, code)
                highest = select(func.max(invitations.c.number)).where(invitations.c.study_code == code)
                last = connection.execute(highest).scalar() or 0
                numbered = tuple(replace(one, number=last + n) for n, one in enumerate(batch, start=1))
                connection.execute(insert(invitations), [_columns(one) for one in numbered])
        except IntegrityError as error:
            raise NumbersTakenError("someone in this batch is invited to that wave already") from error
        return numbered

    def invitation(self, token_hash: str) -> Invitation | None:
        """See FieldStorage."""
        with self._read() as connection:
            query = _with_status().where(invitations.c.token_hash == token_hash)
            row = connection.execute(query).mappings().first()
        return _invitation(row) if row else None

    def invitations(self, study_code: str) -> tuple[Invitation, ...]:
        """See FieldStorage."""
        query = _with_status().where(invitations.c.study_code == study_code)
        with self._read() as connection:
            rows = connection.execute(query.order_by(invitations.c.number)).mappings()
            return tuple(_invitation(row) for row in rows)

    def cells(self, study_code: str) -> tuple[Cell, ...]:
        """See FieldStorage."""
        return self._cells(study_code)

    def put_cell(self, study_code: str, cell: Cell) -> None:
        """See FieldStorage."""
        values = {"target": cell.target, "conditions": to_text(cell.where), "wave": cell.wave}
        same = (cells.c.study_code == study_code) & (cells.c.name == cell.name)
        with self._write() as connection:
            lock_study(connection, study_code)
            if connection.execute(update(cells).where(same).values(**values)).rowcount == 0:
                connection.execute(insert(cells).values(study_code=study_code, name=cell.name, **values))
        self._cells.forget()

    def drop_cell(self, study_code: str, name: str) -> None:
        """See FieldStorage."""
        with self._write() as connection:
            for table in (places, cells):
                same = (table.c.study_code == study_code) & (table.c.name == name)
                connection.execute(delete(table).where(same))
        self._cells.forget()

    def fill(self, study_code: str, cutoff: str) -> tuple[Fill, ...]:
        """See FieldStorage."""
        live = places.c.finished | (places.c.touched_at >= cutoff)
        query = (
            select(places.c.name, places.c.finished, func.count())
            .where(places.c.study_code == study_code, live)
            .group_by(places.c.name, places.c.finished)
        )
        with self._read() as connection:
            count = {(name, bool(done)): n for name, done, n in connection.execute(query)}
        found = self.cells(study_code)
        return tuple(Fill(c, count.get((c.name, True), 0), count.get((c.name, False), 0)) for c in found)

    def put_contact(self, study_code: str, contact: str, sealed: str) -> None:
        """See FieldStorage."""
        same = (contacts.c.study_code == study_code) & (contacts.c.contact == contact)
        with self._write() as connection:
            connection.execute(delete(contacts).where(same))
            connection.execute(insert(contacts).values(study_code=study_code, contact=contact, sealed=sealed))

    def contacts(self, study_code: str) -> dict[str, str]:
        """See FieldStorage."""
        query = select(contacts.c.contact, contacts.c.sealed).where(contacts.c.study_code == study_code)
        with self._read() as connection:
            return {row.contact: row.sealed for row in connection.execute(query)}

    def drop_contact(self, study_code: str, contact: str) -> None:
        """See FieldStorage."""
        same = (contacts.c.study_code == study_code) & (contacts.c.contact == contact)
        with self._write() as connection:
            connection.execute(delete(contacts).where(same))

    def _read_window(self, content_hash: str) -> Window | None:
        with self._read() as connection:
            query = select(windows).where(windows.c.content_hash == content_hash)
            row = connection.execute(query).mappings().first()
        return _window(row) if row else None

    def _read_cells(self, study_code: str) -> tuple[Cell, ...]:
        query = select(cells).where(cells.c.study_code == study_code).order_by(cells.c.name)
        with self._read() as connection:
            return tuple(_cell(row) for row in connection.execute(query).mappings())


def lock_study(connection: Connection, study_code: str) -> None:
    """Wait for others who change this study; UnknownStudyError when the store has no such study."""
    # The study's rows, in one order, are the lock all share; SQLite has one writer anyway.
    versions = select(studies.c.content_hash).where(studies.c.code == study_code)
    if not connection.execute(versions.order_by(studies.c.content_hash).with_for_update()).all():
        raise UnknownStudyError(study_code)


def _window(row: RowMapping) -> Window:
    return Window(**{**row, "access": Access(row["access"]), "lets_finish": bool(row["lets_finish"])})


def _columns(one: Invitation) -> dict[str, object]:
    empty_is_null = {name: getattr(one, name) or None for name in ("person", "contact", "token")}
    values = {name: value for name, value in asdict(one).items() if name != "status"}
    return values | empty_is_null


def _with_status() -> Select[Any]:
    joined = invitations.outerjoin(respondents, invitations.c.token == respondents.c.token)
    return select(invitations, respondents.c.status).select_from(joined)


def _invitation(row: RowMapping) -> Invitation:
    fields: dict[str, Any] = {name: "" if value is None else value for name, value in row.items()}
    return Invitation(**fields)


def _cell(row: RowMapping) -> Cell:
    where = {code: tuple(options) for code, options in json.loads(row["conditions"]).items()}
    return Cell(row["name"], row["target"], where, row["wave"])
