"""What every step asks and hardly ever changes, remembered for a moment."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Generic, TypeVar

SECONDS = 1.0
"""How late another process's change of a field time or a quota may be seen; one's own is seen at once."""

Value = TypeVar("Value")


class Remembered(Generic[Value]):
    """``read(key)``, asked again after a second or after ``forget``; safe from several threads."""

    def __init__(self, read: Callable[[str], Value], clock: Callable[[], float] = time.monotonic) -> None:
        self._read = read
        self._clock = clock
        self._known: dict[str, tuple[float, Value]] = {}
        self._changes = 0

    def __call__(self, key: str) -> Value:
        """The value for ``key``; what ``read`` raises is not remembered."""
        found = self._known.get(key)
        if found is not None and found[0] > self._clock():
            return found[1]
        changes = self._changes
        value = self._read(key)
        # What was read before a change and arrives after it is not kept.
        if changes == self._changes:
            self._known[key] = (self._clock() + SECONDS, value)
        return value

    def forget(self) -> None:
        """Ask again next time, whatever the key."""
        self._changes += 1
        self._known = {}
