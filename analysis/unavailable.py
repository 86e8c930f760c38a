"""A number that cannot be computed, as a value: the reason in place of the number."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TypeVar

__all__ = ["Unavailable", "available"]

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Unavailable:
    """Stands where a result would stand; ``reason`` says why there is none, ``mend`` what would give one."""

    reason: str
    mend: str = ""

    def __str__(self) -> str:
        return f"not available: {self.reason}" + (f" ({self.mend})" if self.mend else "")


def available(value: T | Unavailable) -> T | None:
    """The value, or None where it is unavailable."""
    return None if isinstance(value, Unavailable) else value
