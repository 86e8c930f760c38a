"""Long work in a process of its own, with progress, cancellation and one run per question.

A thread that computes holds the interpreter's lock and stops every respondent's page; a process does not.
A job has one process, though `analyse` could use a second: each job would then take two cores of a server
whose respondents and other analysts share them, twice the memory, and processes of its own that neither
cancelling nor the server's end would stop. As it is, both end whatever it does at once. Who wants the time
instead uses ``synergy analyse`` on a machine without respondents, which takes all cores.
"""

from __future__ import annotations

import os
import threading
import time
from collections.abc import Callable, Hashable
from dataclasses import dataclass, field
from enum import StrEnum
from multiprocessing import get_context
from multiprocessing.connection import Connection
from multiprocessing.context import SpawnProcess
from typing import Any

NICE = 10
"""How far a worker stands back: respondents' pages come first where there are fewer cores than work."""
WAITS_SECONDS = 10.0
"""Who has not looked at a job for so long waits for it no more."""
TELLING_SECONDS, TELLING_SHARE = 5.0, 0.1
"""A pace seen for a shorter time, or over a smaller share, foretells nothing."""
KEPT = 16
"""Finished results kept in memory; the oldest go first."""

# Started anew, not forked: a fork would copy the server's threads' locks in whatever state they are.
_SPAWN = get_context("spawn")


class State(StrEnum):
    """Where a job stands."""

    RUNNING = "running"
    DONE = "done"
    FAILED = "failed"
    CANCELLED = "cancelled"


@dataclass(slots=True)
class Job:
    """One piece of work; ``share`` goes from 0 to 1 and ``doing`` says what is being done.

    ``waiting``: who looks at it → when they last did.
    """

    process: SpawnProcess
    state: State = State.RUNNING
    share: float = 0.0
    doing: str = ""
    result: Any = None
    error: str = ""
    finished: threading.Event = field(default_factory=threading.Event)
    waiting: dict[str, float] = field(default_factory=dict)
    began: tuple[float, float] | None = None
    """When the work first said how far it was, and how far."""

    def told(self, share: float, doing: str) -> None:
        """The work says how far it is; what has been done is never taken back."""
        self.share, self.doing = max(self.share, share), doing
        if self.began is None:
            self.began = (time.monotonic(), self.share)

    def seconds_left(self) -> float | None:
        """At the pace so far; None while too little is done to tell."""
        if self.began is None:
            return None
        since, done = time.monotonic() - self.began[0], self.share - self.began[1]
        if since < TELLING_SECONDS or done < TELLING_SHARE:
            return None
        return since * (1.0 - self.share) / done

    def look(self, who: str) -> None:
        """``who`` waits for the result."""
        self.waiting[who] = time.monotonic()

    def leave(self, who: str) -> None:
        """``who`` waits no more; the work ends unless someone else does."""
        self.waiting.pop(who, None)
        now = time.monotonic()
        if not any(now - seen < WAITS_SECONDS for seen in list(self.waiting.values())):
            self.cancel()

    def cancel(self) -> None:
        """End the work now; nothing of it is kept."""
        if self.state is State.RUNNING:
            self.state = State.CANCELLED
            self.process.terminate()


class Desk:
    """Starts jobs and remembers them by key: the same question is never computed twice."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._jobs: dict[Hashable, Job] = {}

    def ask(self, key: Hashable, work: Callable[..., Any], *args: Any) -> Job:
        """The job for ``key``, started now if there is none.

        ``work(*args, progress)`` runs in a fresh process; it must be importable by name and call
        ``progress(share, doing)`` now and then. A cancelled job is started anew; a failed one stays until
        :meth:`forget_failure`, since a page asks at each rerun and would otherwise start it for ever.
        """
        with self._lock:
            known = self._jobs.get(key)
            if known is not None and known.state is not State.CANCELLED:
                return known
            job = _start(work, args)
            self._jobs[key] = job
            self._forget_oldest()
            return job

    def forget_failure(self, key: Hashable) -> None:
        """Let the next :meth:`ask` start the job of ``key`` anew if it failed; any other job stays."""
        with self._lock:
            known = self._jobs.get(key)
            if known is not None and known.state is State.FAILED:
                del self._jobs[key]

    def _forget_oldest(self) -> None:
        done = [key for key, job in self._jobs.items() if job.state is not State.RUNNING]
        for key in done[: max(0, len(done) - KEPT)]:
            del self._jobs[key]


def _start(work: Callable[..., Any], args: tuple[Any, ...]) -> Job:
    receiver, sender = _SPAWN.Pipe(duplex=False)
    process = _SPAWN.Process(target=_run, args=(sender, work, args), daemon=True)
    process.start()
    sender.close()
    job = Job(process)
    threading.Thread(target=_listen, args=(job, receiver), daemon=True).start()
    return job


def _run(sender: Connection, work: Callable[..., Any], args: tuple[Any, ...]) -> None:
    """In the worker: do the work and send what comes of it."""
    if hasattr(os, "nice"):
        os.nice(NICE)

    def progress(share: float, doing: str) -> None:
        sender.send(("progress", share, doing))

    try:
        sender.send(("done", work(*args, progress)))
    except Exception as error:  # every failure must reach the person who asked
        sender.send(("failed", f"{type(error).__name__}: {error}"))


def _listen(job: Job, receiver: Connection) -> None:
    """In the server: keep the job's state until its process has said its last word."""
    try:
        while job.state is State.RUNNING:
            match receiver.recv():
                case ("progress", share, doing):
                    job.told(share, doing)
                case ("done", result):
                    job.result, job.share, job.state = result, 1.0, State.DONE
                case ("failed", message):
                    job.error, job.state = message, State.FAILED
    except EOFError:
        if job.state is State.RUNNING:
            job.error, job.state = "the worker process ended without a result", State.FAILED
    finally:
        receiver.close()
        job.process.join()
        job.finished.set()
