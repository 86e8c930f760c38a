"""One BLAS thread: on matrices of tens of rows more threads only cost."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from functools import lru_cache
from threading import Lock

from threadpoolctl import ThreadpoolController

__all__ = ["one_thread"]


@lru_cache(maxsize=1)
def _controller() -> ThreadpoolController:
    # Looking through the loaded libraries takes milliseconds: once a process.
    return ThreadpoolController()


class _Limit:
    """The libraries' thread counts belong to the process, so that all blocks running at once share one limit.

    The first block in sets it and the last one out takes it off. If each put back what it found, overlapping
    blocks of several threads would leave the process at one thread.
    """

    def __init__(self) -> None:
        self._lock = Lock()
        self._inside = 0
        self._before: tuple[int, ...] = ()

    def enter(self) -> None:
        with self._lock:
            if not self._inside:
                libraries = _controller().lib_controllers
                self._before = tuple(library.get_num_threads() or 1 for library in libraries)
                for library in libraries:
                    library.set_num_threads(1)
            self._inside += 1

    def leave(self) -> None:
        with self._lock:
            self._inside -= 1
            if not self._inside:
                for library, threads in zip(_controller().lib_controllers, self._before, strict=True):
                    library.set_num_threads(threads)


_limit = _Limit()


@contextmanager
def one_thread() -> Iterator[None]:
    """Run the block with one BLAS and OpenMP thread; blocks may nest, and overlap in several threads."""
    _limit.enter()
    try:
        yield
    finally:
        _limit.leave()
