"""Work that nothing waits for yet, done by a second process while this one goes on."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from concurrent.futures import Executor, Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from contextlib import contextmanager
from multiprocessing import current_process, get_context
from typing import Any, Generic, ParamSpec, TypeVar

from threadpoolctl import threadpool_limits

P = ParamSpec("P")
T = TypeVar("T")


class Later(Generic[T]):
    """What a piece of work will give; with no process to do it, it is done when first asked for."""

    def __init__(self, wait: Callable[[], T]) -> None:
        self._wait = wait
        self._found: list[T] = []

    def result(self) -> T:
        """Wait for the work and return what it gave, or raise what it raised."""
        if not self._found:
            self._found.append(self._wait())
        return self._found[0]


class Beside:
    """Hands out work; ``executor`` None means that the caller does it itself."""

    def __init__(self, executor: Executor | None) -> None:
        self._executor = executor

    def start(self, work: Callable[P, T], /, *args: P.args, **kwargs: P.kwargs) -> Later[T]:
        """Begin ``work``, which must be importable by name and give the same in any process."""

        def here() -> T:
            return work(*args, **kwargs)

        if self._executor is None:
            return Later(here)
        try:
            found = self._executor.submit(_quietly, work, args, kwargs)
        except BrokenProcessPool:
            return Later(here)
        return Later(lambda: _result(found, here))


@contextmanager
def beside(processes: int) -> Iterator[Beside]:
    """Hand out work to ``processes`` − 1 processes beside this one.

    A process that may have no children of its own, such as a page's job, does everything itself.
    """
    if processes < 2 or current_process().daemon:
        yield Beside(None)
        return
    # Started anew, not forked: a fork copies locks in whatever state the threads of this process hold them.
    with ProcessPoolExecutor(processes - 1, mp_context=get_context("spawn")) as executor:
        try:
            yield Beside(executor)
        except BaseException:
            executor.shutdown(wait=False, cancel_futures=True)
            raise


def _result(found: Future[T], here: Callable[[], T]) -> T:
    """What the other process gave; where it died (memory, a script without a guard), done here after all."""
    try:
        return found.result()
    except BrokenProcessPool:
        return here()


def _quietly(work: Callable[..., Any], args: tuple[Any, ...], kwargs: dict[str, Any]) -> Any:
    with threadpool_limits(limits=1):
        return work(*args, **kwargs)
