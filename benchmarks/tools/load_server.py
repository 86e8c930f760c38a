"""The servers of a load test: this survey and the plain st.form one, each in a process of its own."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

from questionnaire.instrument import Block, Construct, Item, Role, Scale
from questionnaire.loading import dump_study
from questionnaire.loading import load_study as read_study
from questionnaire.study import Study

ROOT = Path(__file__).parents[2]
STUDY = ROOT / "data" / "studies" / "tea_breaks.yaml"
NAIVE = Path(__file__).with_name("load_naive_app.py")
NAMES = {
    "naive": "st.form as shipped",
    "streamlit": "this survey, Streamlit shell",
    "light": "this survey, light shell",
}


@contextmanager
def server(kind: str, folder: Path) -> Iterator[tuple[str, int]]:
    """The server of one side on a free port with a database of its own; its address and process id."""
    if kind != "naive":
        study = folder / "load.yaml"
        study.write_text(dump_study(load_study()), encoding="utf-8")
        with served(folder, study) as running:
            yield running
        return
    port = _free_port()
    words = ["-m", "streamlit", "run", str(NAIVE), "--server.port", str(port)]
    words += ["--server.headless", "true", "--browser.gatherUsageStats", "false"]
    environment = {**os.environ, "NAIVE_DATABASE": str(folder / "naive.sqlite")}
    with _running(folder, words, environment, port, "/_stcore/health") as running:
        yield running


@contextmanager
def served(folder: Path, study: Path) -> Iterator[tuple[str, int]]:
    """This product with that study and its store in the folder: ``load.sqlite``."""
    port = _free_port()
    call = f"serve('sqlite:///{folder}/load.sqlite', {port}, studies=[{str(study)!r}])"
    words = ["-c", f"from questionnaire.web.server import serve; {call}"]
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    with _running(folder, words, environment, port, "/health") as running:
        yield running


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@contextmanager
def _running(
    folder: Path, words: list[str], environment: dict[str, str], port: int, ready: str
) -> Iterator[tuple[str, int]]:
    log = (folder / "server.log").open("w")
    # From the folder, so that the plain application finds no configuration but its own.
    process = subprocess.Popen(
        [sys.executable, *words], cwd=folder, env=environment, stdout=log, stderr=subprocess.STDOUT
    )
    try:
        url = f"http://127.0.0.1:{port}"
        _wait(url + ready, process, folder / "server.log")
        yield url, process.pid
    finally:
        process.terminate()
        process.wait(20)
        log.close()


def _wait(address: str, process: subprocess.Popen[bytes], log: Path) -> None:
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline and process.poll() is None:
        try:
            urllib.request.urlopen(address, timeout=5).close()
            return
        except OSError:
            time.sleep(0.2)
    raise RuntimeError(f"the server did not start:\n{log.read_text()}")


def load_study() -> Study:
    """Five constructs of six items on seven points, one a page: the same burden as the plain application."""
    small = read_study(STUDY)
    labels = ("No", "Hardly", "Rather not", "Neutral", "Rather", "Mostly", "Yes")
    constructs = [_construct(f"L{page}") for page in range(1, 6)]
    return replace(
        small,
        code="load",
        scales=(Scale("agree7", 7, dict.fromkeys(small.languages, labels)),),
        constructs=tuple(constructs),
        questions=(),
        models=(),
        hypotheses=(),
        blocks=tuple(Block(one.code.lower(), (one.code,), one.name) for one in constructs),
        sequences=(tuple(one.code.lower() for one in constructs),),
    )


def _construct(code: str) -> Construct:
    def say(text: str) -> dict[str, str]:
        return {"en": text, "de": text}

    wording = "on this platform I take part in charity."
    items = tuple(Item(f"{code}{k}", code, say(f"{code}{k}: {wording}"), "agree7") for k in range(1, 7))
    return Construct(code, say(code), Role.PREDICTOR, items, source="own")
