"""Respondents over HTTP who never give up: each writes down what the server has acknowledged."""

from __future__ import annotations

import http.client
import itertools
import json
import random
import threading
import time
from dataclasses import dataclass, field
from typing import Any

RETRY_SECONDS = 0.05
TIMEOUT_SECONDS = 20


@dataclass
class Acknowledged:
    """What the server has said is stored, by the ids the respondents chose."""

    starts: dict[str, str] = field(default_factory=dict)
    """start id → token"""
    changes: dict[tuple[str, str], Any] = field(default_factory=dict)
    """(token, change id) → value"""
    steps: dict[tuple[str, str], dict[str, Any]] = field(default_factory=dict)
    """(token, submit id) → answers"""
    finished: set[str] = field(default_factory=set)
    """tokens"""
    retries: int = 0


class Load:
    """``people`` respondents at once on a study's API at localhost, one survey after the other."""

    def __init__(self, port: int, study: str, people: int, seed: int) -> None:
        self.acknowledged = Acknowledged()
        self._address = ("127.0.0.1", port)
        self._path = f"/api/{study}/"
        self._stopping = threading.Event()
        self._numbers = itertools.count(1)
        self._threads = [
            threading.Thread(target=self._live, args=(random.Random(seed * 1000 + one),))
            for one in range(people)
        ]

    def start(self) -> None:
        """Let them come."""
        for thread in self._threads:
            thread.start()

    def stop(self) -> None:
        """Wait until everyone has their last answer acknowledged; nobody begins another step."""
        self._stopping.set()
        for thread in self._threads:
            thread.join()

    def _live(self, draw: random.Random) -> None:
        while not self._stopping.is_set():
            body = {"submit_id": self._id("start"), "action": "consent", "level": 0, "language": "en"}
            begun = self._insist("steps", body)
            token, view = begun["token"], begun["view"]
            self.acknowledged.starts[body["submit_id"]] = token
            while view["kind"] == "page" and not self._stopping.is_set():
                view = self._page(token, view, draw)
            if view["kind"] == "finished":
                self.acknowledged.finished.add(token)

    def _page(self, token: str, view: dict[str, Any], draw: random.Random) -> dict[str, Any]:
        answers = {}
        for entry in view["entries"]:
            answers[entry["code"]] = draw.choice(entry["options"])["value"]
            change = {
                "id": self._id("change"),
                "writer": f"writer-{token[:20]}",
                "base_version": view["version"],
                "page": view["code"],
                "code": entry["code"],
                "value": answers[entry["code"]],
                "changes": 1,
            }
            kept = self._insist("drafts", {"token": token, "changes": [change]})
            if change["id"] not in kept["stale"]:
                self.acknowledged.changes[token, change["id"]] = change["value"]
        step = {"submit_id": self._id("step"), "action": "answers", "token": token, "answers": answers}
        step |= {"base_version": view["version"], "page": view["index"]}
        after: dict[str, Any] = self._insist("steps", step)["view"]
        self.acknowledged.steps[token, step["submit_id"]] = answers
        return after

    def _insist(self, name: str, body: dict[str, Any]) -> Any:
        """Send until the server has answered, as the browser does."""
        text = json.dumps(body)
        while True:
            try:
                connection = http.client.HTTPConnection(*self._address, timeout=TIMEOUT_SECONDS)
                connection.request("POST", self._path + name, text, {"Content-Type": "application/json"})
                response = connection.getresponse()
                content = response.read()
                connection.close()
                if response.status == 200:
                    return json.loads(content)
                if response.status < 500:
                    raise AssertionError(f"{response.status} for {name}: {content[:200]!r}")
            except (OSError, http.client.HTTPException):
                pass
            self.acknowledged.retries += 1
            time.sleep(RETRY_SECONDS)

    def _id(self, kind: str) -> str:
        return f"{kind}-{next(self._numbers):08d}"
