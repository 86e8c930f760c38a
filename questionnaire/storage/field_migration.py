"""The change that brings fielding into a store: its tables, and a pseudonym that waves share."""

from __future__ import annotations

from sqlalchemy import (
    Boolean,
    Column,
    Connection,
    ForeignKey,
    Integer,
    MetaData,
    String,
    Table,
    Text,
    UniqueConstraint,
)

_CODE, _HASH, _WHEN = String(200), String(64), String(40)


def fielding_tables(connection: Connection) -> None:
    """The tables as they were then, not as :mod:`field_tables` has them now."""
    connection.exec_driver_sql("ALTER TABLE respondents ADD COLUMN person VARCHAR(64)")
    then = MetaData()
    # Only named, for the references below.
    Table("studies", then, Column("content_hash", _HASH, primary_key=True))
    Table("respondents", then, Column("token", _HASH, primary_key=True))
    made = [_windows(then), _invitations(then), *_quotas(then), _contacts(then)]
    then.create_all(connection, tables=made)


def _windows(then: MetaData) -> Table:
    return Table(
        "windows",
        then,
        Column("content_hash", _HASH, ForeignKey("studies.content_hash"), primary_key=True),
        Column("study_code", _CODE, nullable=False, index=True),
        Column("plan_hash", _HASH, nullable=False),
        Column("opened_at", _WHEN, nullable=False),
        Column("closed_at", _WHEN, nullable=False),
        Column("access", String(20), nullable=False),
        Column("lets_finish", Boolean, nullable=False),
        Column("stop_at", _WHEN, nullable=False),
        Column("stop_n", Integer, nullable=False),
        Column("full_redirect", Text, nullable=False),
    )


def _invitations(then: MetaData) -> Table:
    return Table(
        "invitations",
        then,
        Column("study_code", _CODE, primary_key=True),
        Column("number", Integer, primary_key=True, autoincrement=False),
        Column("token_hash", _HASH, nullable=False, unique=True),
        Column("batch", _CODE, nullable=False),
        Column("created_at", _WHEN, nullable=False),
        Column("wave", _CODE, nullable=False),
        Column("person", _HASH, nullable=True),
        Column("contact", _HASH, nullable=True),
        Column("token", _HASH, ForeignKey("respondents.token"), nullable=True, unique=True),
        Column("used_at", _WHEN, nullable=False),
        UniqueConstraint("study_code", "wave", "person", name="one_invitation_a_wave"),
    )


def _quotas(then: MetaData) -> tuple[Table, Table]:
    cells = Table(
        "quota_cells",
        then,
        Column("study_code", _CODE, primary_key=True),
        Column("name", _CODE, primary_key=True),
        Column("target", Integer, nullable=False),
        Column("conditions", Text, nullable=False),
        Column("wave", _CODE, nullable=False),
    )
    places = Table(
        "quota_places",
        then,
        Column("study_code", _CODE, primary_key=True),
        Column("name", _CODE, primary_key=True),
        Column("token", _HASH, ForeignKey("respondents.token"), primary_key=True),
        Column("touched_at", _WHEN, nullable=False),
        Column("finished", Boolean, nullable=False),
    )
    return cells, places


def _contacts(then: MetaData) -> Table:
    return Table(
        "contacts",
        then,
        Column("study_code", _CODE, primary_key=True),
        Column("contact", _HASH, primary_key=True),
        Column("sealed", Text, nullable=False),
    )
