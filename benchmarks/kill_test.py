"""Kills the server again and again under a load of respondents and counts what is left.

    python -m benchmarks.kill_test --kills 50 --db sqlite:////tmp/kill.sqlite

Every acknowledged answer must be there with its value, none twice, and the ledger whole. The exit code is 1
when anything is missing, doubled or changed.
"""

from __future__ import annotations

import random
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections import Counter
from pathlib import Path

from benchmarks.tools.benchmark import Benchmark
from benchmarks.tools.kill_load import Acknowledged, Load
from questionnaire.ledger import commitment, first_broken
from questionnaire.loading import load_study
from questionnaire.storage import connect

STUDY = Path(__file__).parents[1] / "data" / "studies" / "tea_breaks.yaml"
START_SECONDS = 90


class Server:
    """``synergy serve`` in a process of its own."""

    def __init__(self, database: str) -> None:
        self.database = database
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            self.port = probe.getsockname()[1]

    def start(self) -> None:
        """Start it and wait until it answers."""
        command = [sys.executable, "-m", "analysis.cli", "serve", "--db", self.database]
        command += ["--port", str(self.port), "--study", str(STUDY)]
        self.process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        deadline = time.monotonic() + START_SECONDS
        while time.monotonic() < deadline and self.process.poll() is None:
            try:
                urllib.request.urlopen(f"http://127.0.0.1:{self.port}/health", timeout=5).close()
                return
            except (urllib.error.URLError, OSError):
                time.sleep(0.05)
        raise RuntimeError("the server did not start")

    def kill(self) -> None:
        """SIGKILL: no warning, no clean-up."""
        self.process.kill()
        self.process.wait()


def killed(database: str, kills: int, people: int, seed: int) -> dict[str, int]:
    """The counts after so many kills; see :func:`count`."""
    draw = random.Random(seed)
    server = Server(database)
    server.start()
    load = Load(server.port, load_study(STUDY).code, people, seed)
    try:
        load.start()
        for _ in range(kills):
            time.sleep(draw.uniform(0.05, 1.0))
            server.kill()
            server.start()
        load.stop()
    finally:
        server.kill()
    return {"kills": kills, **count(database, load.acknowledged)}


def count(database: str, said: Acknowledged) -> dict[str, int]:
    """What was acknowledged beside what the store holds.

    ``missing`` and ``changed`` count acknowledged starts, changes, steps and ends that the store does not
    hold as they were; ``doubled`` counts ids and respondents stored more than once and pages stored twice
    from one version; ``broken`` counts entries of the ledger that do not fit their answers or each other.
    """
    storage = connect(database)
    try:
        everyone = {one.token: one for one in storage.respondents()}
        chain = storage.ledger(load_study(STUDY).code)
    finally:
        storage.close()
    starts = Counter(one.submissions[0].submit_id for one in everyone.values())
    changes = Counter((t, draft.change_id) for t, one in everyone.items() for draft in one.drafts)
    steps = Counter((t, step.submit_id) for t, one in everyone.items() for step in one.submissions)
    versions = Counter((t, step.base_version) for t, one in everyone.items() for step in one.submissions)
    values = {(t, draft.change_id): draft.value for t, one in everyone.items() for draft in one.drafts}
    answers = {(t, s.submit_id): dict(s.answers) for t, one in everyone.items() for s in one.submissions}
    ended = {token: one for token, one in everyone.items() if one.receipt}
    missing = [start for start, token in said.starts.items() if starts[start] != 1 or token not in everyone]
    missing += [str(key) for key in said.changes if key not in values]
    missing += [str(key) for key in said.steps if key not in answers]
    missing += [token for token in said.finished if token not in ended]
    changed = sum(values.get(key, value) != value for key, value in said.changes.items())
    changed += sum(answers.get(key, given) != given for key, given in said.steps.items())
    doubled = sum(n - 1 for counted in (starts, changes, steps, versions) for n in counted.values())
    sealed = {link.sequence: link.commitment for link in chain}
    unfit = sum(
        sealed.get(one.sequence) != commitment(one.salt, one.progress.study_hash, one.progress.answers)
        for one in ended.values()
    )
    return {
        "acknowledged starts": len(said.starts),
        "acknowledged changes": len(said.changes),
        "acknowledged pages": len(said.steps),
        "acknowledged ends": len(said.finished),
        "retries": said.retries,
        "stored changes": sum(changes.values()),
        "stored steps": sum(steps.values()),
        "ledger entries": len(chain),
        "missing": len(missing),
        "changed": changed,
        "doubled": doubled,
        "broken": unfit + (first_broken(chain) is not None) + abs(len(chain) - len(ended)),
    }


FAULTS = ("missing", "changed", "doubled", "broken")


def run(db: str, kills: int, people: int, seed: int) -> int:
    """Kill, count and print; 1 when anything is not as it was acknowledged."""
    counts = killed(db, kills, people, seed)
    for name, number in counts.items():
        print(f"{name:<22}{number:>9,}")
    return int(any(counts[name] for name in FAULTS))


BENCHMARK = Benchmark(
    __doc__,
    run,
    {
        "--db": {"required": True, "help": "URL of an empty store"},
        "--kills": {"type": int, "default": 50, "help": "how often it is killed"},
        "--people": {"type": int, "default": 20, "help": "respondents at once"},
        "--seed": {"type": int, "default": 1, "help": "of the moments and the answers"},
    },
    by_name="needs a database",
)
main = BENCHMARK.main

if __name__ == "__main__":
    sys.exit(main())
