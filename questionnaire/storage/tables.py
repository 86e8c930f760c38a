"""The tables of the SQL store, as they are after the last migration."""

from __future__ import annotations

from sqlalchemy import Column, Float, ForeignKey, Integer, MetaData, String, Table, Text, UniqueConstraint

metadata = MetaData()

studies = Table(
    "studies",
    metadata,
    Column("content_hash", String(64), primary_key=True),
    Column("code", String(200), nullable=False),
    Column("version", String(200), nullable=False),
    Column("plan_hash", String(64), nullable=False),
    Column("text", Text, nullable=False),
    Column("added_at", String(40), nullable=False),
)

respondents = Table(
    "respondents",
    metadata,
    # Arrival order; a number of our own, since neither store promises row order.
    Column("arrival", Integer, primary_key=True, autoincrement=True),
    Column("token", String(64), nullable=False, unique=True),
    Column("start_id", String(64), nullable=False, unique=True),
    Column("respondent", String(64), nullable=False, unique=True),
    Column("study_hash", String(64), ForeignKey("studies.content_hash"), nullable=False, index=True),
    Column("status", String(20), nullable=False),
    Column("version", Integer, nullable=False),
    Column("progress", Text, nullable=False),
    Column("started_at", String(40), nullable=False),
    Column("updated_at", String(40), nullable=False),
    Column("finished_at", String(40), nullable=False),
    Column("receipt", String(32), nullable=True),
    Column("salt", String(64), nullable=True),
    Column("sequence", Integer, nullable=False, server_default="0"),
    # The pseudonym of an earlier wave, shown in place of this row's own.
    Column("person", String(64), nullable=True),
)

ledger = Table(
    "ledger",
    metadata,
    Column("study_code", String(200), primary_key=True),
    Column("sequence", Integer, primary_key=True),
    Column("commitment", String(64), nullable=False),
    Column("at", String(40), nullable=False),
    Column("previous", String(64), nullable=False),
    Column("hash", String(64), nullable=False),
)

submissions = Table(
    "submissions",
    metadata,
    Column("token", String(64), ForeignKey("respondents.token"), primary_key=True),
    Column("submit_id", String(64), primary_key=True),
    Column("base_version", Integer, nullable=False),
    Column("page", String(200), nullable=False),
    Column("answers", Text, nullable=False),
    Column("timings", Text, nullable=False),
    Column("received_at", String(40), nullable=False),
    # Two steps from the same version cannot both be stored, whatever the application does.
    UniqueConstraint("token", "base_version", name="one_step_a_version"),
)

drafts = Table(
    "drafts",
    metadata,
    Column("token", String(64), ForeignKey("respondents.token"), primary_key=True),
    Column("change_id", String(64), primary_key=True),
    Column("sequence", Integer, nullable=False),
    Column("follows", String(64), nullable=False),
    Column("writer", String(64), nullable=False),
    Column("base_version", Integer, nullable=False),
    Column("page", String(200), nullable=False),
    Column("code", String(200), nullable=False),
    Column("value", Text, nullable=False),
    Column("seconds", Float, nullable=False),
    Column("changes", Integer, nullable=False),
    Column("received_at", String(40), nullable=False),
    UniqueConstraint("token", "sequence", name="one_draft_a_sequence"),
)

resume_codes = Table(
    "resume_codes",
    metadata,
    Column("digest", String(64), primary_key=True),
    Column("token", String(64), ForeignKey("respondents.token"), nullable=False, unique=True),
)

migrations = Table(
    "migrations",
    metadata,
    Column("number", Integer, primary_key=True),
    Column("name", String(200), nullable=False),
    Column("applied_at", Float, nullable=False),
)
