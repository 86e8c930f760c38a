"""Steps carried out many at a time: each gets its own answer, and none is answered that is not stored."""

import asyncio
import threading
from contextlib import contextmanager

import pytest

from questionnaire.storage import StorageUnavailableError
from questionnaire.web.clerk import TOGETHER, UNAVAILABLE, Clerk

FINE = 200, {}


class Store:
    """Counts commits; fails where told to."""

    one_writer = True

    def __init__(self, *, fails=""):
        self.fails = fails
        self.commits = []
        self.inside = 0

    @contextmanager
    def together(self):
        if self.fails == "begin":
            raise StorageUnavailableError("locked")
        self.inside = 0
        yield
        self.commits.append(self.inside)
        if self.fails == "commit":
            raise StorageUnavailableError("full")

    def work(self, answer=FINE):
        def carry_out():
            self.inside += 1
            if isinstance(answer, Exception):
                raise answer
            return answer

        return carry_out


def ask(store, works):
    async def everyone():
        clerk = Clerk(store)
        return await asyncio.gather(*(clerk(work) for work in works), return_exceptions=True)

    return asyncio.run(everyone())


def test_those_who_come_at_once_share_commits_and_each_gets_its_own_answer():
    store = Store()
    works = [store.work((200, {"number": number})) for number in range(3 * TOGETHER)]
    assert ask(store, works) == [(200, {"number": number}) for number in range(3 * TOGETHER)]
    assert store.commits == [TOGETHER] * 3


def test_a_fault_in_one_is_nobody_elses():
    store = Store()
    given = ask(store, [store.work(), store.work(KeyError("fault")), store.work((409, {}))])
    assert given[0] == FINE
    assert isinstance(given[1], KeyError)
    assert given[2] == (409, {})


def test_nothing_is_tried_when_the_store_cannot_begin():
    store = Store(fails="begin")
    tried = []
    assert ask(store, [lambda: tried.append(1)] * 3) == [UNAVAILABLE] * 3
    assert tried == []


def test_after_a_commit_that_failed_each_is_tried_alone_until_one_is_refused():
    store = Store(fails="commit")
    outcomes = iter([FINE, FINE, FINE, FINE, UNAVAILABLE])
    assert ask(store, [lambda: next(outcomes)] * 3) == [FINE, UNAVAILABLE, UNAVAILABLE]


def test_a_caller_who_leaves_takes_nothing_with_them():
    store, release, done = Store(), threading.Event(), []

    def slow():
        release.wait(5)
        done.append(1)
        return FINE

    async def scene():
        clerk = Clerk(store)
        leaving = asyncio.ensure_future(clerk(slow))
        await asyncio.sleep(0.05)
        staying = asyncio.ensure_future(clerk(store.work()))
        leaving.cancel()
        release.set()
        return await staying

    assert asyncio.run(scene()) == FINE
    assert done == [1]


@pytest.mark.parametrize("one_writer", [True, False])
def test_a_store_of_many_writers_gets_each_call_for_itself(one_writer):
    store = Store()
    store.one_writer = one_writer
    ask(store, [store.work()] * 5)
    assert bool(store.commits) is one_writer
