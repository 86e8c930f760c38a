"""The stores every contract is tried on: memory, SQLite and a real PostgreSQL server."""

import uuid

import pytest
from sqlalchemy import create_engine, text

DURABLE = ["sqlite", pytest.param("postgresql", marks=pytest.mark.postgres)]


@pytest.fixture(params=["memory", *DURABLE])
def url(request, tmp_path):
    return "memory:" if request.param == "memory" else durable(request, tmp_path)


@pytest.fixture(params=DURABLE)
def durable_url(request, tmp_path):
    return durable(request, tmp_path)


def durable(request, tmp_path):
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path}/answers.sqlite"
    base = request.getfixturevalue("postgres_url")
    schema = "t" + uuid.uuid4().hex
    engine = create_engine(base.replace("postgresql:", "postgresql+psycopg:"))
    with engine.begin() as connection:
        connection.execute(text(f"CREATE SCHEMA {schema}"))
    engine.dispose()
    return f"{base}&options=-csearch_path%3D{schema}"
