"""The one exception tree of the engine: what is wrong, where, and how to mend it."""

from __future__ import annotations

__all__ = ["DataError", "ModelError", "SemError"]


class SemError(Exception):
    """Something the caller can mend; `place` says where it is and `mend` what to do."""

    def __init__(self, message: str, place: str = "", mend: str = "") -> None:
        self.message = message
        self.place = place
        self.mend = mend
        super().__init__(message, place, mend)

    def __str__(self) -> str:
        text = f"{self.place}: {self.message}" if self.place else self.message
        return f"{text}. {self.mend}" if self.mend else text


class ModelError(SemError):
    """The model text or the options cannot be used as they stand."""


class DataError(SemError):
    """The data cannot carry the model as they stand."""
