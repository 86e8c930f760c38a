"""Ordered changes to the SQL store; each is committed in one transaction with its own record."""

from __future__ import annotations

import time
from collections.abc import Callable

from sqlalchemy import (
    Column,
    Connection,
    Engine,
    ForeignKey,
    Integer,
    MetaData,
    String,
    Table,
    Text,
    UniqueConstraint,
    func,
    insert,
    inspect,
    select,
    text,
)

from questionnaire.storage import tables
from questionnaire.storage.field_migration import fielding_tables

Migration = Callable[[Connection], None]

# Any number that no other program uses for its advisory lock on the same database.
_ADVISORY_LOCK = 7_023_114


def _first_tables(connection: Connection) -> None:
    """The tables as they were then, not as :mod:`tables` has them now."""
    first = MetaData()
    code, when = String(200), String(40)
    Table(
        "studies",
        first,
        Column("content_hash", String(64), primary_key=True),
        Column("code", code, nullable=False),
        Column("version", code, nullable=False),
        Column("plan_hash", String(64), nullable=False),
        Column("text", Text, nullable=False),
        Column("added_at", when, nullable=False),
    )
    Table(
        "respondents",
        first,
        Column("arrival", Integer, primary_key=True, autoincrement=True),
        Column("token", String(64), nullable=False, unique=True),
        Column("start_id", String(64), nullable=False, unique=True),
        Column("respondent", String(64), nullable=False, unique=True),
        Column("study_hash", String(64), ForeignKey("studies.content_hash"), nullable=False, index=True),
        Column("status", String(20), nullable=False),
        Column("version", Integer, nullable=False),
        Column("progress", Text, nullable=False),
        Column("started_at", when, nullable=False),
        Column("updated_at", when, nullable=False),
        Column("finished_at", when, nullable=False),
    )
    Table(
        "submissions",
        first,
        Column("token", String(64), ForeignKey("respondents.token"), primary_key=True),
        Column("submit_id", String(64), primary_key=True),
        Column("base_version", Integer, nullable=False),
        Column("page", code, nullable=False),
        Column("answers", Text, nullable=False),
        Column("timings", Text, nullable=False),
        Column("received_at", when, nullable=False),
        # Two steps from the same version cannot both be stored, whatever the application does.
        UniqueConstraint("token", "base_version", name="one_step_a_version"),
    )
    first.create_all(connection)


def _ledger(connection: Connection) -> None:
    """Receipts and the chain of finished answers."""
    for column in ("receipt VARCHAR(32)", "salt VARCHAR(64)", "sequence INTEGER NOT NULL DEFAULT 0"):
        connection.exec_driver_sql(f"ALTER TABLE respondents ADD COLUMN {column}")
    connection.exec_driver_sql("CREATE UNIQUE INDEX one_receipt ON respondents (receipt)")
    connection.exec_driver_sql(
        "CREATE TABLE ledger (study_code VARCHAR(200) NOT NULL, sequence INTEGER NOT NULL, "
        "commitment VARCHAR(64) NOT NULL, at VARCHAR(40) NOT NULL, previous VARCHAR(64) NOT NULL, "
        "hash VARCHAR(64) NOT NULL, PRIMARY KEY (study_code, sequence))"
    )


def _accounts(connection: Connection) -> None:
    """Accounts, their links and sessions, counted attempts, and an audit log that only grows."""
    for table in (
        "accounts (id VARCHAR(32) PRIMARY KEY, name VARCHAR(254) NOT NULL UNIQUE, role VARCHAR(20) NOT NULL, "
        "disabled BOOLEAN NOT NULL, joined BOOLEAN NOT NULL, created_at VARCHAR(40) NOT NULL, "
        "password VARCHAR(200) NOT NULL)",
        "access_links (hash VARCHAR(64) PRIMARY KEY, account VARCHAR(32) NOT NULL, "
        "kind VARCHAR(20) NOT NULL, expires DOUBLE PRECISION NOT NULL)",
        "sessions (hash VARCHAR(64) PRIMARY KEY, account VARCHAR(32) NOT NULL, "
        "started DOUBLE PRECISION NOT NULL, seen DOUBLE PRECISION NOT NULL)",
        'attempts (bucket VARCHAR(64) NOT NULL, "window" INTEGER NOT NULL, count INTEGER NOT NULL, '
        'PRIMARY KEY (bucket, "window"))',
        "audit (sequence INTEGER PRIMARY KEY, at VARCHAR(40) NOT NULL, who VARCHAR(254) NOT NULL, "
        "action VARCHAR(60) NOT NULL, study VARCHAR(200) NOT NULL, detail TEXT NOT NULL, "
        "previous VARCHAR(64) NOT NULL, hash VARCHAR(64) NOT NULL)",
    ):
        connection.exec_driver_sql(f"CREATE TABLE {table}")
    connection.exec_driver_sql("CREATE INDEX sessions_of ON sessions (account)")
    if connection.dialect.name == "postgresql":
        connection.exec_driver_sql(
            "CREATE FUNCTION audit_only_grows() RETURNS trigger LANGUAGE plpgsql AS "
            "$$ BEGIN RAISE EXCEPTION 'the audit log only grows'; END $$"
        )
        connection.exec_driver_sql(
            "CREATE TRIGGER audit_only_grows BEFORE UPDATE OR DELETE OR TRUNCATE ON audit "
            "FOR EACH STATEMENT EXECUTE FUNCTION audit_only_grows()"
        )
        return
    for change in ("UPDATE", "DELETE"):
        connection.exec_driver_sql(
            f"CREATE TRIGGER audit_no_{change.lower()} BEFORE {change} ON audit "
            "BEGIN SELECT RAISE(ABORT, 'the audit log only grows'); END"
        )


def _drafts(connection: Connection) -> None:
    """Answers kept as they are given, before their page is sent."""
    connection.exec_driver_sql(
        "CREATE TABLE drafts (token VARCHAR(64) NOT NULL REFERENCES respondents (token), "
        "change_id VARCHAR(64) NOT NULL, sequence INTEGER NOT NULL, follows VARCHAR(64) NOT NULL, "
        "writer VARCHAR(64) NOT NULL, base_version INTEGER NOT NULL, page VARCHAR(200) NOT NULL, "
        "code VARCHAR(200) NOT NULL, value TEXT NOT NULL, seconds FLOAT NOT NULL, "
        "changes INTEGER NOT NULL, received_at VARCHAR(40) NOT NULL, PRIMARY KEY (token, change_id), "
        "CONSTRAINT one_draft_a_sequence UNIQUE (token, sequence))"
    )


def _resume_codes(connection: Connection) -> None:
    """Short codes that lead back to a begun survey."""
    connection.exec_driver_sql(
        "CREATE TABLE resume_codes (digest VARCHAR(64) NOT NULL PRIMARY KEY, "
        "token VARCHAR(64) NOT NULL UNIQUE REFERENCES respondents (token))"
    )


def _used_sign_ins(connection: Connection) -> None:
    """Sign-ins at an institution that were used, so that none is used twice."""
    connection.exec_driver_sql(
        "CREATE TABLE used_sign_ins (hash VARCHAR(64) PRIMARY KEY, expires DOUBLE PRECISION NOT NULL)"
    )


MIGRATIONS: tuple[tuple[str, Migration], ...] = (
    ("first tables", _first_tables),
    ("receipts and the ledger", _ledger),
    ("accounts and the audit log", _accounts),
    ("answers as they are given", _drafts),
    ("fielding", fielding_tables),
    ("codes to go on elsewhere", _resume_codes),
    ("sign-ins at an institution", _used_sign_ins),
)
"""In order; the position is the number. Never edit one that has been released: add another."""


def migrate(engine: Engine, upto: int | None = None) -> tuple[str, ...]:
    """Apply what is missing, to number ``upto`` if given, and return the names applied.

    Safe from several processes at once.
    """
    applied = []
    for number, (name, change) in enumerate(MIGRATIONS[:upto], start=1):
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
