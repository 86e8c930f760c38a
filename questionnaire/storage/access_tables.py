"""The tables of accounts, as they are after the last migration; no respondent is in any of them."""

from __future__ import annotations

from sqlalchemy import Boolean, Column, Float, Integer, MetaData, String, Table, Text

metadata = MetaData()

accounts = Table(
    "accounts",
    metadata,
    Column("id", String(32), primary_key=True),
    Column("name", String(254), nullable=False, unique=True),
    Column("role", String(20), nullable=False),
    Column("disabled", Boolean, nullable=False),
    Column("joined", Boolean, nullable=False),
    Column("created_at", String(40), nullable=False),
    Column("password", String(200), nullable=False),
)

links = Table(
    "access_links",
    metadata,
    Column("hash", String(64), primary_key=True),
    Column("account", String(32), nullable=False),
    Column("kind", String(20), nullable=False),
    Column("expires", Float, nullable=False),
)

sessions = Table(
    "sessions",
    metadata,
    Column("hash", String(64), primary_key=True),
    Column("account", String(32), nullable=False, index=True),
    Column("started", Float, nullable=False),
    Column("seen", Float, nullable=False),
)

attempts = Table(
    "attempts",
    metadata,
    Column("bucket", String(64), primary_key=True),
    Column("window", Integer, primary_key=True),
    Column("count", Integer, nullable=False),
)

used_sign_ins = Table(
    "used_sign_ins",
    metadata,
    Column("hash", String(64), primary_key=True),
    Column("expires", Float, nullable=False),
)

audit = Table(
    "audit",
    metadata,
    Column("sequence", Integer, primary_key=True, autoincrement=False),
    Column("at", String(40), nullable=False),
    Column("who", String(254), nullable=False),
    Column("action", String(60), nullable=False),
    Column("study", String(200), nullable=False),
    Column("detail", Text, nullable=False),
    Column("previous", String(64), nullable=False),
    Column("hash", String(64), nullable=False),
)
