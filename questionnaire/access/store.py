"""Accounts, links, sessions, attempts and the audit log in the database; every change is one transaction."""

from __future__ import annotations

from dataclasses import asdict, replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from sqlalchemy import Connection, Engine, delete, insert, select, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.exc import IntegrityError

from questionnaire.access.audit import Entry, Note, next_entry
from questionnaire.access.errors import AccessError
from questionnaire.access.roles import Account, Role
from questionnaire.storage.access_tables import accounts, attempts, audit, links, sessions, used_sign_ins
from questionnaire.storage.transactions import Transactions

if TYPE_CHECKING:
    from sqlalchemy import RowMapping

_PUBLIC = [column for column in accounts.c if column.name != "password"]


class AccessStore:
    """Times are seconds since 1970 and passed in; secrets arrive hashed."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._transactions = Transactions(engine)
        self._write, self._read = self._transactions.write, self._transactions.read

    # Accounts

    def accounts(self) -> tuple[Account, ...]:
        """Everyone, oldest first."""
        with self._read() as connection:
            query = select(*_PUBLIC).order_by(accounts.c.created_at, accounts.c.id)
            return tuple(_account(row) for row in connection.execute(query).mappings())

    def named(self, name: str) -> tuple[Account, str] | None:
        """The account of that name and its password's hash (empty when it has none)."""
        with self._read() as connection:
            row = connection.execute(select(accounts).where(accounts.c.name == name)).mappings().first()
        return (_account(row), row["password"]) if row else None

    def add(self, account: Account, link_hash: str, expires: float, now: float, note: Note) -> None:
        """An invited account and its link; AccessError when the name is taken."""
        with self._write() as connection:
            try:
                connection.execute(insert(accounts).values(**asdict(account), password=""))
            except IntegrityError as error:
                raise AccessError("name_taken") from error
            _add_link(connection, link_hash, account.id, "invited", expires)
            _append(connection, note, now)

    def has_owner(self) -> bool:
        """Whether someone who has joined can manage people."""
        with self._read() as connection:
            return bool(_owners(connection))

    def change(
        self,
        account_id: str,
        now: float,
        note: Note,
        *,
        role: Role | None = None,
        disabled: bool | None = None,
    ) -> None:
        """Another role, or disabled or not; ends the account's sessions and links.

        AccessError when there is no such account, or when no owner would be left.
        """
        with self._write() as connection:
            owners = _owners(connection, lock=True)
            query = select(*_PUBLIC).where(accounts.c.id == account_id)
            row = connection.execute(query).mappings().first()
            if row is None:
                raise AccessError("unknown_account")
            before = _account(row)
            after = replace(
                before,
                role=before.role if role is None else role,
                disabled=before.disabled if disabled is None else disabled,
            )
            if owners == [account_id] and (after.role is not Role.OWNER or after.disabled):
                raise AccessError("last_owner")
            values = {"role": after.role.value, "disabled": after.disabled}
            connection.execute(update(accounts).where(accounts.c.id == account_id).values(**values))
            connection.execute(delete(sessions).where(sessions.c.account == account_id))
            if after.disabled:
                connection.execute(delete(links).where(links.c.account == account_id))
            _append(connection, note, now)

    # One-time links

    def add_link(
        self, link_hash: str, account_id: str, kind: str, expires: float, now: float, note: Note
    ) -> None:
        """A link for an account; one for the first owner has no account yet."""
        with self._write() as connection:
            if account_id:
                connection.execute(delete(links).where(links.c.account == account_id))
            _add_link(connection, link_hash, account_id, kind, expires)
            _append(connection, note, now)

    def link(self, link_hash: str, now: float) -> tuple[str, Account | None] | None:
        """The kind of a link that still holds, and its account; looking does not use it up."""
        with self._read() as connection:
            query = select(links).where(links.c.hash == link_hash, links.c.expires > now)
            row = connection.execute(query).mappings().first()
            if row is None:
                return None
            query = select(*_PUBLIC).where(accounts.c.id == row["account"])
            found = connection.execute(query).mappings().first()
            return row["kind"], _account(found) if found else None

    def use_link(
        self, link_hash: str, now: float, password: str | None, note: Note, first: Account | None = None
    ) -> Account:
        """Use the link up: the account has joined, with this password's hash (None: as it was).

        ``first`` is the account a link for the first owner makes. AccessError when the link does not hold
        any more, or when there is an owner already.
        """
        with self._write() as connection:
            if connection.dialect.name == "postgresql":
                connection.exec_driver_sql("LOCK TABLE accounts IN SHARE ROW EXCLUSIVE MODE")
            holds = (links.c.hash == link_hash) & (links.c.expires > now)
            used = connection.execute(
                delete(links).where(holds).returning(links.c.account, links.c.kind)
            ).first()
            if used is None:
                raise AccessError("link_used")
            if used.kind == "first owner":
                if first is None or _owners(connection):
                    raise AccessError("link_used")
                connection.execute(delete(links).where(links.c.kind == "first owner"))
                try:
                    connection.execute(insert(accounts).values(**asdict(first), password=""))
                except IntegrityError as error:
                    raise AccessError("name_taken") from error
            account_id = first.id if used.kind == "first owner" and first else used.account
            values: dict[str, object] = {"joined": True} | (
                {} if password is None else {"password": password}
            )
            mine = (accounts.c.id == account_id) & accounts.c.disabled.is_(False)
            row = (
                connection.execute(update(accounts).where(mine).values(**values).returning(*_PUBLIC))
                .mappings()
                .first()
            )
            if row is None:
                raise AccessError("link_used")
            if password is not None:
                connection.execute(delete(sessions).where(sessions.c.account == account_id))
            _append(connection, replace(note, who=row["name"]), now)
            return _account(row)

    # Sessions

    def add_session(self, session_hash: str, account_id: str, now: float, note: Note) -> None:
        """A session that starts now."""
        with self._write() as connection:
            values = {"hash": session_hash, "account": account_id, "started": now, "seen": now}
            connection.execute(insert(sessions).values(**values))
            _append(connection, note, now)

    def session(
        self, session_hash: str, *, started_after: float, seen_after: float
    ) -> tuple[Account, float] | None:
        """Whose session it is and when it was last seen, if it has not run out."""
        holds = (sessions.c.hash == session_hash) & (sessions.c.started > started_after)
        query = select(*_PUBLIC, sessions.c.seen).join(sessions, sessions.c.account == accounts.c.id)
        with self._read() as connection:
            row = connection.execute(query.where(holds, sessions.c.seen > seen_after)).mappings().first()
        if row is None or row["disabled"]:
            return None
        return _account(row), row["seen"]

    def touch(self, session_hash: str, now: float) -> None:
        """The session was used."""
        with self._write() as connection:
            connection.execute(update(sessions).where(sessions.c.hash == session_hash).values(seen=now))

    def end_session(self, session_hash: str, now: float, note: Note) -> None:
        """End it; one that is over stays so."""
        with self._write() as connection:
            ended = connection.execute(delete(sessions).where(sessions.c.hash == session_hash)).rowcount
            if ended:
                _append(connection, note, now)

    def clear(self, started_before: float, seen_before: float, now: float) -> None:
        """Forget sessions and links that have run out."""
        with self._write() as connection:
            old = (sessions.c.started <= started_before) | (sessions.c.seen <= seen_before)
            connection.execute(delete(sessions).where(old))
            connection.execute(delete(links).where(links.c.expires <= now))

    def use_once(self, digest: str, now: float, until: float) -> None:
        """Mark an institution's sign-in as used, remembered ``until`` then; AccessError if it was."""
        with self._write() as connection:
            connection.execute(delete(used_sign_ins).where(used_sign_ins.c.expires <= now))
            try:
                connection.execute(insert(used_sign_ins).values(hash=digest, expires=until))
            except IntegrityError as error:
                raise AccessError("institution_used") from error

    # Attempts

    def count(self, bucket: str, window: int, step: int = 1) -> int:
        """Add to a bucket's count in this window of time and return it; earlier windows are forgotten."""
        dialect = postgresql if self._engine.dialect.name == "postgresql" else sqlite
        with self._write() as connection:
            connection.execute(delete(attempts).where(attempts.c.window < window))
            row = dialect.insert(attempts).values(bucket=bucket, window=window, count=step)
            counted = row.on_conflict_do_update(
                index_elements=["bucket", "window"], set_={"count": attempts.c.count + step}
            )
            return int(connection.execute(counted.returning(attempts.c.count)).scalar_one())

    def counted(self, bucket: str, window: int) -> int:
        """The bucket's count in this window."""
        with self._read() as connection:
            mine = (attempts.c.bucket == bucket) & (attempts.c.window == window)
            return int(connection.execute(select(attempts.c.count).where(mine)).scalar() or 0)

    # The audit log

    def record(self, note: Note, now: float) -> Entry:
        """Append to the audit log."""
        with self._write() as connection:
            return _append(connection, note, now)

    def entries(self, newest: int | None = None) -> tuple[Entry, ...]:
        """The log in order; ``newest`` keeps that many from the end."""
        query = select(audit).order_by(audit.c.sequence.desc()).limit(newest)
        with self._read() as connection:
            return tuple(Entry(**row) for row in connection.execute(query).mappings())[::-1]

    def close(self) -> None:
        """Let go of connections."""
        self._engine.dispose()


def _account(row: RowMapping) -> Account:
    return Account(
        row["id"],
        row["name"],
        Role(row["role"]),
        bool(row["disabled"]),
        bool(row["joined"]),
        row["created_at"],
    )


def _owners(connection: Connection, *, lock: bool = False) -> list[str]:
    """Ids of owners who can act. Locked, in one order: two who disable each other wait for one another."""
    acting = accounts.c.joined.is_(True) & accounts.c.disabled.is_(False)
    query = select(accounts.c.id).where(accounts.c.role == Role.OWNER.value, acting).order_by(accounts.c.id)
    return list(connection.execute(query.with_for_update() if lock else query).scalars())


def _add_link(connection: Connection, link_hash: str, account_id: str, kind: str, expires: float) -> None:
    values = {"hash": link_hash, "account": account_id, "kind": kind, "expires": expires}
    connection.execute(insert(links).values(**values))


def _append(connection: Connection, note: Note, now: float) -> Entry:
    if connection.dialect.name == "postgresql":
        # One writer at a time, as SQLite has anyway: the chain has no forks.
        connection.exec_driver_sql("LOCK TABLE audit IN EXCLUSIVE MODE")
    last = connection.execute(select(audit).order_by(audit.c.sequence.desc()).limit(1)).mappings().first()
    at = datetime.fromtimestamp(now, UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
    entry = next_entry(Entry(**last) if last else None, note, at)
    connection.execute(insert(audit).values(**asdict(entry)))
    return entry
