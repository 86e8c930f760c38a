"""What every test may use: a real PostgreSQL server."""

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


@pytest.fixture(scope="session")
def postgres_url() -> Iterator[str]:
    """The URL of an empty database on a PostgreSQL server of our own, reached by a socket."""
    initdb, server = _server_program("initdb"), _server_program("postgres")
    require(initdb and server, "PostgreSQL's server", "apt-get install postgresql")
    home = Path(tempfile.mkdtemp(prefix="synergy-pg-"))
    home.chmod(0o777)
    run = {"check": True, "capture_output": True, "cwd": home}
    data = home / "data"
    subprocess.run(_as_server_user([initdb, "-D", data, "-U", "synergy", "-A", "trust", "-E", "UTF8"]), **run)
    control = _server_program("pg_ctl")
    options = f"-k {home} -c listen_addresses='' -c fsync=off"
    start = [control, "-D", data, "-w", "-o", options, "-l", home / "log", "start"]
    subprocess.run(_as_server_user([str(part) for part in start]), **run)
    try:
        yield f"postgresql://synergy@/postgres?host={home}"
    finally:
        stop = [control, "-D", data, "-m", "immediate", "stop"]
        subprocess.run(_as_server_user([str(part) for part in stop]), **run)
        shutil.rmtree(home, ignore_errors=True)


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
