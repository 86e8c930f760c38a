"""Respondents for a load test: each opens the survey, thinks, answers, sends, and makes room for the next.

They talk to loopback addresses only and stop by themselves. What a browser would send is sent: the page, the
scripts' addresses are cached after the first visit, each answer as it is given (gathered as the page's script
gathers them), then the page itself.
"""

from __future__ import annotations

import asyncio
import json
import random
import re
import secrets
import time
from dataclasses import dataclass, field
from pathlib import Path

from benchmarks.tools.load_protocols import Connection, Session
from questionnaire.web.assets import FOLDER


def gather_seconds() -> float:
    """How long the survey's script gathers changed answers, read from the script itself."""
    for path in sorted(Path(FOLDER).glob("*.js")):
        found = re.search(r"GATHER_MS = (\d+)", path.read_text(encoding="utf-8"))
        if found:
            return int(found[1]) / 1000
    raise LookupError("no script says how long it gathers answers")


@dataclass(slots=True)
class Tally:
    """What happened: seconds of every page (click to next page shown), of every opening, and errors."""

    pages: list[float] = field(default_factory=list)
    openings: list[float] = field(default_factory=list)
    keeps: list[float] = field(default_factory=list)
    complete: int = 0
    errors: list[str] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Crowd:
    """How many respondents of which kind, for how long; measured after ``ramp`` seconds."""

    kind: str
    url: str
    study: str
    users: int
    think: float
    ramp: float
    seconds: float
    gather: float


class Ours:
    """A respondent of this survey, in the light shell or in the Streamlit shell."""

    def __init__(self, crowd: Crowd, tally: Tally) -> None:
        self._crowd, self._tally = crowd, tally
        self._http = Connection(crowd.url)
        self._session: Session | None = None

    async def open(self) -> None:
        study = self._crowd.study
        if self._crowd.kind == "light":
            await self._get(f"/s/{study}?lang=en")
        else:
            await self._get(f"/respond?study={study}&lang=en")
            self._session = Session(self._crowd.url, f"study={study}&lang=en", "respond")
            await self._session.open()
        step = {"submit_id": secrets.token_hex(8), "action": "consent", "level": 0, "language": "en"}
        await self._step(step)

    async def think(self) -> None:
        """Answer one entry after the other; changes travel as the page's script would send them."""
        entries = self.view["entries"]
        pause = self._crowd.think * random.uniform(0.5, 1.5) / len(entries)
        waiting: list[dict[str, object]] = []
        first = 0.0
        self.answers: dict[str, object] = {}
        for entry in entries:
            await asyncio.sleep(pause)
            value = random.choice(entry["options"])["value"]
            self.answers[entry["code"]] = value
            first = first if waiting else time.monotonic()
            waiting.append(self._change(entry["code"], value))
            if time.monotonic() - first >= self._crowd.gather - pause / 2:
                await self._keep(waiting)
                waiting = []

    async def next(self) -> None:
        step = {
            "token": self.token,
            "submit_id": secrets.token_hex(8),
            "action": "answers",
            "base_version": self.view["version"],
            "page": self.view["index"],
            "answers": self.answers,
            "timings": {"shown": self._crowd.think},
        }
        await self._step(step)

    @property
    def done(self) -> bool:
        return bool(self.view["kind"] != "page")

    async def close(self) -> None:
        self._http.close()
        if self._session is not None:
            await self._session.close()

    def _change(self, code: str, value: object) -> dict[str, object]:
        ids = {"id": secrets.token_hex(8), "follows": "", "writer": "w" * 8}
        place = {"page": self.view["code"], "code": code, "base_version": self.view["version"]}
        return {**ids, **place, "value": value, "seconds": 1.0, "changes": 1}

    async def _keep(self, changes: list[dict[str, object]]) -> None:
        start = time.perf_counter()
        body = json.dumps({"token": self.token, "changes": changes}).encode()
        status, answer = await self._http("POST", f"/api/{self._crowd.study}/drafts", body)
        if status != 200:
            raise RuntimeError(f"keeping answers: {status} {answer[:80]!r}")
        self._tally.keeps.append(time.perf_counter() - start)

    async def _get(self, path: str) -> None:
        status, _ = await self._http("GET", path)
        if status != 200:
            raise RuntimeError(f"{path}: {status}")

    async def _step(self, step: dict[str, object]) -> None:
        status, body = await self._http("POST", f"/api/{self._crowd.study}/steps", json.dumps(step).encode())
        if status != 200:
            raise RuntimeError(f"step: {status} {body[:80]!r}")
        answer = json.loads(body)
        self.token, self.view = answer["token"], answer["view"]


class Naive:
    """A respondent of the st.form application."""

    def __init__(self, crowd: Crowd, _: Tally) -> None:
        self._crowd = crowd
        self._session = Session(crowd.url, "", "")

    async def open(self) -> None:
        await self._session.open()

    async def think(self) -> None:
        await asyncio.sleep(self._crowd.think * random.uniform(0.5, 1.5))

    async def next(self) -> None:
        answers = [(key, "string_value", random.choice(options)) for key, options in self._session.radios]
        await self._session.run([*answers, (self._session.button, "trigger_value", True)])

    @property
    def done(self) -> bool:
        return not self._session.radios

    async def close(self) -> None:
        await self._session.close()


async def crowd(plan: Crowd) -> Tally:
    """Run all respondents of ``plan`` in this process and tally what was measured after the ramp."""
    tally = Tally()
    begin = time.monotonic()
    await asyncio.gather(*(_place(plan, tally, begin) for _ in range(plan.users)))
    return tally


async def _place(plan: Crowd, tally: Tally, begin: float) -> None:
    """One place at the survey: when its respondent has finished, the next one sits down."""
    await asyncio.sleep(random.uniform(0, plan.ramp))
    end = begin + plan.ramp + plan.seconds
    while time.monotonic() < end:
        respondent = (Naive if plan.kind == "naive" else Ours)(plan, tally)
        try:
            await _answer(respondent, tally, begin + plan.ramp, end)
        except Exception as error:
            tally.errors.append(f"{type(error).__name__} {error}"[:120])
            await asyncio.sleep(1)
        finally:
            await _close(respondent)


async def _answer(respondent: Ours | Naive, tally: Tally, measured: float, end: float) -> None:
    start = time.perf_counter()
    await respondent.open()
    if time.monotonic() > measured:
        tally.openings.append(time.perf_counter() - start)
    while not respondent.done:
        await respondent.think()
        if time.monotonic() > end:
            return
        start = time.perf_counter()
        await respondent.next()
        if time.monotonic() > measured:
            tally.pages.append(time.perf_counter() - start)
    tally.complete += 1


async def _close(respondent: Ours | Naive) -> None:
    try:
        await respondent.close()
    except Exception as error:
        # What a server that was asked too much leaves of a connection is told by the errors above.
        print(f"closing: {error}")
