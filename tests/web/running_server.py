"""The real server in a process of its own, on a free port."""

import os
import socket
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from pathlib import Path

ROOT = Path(__file__).parents[2]
START_SECONDS = 60
"""A cold start takes one or two; a busy machine may take many times that."""


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


class RunningServer:
    def __init__(
        self, database: str, *studies: Path, port: int | None = None, folder: Path | None = None
    ) -> None:
        """``folder`` is where it is started, and where it looks for ``.streamlit/secrets.toml``."""
        self.folder = folder
        self.database, self.studies = database, [str(study) for study in studies]
        self.port = port or free_port()
        self.url = f"http://localhost:{self.port}"
        self._log = tempfile.TemporaryFile("w+")  # noqa: SIM115  # lives as long as the server
        self.process = None

    def start(self) -> None:
        call = f"serve({self.database!r}, {self.port}, studies={self.studies!r})"
        program = f"from questionnaire.web.server import serve; {call}"
        self.process = subprocess.Popen(
            [sys.executable, "-c", program],
            stdout=self._log,
            stderr=subprocess.STDOUT,
            cwd=self.folder,
            env=os.environ | {"PYTHONPATH": str(ROOT)},
        )
        deadline = time.monotonic() + START_SECONDS
        while time.monotonic() < deadline and self.process.poll() is None:
            try:
                urllib.request.urlopen(f"{self.url}/health", timeout=5).close()
                return
            except (urllib.error.URLError, OSError):
                time.sleep(0.1)
        raise RuntimeError(f"the server did not start:\n{self.log()}")

    def kill(self) -> None:
        """As a power cut would end it: no warning, no clean-up."""
        self.process.kill()
        self.process.wait()

    def log(self) -> str:
        if not self._log.closed:
            self._log.seek(0)
            self._said = self._log.read()
        return self._said

    def __enter__(self):
        self.start()
        return self

    def __exit__(self, *_):
        if self.process.poll() is None:
            self.process.terminate()
            self.process.wait(20)
        self.log()
        self._log.close()
