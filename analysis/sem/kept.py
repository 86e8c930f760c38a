"""What depends on a model alone is made once and kept: parsed texts, parameter tables, their cells.

A model is often fitted to many tables of the same columns (groups, imputations, simulations, waves).
Keys are the model text with its options and the data's column names, or the object made from them; nothing
kept knows of the data, and all of it is immutable.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache
from typing import Any, ParamSpec, TypeVar, cast

__all__ = ["forget", "kept"]

# More models than one study has; the oldest make room.
MODELS = 64

P = ParamSpec("P")
T = TypeVar("T")

_functions: list[Any] = []


def kept(*, each: int = 1) -> Callable[[Callable[P, T]], Callable[P, T]]:
    """The function, with its results for the last MODELS models kept; safe in threads.

    Arguments are to be hashable; a model asks for up to ``each`` results.
    """

    def keep(function: Callable[P, T]) -> Callable[P, T]:
        cached = lru_cache(maxsize=MODELS * each)(function)
        _functions.append(cached)
        return cast("Callable[P, T]", cached)

    return keep


def forget() -> None:
    """Drop everything kept, as in a new process."""
    for function in _functions:
        function.cache_clear()
