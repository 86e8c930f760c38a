"""Who carries out respondents' steps: many at a time in one commit, where the store has one writer anyway."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence

from starlette.concurrency import run_in_threadpool

from questionnaire.storage import Storage, StorageUnavailableError
from questionnaire.web.bodies import Answered
from questionnaire.web.posts import Work

TOGETHER = 64
"""Calls in one commit: waiting for the disk costs each little, and none waits long for the others."""

UNAVAILABLE: Answered = (503, {"error": "unavailable"})


class Clerk:
    """Carries out what is handed in, in order; answers when it is on disk.

    While one lot is being written the next gathers, so that the busier the server, the fewer its commits
    for each call; alone, a call waits for nobody. With a store of many writers every call goes its own way.
    """

    def __init__(self, storage: Storage) -> None:
        self._storage = storage
        self._waiting: list[tuple[Work, asyncio.Future[Answered]]] = []
        self._carrying: asyncio.Task[None] | None = None

    async def __call__(self, work: Work) -> Answered:
        """What ``work`` answers, once it is stored; 503 when the store took nothing."""
        if not self._storage.one_writer:
            return await run_in_threadpool(work)
        loop = asyncio.get_running_loop()
        answered: asyncio.Future[Answered] = loop.create_future()
        self._waiting.append((work, answered))
        if self._carrying is None:
            self._carrying = loop.create_task(self._carry_out())
        return await answered

    async def _carry_out(self) -> None:
        try:
            while self._waiting:
                lot, self._waiting = self._waiting[:TOGETHER], self._waiting[TOGETHER:]
                outcomes = await run_in_threadpool(self._lot, [work for work, _ in lot])
                for (_, waiting), outcome in zip(lot, outcomes, strict=True):
                    if waiting.done():
                        # Who asked has gone; what was asked is done all the same.
                        continue
                    if isinstance(outcome, Exception):
                        waiting.set_exception(outcome)
                    else:
                        waiting.set_result(outcome)
        finally:
            self._carrying = None

    def _lot(self, lot: Sequence[Work]) -> list[Answered | Exception]:
        tried = False
        try:
            with self._storage.together():
                tried = True
                return [_outcome(work) for work in lot]
        except StorageUnavailableError:
            return _one_by_one(lot) if tried else [UNAVAILABLE for _ in lot]


def _one_by_one(lot: Sequence[Work]) -> list[Answered | Exception]:
    """After a commit that failed as a whole: each alone, until the store refuses one for good."""
    outcomes: list[Answered | Exception] = []
    for work in lot:
        outcomes.append(_outcome(work))
        if outcomes[-1] == UNAVAILABLE:
            break
    return outcomes + [UNAVAILABLE] * (len(lot) - len(outcomes))


def _outcome(work: Work) -> Answered | Exception:
    """What ``work`` answers, or what it raised: a fault in one call is no other caller's."""
    try:
        return work()
    except Exception as error:
        return error
