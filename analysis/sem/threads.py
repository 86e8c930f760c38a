"""One BLAS thread: on matrices of tens of rows more threads only cost."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from functools import lru_cache

from threadpoolctl import ThreadpoolController

__all__ = ["one_thread"]


@lru_cache(maxsize=1)
def _controller() -> ThreadpoolController:
    # Looking through the loaded libraries takes milliseconds: once a process.
    return ThreadpoolController()


@contextmanager
def one_thread() -> Iterator[None]:
    """Run the block with one BLAS and OpenMP thread.

    The counts belong to the process: a block that finds them at one leaves them alone, so that blocks which
    overlap in several threads cannot leave the process at one for good.
    """
    before = [(each, each.get_num_threads() or 1) for each in _controller().lib_controllers]
    many = [(library, threads) for library, threads in before if threads > 1]
    for library, _ in many:
        library.set_num_threads(1)
    try:
        yield
    finally:
        for library, threads in many:
            library.set_num_threads(threads)
