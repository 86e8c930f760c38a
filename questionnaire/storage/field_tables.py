"""The tables of fielding, apart from answers, as they are after the last migration."""

from __future__ import annotations

from sqlalchemy import Boolean, Column, ForeignKey, Integer, String, Table, Text, UniqueConstraint

from questionnaire.storage.tables import metadata

windows = Table(
    "windows",
    metadata,
    Column("content_hash", String(64), ForeignKey("studies.content_hash"), primary_key=True),
    Column("study_code", String(200), nullable=False, index=True),
    Column("plan_hash", String(64), nullable=False),
    Column("opened_at", String(40), nullable=False),
    Column("closed_at", String(40), nullable=False),
    Column("access", String(20), nullable=False),
    Column("lets_finish", Boolean, nullable=False),
    Column("stop_at", String(40), nullable=False),
    Column("stop_n", Integer, nullable=False),
    Column("full_redirect", Text, nullable=False),
)

invitations = Table(
    "invitations",
    metadata,
    Column("study_code", String(200), primary_key=True),
    Column("number", Integer, primary_key=True, autoincrement=False),
    Column("token_hash", String(64), nullable=False, unique=True),
    Column("batch", String(200), nullable=False),
    Column("created_at", String(40), nullable=False),
    Column("wave", String(200), nullable=False),
    # Empty values are NULL here, so that the rules of uniqueness bind only real ones.
    Column("person", String(64), nullable=True),
    Column("contact", String(64), nullable=True),
    Column("token", String(64), ForeignKey("respondents.token"), nullable=True, unique=True),
    Column("used_at", String(40), nullable=False),
    UniqueConstraint("study_code", "wave", "person", name="one_invitation_a_wave"),
)

cells = Table(
    "quota_cells",
    metadata,
    Column("study_code", String(200), primary_key=True),
    Column("name", String(200), primary_key=True),
    Column("target", Integer, nullable=False),
    Column("conditions", Text, nullable=False),
    Column("wave", String(200), nullable=False),
)

places = Table(
    "quota_places",
    metadata,
    Column("study_code", String(200), primary_key=True),
    Column("name", String(200), primary_key=True),
    Column("token", String(64), ForeignKey("respondents.token"), primary_key=True),
    Column("touched_at", String(40), nullable=False),
    Column("finished", Boolean, nullable=False),
)

contacts = Table(
    "contacts",
    metadata,
    Column("study_code", String(200), primary_key=True),
    Column("contact", String(64), primary_key=True),
    Column("sealed", Text, nullable=False),
)
