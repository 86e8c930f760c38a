"""The server killed under load: what was acknowledged is there, once. The long run is in benchmarks."""

import uuid

import pytest
from sqlalchemy import create_engine, text

from benchmarks.kill_test import FAULTS, run

KILLS, PEOPLE = 3, 6


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.postgres)])
def database(request, tmp_path):
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path}/kill.sqlite"
    base = request.getfixturevalue("postgres_url")
    schema = "k" + uuid.uuid4().hex
    engine = create_engine(base.replace("postgresql:", "postgresql+psycopg:"))
    with engine.begin() as connection:
        connection.execute(text(f"CREATE SCHEMA {schema}"))
    engine.dispose()
    return f"{base}&options=-csearch_path%3D{schema}"


def test_nothing_acknowledged_is_lost_doubled_or_changed(database):
    counts = run(database, KILLS, PEOPLE, seed=1)
    assert {name: counts[name] for name in FAULTS} == dict.fromkeys(FAULTS, 0), counts
    assert counts["retries"] > 0
    assert counts["acknowledged changes"] > PEOPLE
    assert counts["stored changes"] >= counts["acknowledged changes"]
