"""The stores every contract is tried on: memory, SQLite and a real PostgreSQL server."""

from pathlib import Path

import pytest
from small_study import STUDY, stored_study

from analysis import cli
from questionnaire.storage import connect

TEA = str(Path(__file__).parents[2] / "data/studies/tea_breaks.yaml")

DURABLE = ["sqlite", pytest.param("postgresql", marks=pytest.mark.postgres)]


@pytest.fixture
def database(request, tmp_path):
    """Makes the URL of an empty database of a kind."""

    def make(kind, name="answers"):
        if kind == "sqlite":
            return f"sqlite:///{tmp_path}/{name}.sqlite"
        return request.getfixturevalue("empty_postgres")()

    return make


@pytest.fixture(params=["memory", *DURABLE])
def url(request, database):
    return "memory:" if request.param == "memory" else database(request.param)


@pytest.fixture
def store(url):
    """A store of every kind that knows the small study."""
    opened = connect(url)
    opened.add_study(stored_study(STUDY))
    yield opened
    opened.close()


@pytest.fixture
def field(tmp_path, capsys):
    """``synergy field`` on the small example study and a database of its own; gives what was said."""

    def run(act, *words, code=0):
        assert cli.main(["field", act, TEA, "--db", f"sqlite:///{tmp_path}/a.sqlite", *words]) == code
        said = capsys.readouterr()
        return said.out + said.err

    return run


@pytest.fixture(params=DURABLE)
def durable_url(request, database):
    return database(request.param)


@pytest.fixture(params=DURABLE)
def other_url(request, database):
    """A second database, so that whatever moves is tried from each kind to each kind."""
    return database(request.param, "other")
