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
    """Run the block with one BLAS and OpenMP thread."""
    with _controller().limit(limits=1):
        yield
