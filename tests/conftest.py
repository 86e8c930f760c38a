"""What every test may use: a real PostgreSQL server."""

import contextlib
import os
import shutil
import subprocess
import sys
import tempfile
import uuid
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from sqlalchemy import create_engine, text
from system_parts import require


@pytest.fixture(autouse=True)
def own_main_module() -> Iterator[None]:
    """A test of a page leaves its script, gone by then, as the main module.

    A process started later would run that script first and die, and whoever feeds it would wait for ever.
    """
    main = sys.modules["__main__"]
    yield
    sys.modules["__main__"] = main


def _server_program(name: str) -> str | None:
    homes = sorted(Path("/usr/lib/postgresql").glob("*/bin"), reverse=True)
    return shutil.which(name, path=os.pathsep.join([*map(str, homes), os.environ.get("PATH", "")]))


def _as_server_user(command: list[str]) -> list[str]:
    """PostgreSQL refuses to run as root, so root hands over to the package's own user."""
    return ["runuser", "-u", "postgres", "--", *command] if os.geteuid() == 0 else command


class PostgresServer:
    """A PostgreSQL server of our own, reached by a socket; it can be stopped and started again."""

    def __init__(self) -> None:
        initdb, server = _server_program("initdb"), _server_program("postgres")
        require(initdb and server, "PostgreSQL's server", "apt-get install postgresql")
        self._home = Path(tempfile.mkdtemp(prefix="synergy-pg-"))
        self._home.chmod(0o777)
        self.url = f"postgresql://synergy@/postgres?host={self._home}"
        self._run(initdb, "-D", self._data, "-U", "synergy", "-A", "trust", "-E", "UTF8")

    @property
    def _data(self) -> Path:
        return self._home / "data"

    def start(self) -> None:
        options = f"-k {self._home} -c listen_addresses='' -c fsync=off"
        self._control("-w", "-o", options, "-l", self._home / "log", "start")

    def stop(self) -> None:
        """Every connection ends at once, without a word to those in it."""
        self._control("-m", "immediate", "stop")

    def remove(self) -> None:
        shutil.rmtree(self._home, ignore_errors=True)

    def _control(self, *words: object) -> None:
        self._run(_server_program("pg_ctl"), "-D", self._data, *words)

    def _run(self, *words: object) -> None:
        command = _as_server_user([str(word) for word in words])
        subprocess.run(command, check=True, capture_output=True, cwd=self._home)


@pytest.fixture(scope="session")
def postgres_url() -> Iterator[str]:
    """The URL of an empty database on a server that all tests share."""
    server = PostgresServer()
    server.start()
    try:
        yield server.url
    finally:
        server.stop()
        server.remove()


@pytest.fixture
def own_postgres() -> Iterator[PostgresServer]:
    """A server for a test that stops it."""
    server = PostgresServer()
    server.start()
    try:
        yield server
    finally:
        # The test may have left it stopped.
        with contextlib.suppress(subprocess.CalledProcessError):
            server.stop()
        server.remove()


@pytest.fixture
def empty_postgres(postgres_url: str) -> Callable[[], str]:
    """Makes the URL of a database on that server that nobody has used before."""

    def make() -> str:
        schema = "t" + uuid.uuid4().hex
        engine = create_engine(postgres_url.replace("postgresql:", "postgresql+psycopg:"))
        with engine.begin() as connection:
            connection.execute(text(f"CREATE SCHEMA {schema}"))
        engine.dispose()
        return f"{postgres_url}&options=-csearch_path%3D{schema}"

    return make
