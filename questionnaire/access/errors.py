"""Why something about accounts was refused. ``reason`` is a key of the pages' words."""

from __future__ import annotations


class AccessError(Exception):
    """Refused; what to do about it is said in the reader's language by ``reason``."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason

    def __str__(self) -> str:
        return self.reason


class ForbiddenError(AccessError):
    """The account's role does not allow it."""

    def __init__(self) -> None:
        super().__init__("forbidden")
        self.args = ()


class TooManyAttemptsError(AccessError):
    """The limit of attempts is reached; it is lifted by waiting."""

    def __init__(self) -> None:
        super().__init__("too_many")
        self.args = ()
