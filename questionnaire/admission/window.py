"""When and from whom a study version takes answers, as one frozen record and one pure rule."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from enum import StrEnum

from questionnaire.panel import fault


class Access(StrEnum):
    """Who may begin: anyone with the open link, holders of an invitation, or both."""

    LINK = "link"
    INVITATION = "invitation"
    BOTH = "both"


class WindowError(ValueError):
    """A setting of the field time that cannot be; the message says which and how to write it."""


@dataclass(frozen=True, slots=True)
class Window:
    """The field time of one study version.

    ``plan_hash`` is the analysis plan as it was at the first opening. ``closed_at`` is empty while open.
    ``lets_finish`` says whether those under way may go on after closing. ``stop_at`` (a time) and
    ``stop_n`` (completed respondents of the study) end the taking of newcomers; empty and 0 are no rule.
    ``full_redirect`` is the address offered to someone for whom no place is left; a ``{parameter}`` in it
    is filled with what their link came with.
    """

    content_hash: str
    study_code: str
    plan_hash: str
    opened_at: str
    closed_at: str = ""
    access: Access = Access.BOTH
    lets_finish: bool = True
    stop_at: str = ""
    stop_n: int = 0
    full_redirect: str = ""

    def __post_init__(self) -> None:
        if self.stop_n < 0:
            raise WindowError(
                f"stop at {self.stop_n} respondents: give a whole number of at least 1, or 0 for none"
            )
        wrong = fault(self.full_redirect) if self.full_redirect else ""
        if wrong:
            raise WindowError(f"redirect {self.full_redirect!r}: {wrong}")


def refusal(window: Window | None, now: str, finished: int, *, invited: bool) -> str:
    """Why a newcomer cannot begin: ``closed`` or ``invited_only``; empty when they can."""
    if window is None or window.closed_at or _stopped(window, now, finished):
        return "closed"
    if invited:
        return "closed" if window.access is Access.LINK else ""
    return "invited_only" if window.access is Access.INVITATION else ""


def in_force(window: Window, windows: Iterable[Window]) -> Window:
    """The window that decides about newcomers: one closed because a later version is open gives way to it.

    A process that serves the earlier version for a moment longer so turns nobody away.
    """
    later = [one for one in windows if one.opened_at > window.opened_at and not one.closed_at]
    return max(later, key=lambda one: one.opened_at, default=window) if window.closed_at else window


def may_go_on(window: Window | None) -> bool:
    """Whether someone under way may take another step."""
    return window is None or not window.closed_at or window.lets_finish


def closed(window: Window, at: str, *, lets_finish: bool = True) -> Window:
    """The window closed at that time; one that is closed already keeps its time."""
    return replace(window, closed_at=window.closed_at or at, lets_finish=lets_finish)


def moment(text: str) -> str:
    """A date or time as typed, as UTC in the form stored times have; a date means its end.

    Raises WindowError for anything that is not ISO 8601.
    """
    text = text.strip()
    if not text:
        return ""
    try:
        parsed = datetime.fromisoformat(f"{text}T23:59:59.999" if len(text) == len("2026-01-31") else text)
    except ValueError as error:
        raise WindowError(f"{text!r} is not a date or time; write 2026-01-31 or 2026-01-31T18:00Z") from error
    known = parsed if parsed.tzinfo else parsed.replace(tzinfo=UTC)
    return known.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def registered_plan(windows: tuple[Window, ...]) -> str | None:
    """The plan stored when the study was first opened, in whichever version; None before that."""
    first = min(windows, key=lambda window: window.opened_at, default=None)
    return first.plan_hash if first else None


def _stopped(window: Window, now: str, finished: int) -> bool:
    late = bool(window.stop_at) and now > window.stop_at
    return late or (window.stop_n > 0 and finished >= window.stop_n)
