"""The stores every contract is tried on: memory, SQLite and a real PostgreSQL server."""

import pytest
from small_study import STUDY, stored_study

from questionnaire.storage import connect

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


@pytest.fixture(params=DURABLE)
def durable_url(request, database):
    return database(request.param)


@pytest.fixture(params=DURABLE)
def other_url(request, database):
    """A second database, so that whatever moves is tried from each kind to each kind."""
    return database(request.param, "other")
