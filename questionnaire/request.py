"""A step as a browser sends it, checked for shape and size before anything else reads it."""

from __future__ import annotations

import math
import re
from collections.abc import Mapping
from dataclasses import dataclass, field

from questionnaire.answers import TEXT_MAX, Answer
from questionnaire.drafts import Draft

_ID = re.compile(r"[A-Za-z0-9_-]{8,64}")
_ACTIONS = ("consent", "answers", "back", "language", "send", "tier", "withdraw")
_ENTRIES_MAX = 500
_CHANGES_MAX = 100_000


class RequestError(ValueError):
    """The request is not of the API's form; the message names the field."""


@dataclass(frozen=True, slots=True)
class Request:
    """One step: ``action`` is one of those above; the rest is what it needs."""

    submit_id: str
    action: str
    base_version: int = 0
    page: int = 0
    answers: Mapping[str, object] = field(default_factory=dict)
    timings: Mapping[str, float] = field(default_factory=dict)
    language: str = ""
    level: int = 0
    form: str | None = None
    wave: str = ""
    skip_unanswered: bool = False
    invitation: str = ""
    panel: Mapping[str, object] = field(default_factory=dict)


def read_request(body: object) -> Request:
    """The request in a decoded JSON body; RequestError when a field is missing, odd or oversized."""
    if not isinstance(body, dict):
        raise RequestError("the body must be a JSON object")
    submit_id, action = body.get("submit_id"), body.get("action")
    if not isinstance(submit_id, str) or not _ID.fullmatch(submit_id):
        raise RequestError("submit_id: 8 to 64 letters, digits, - or _")
    if action not in _ACTIONS:
        raise RequestError(f"action: one of {', '.join(_ACTIONS)}")
    form = body.get("form")
    return Request(
        submit_id=submit_id,
        action=action,
        base_version=_whole(body, "base_version"),
        page=_whole(body, "page"),
        answers=_answers(body.get("answers", {})),
        timings=_timings(body.get("timings", {})),
        language=_short(body, "language"),
        level=_whole(body, "level"),
        form=_short(body, "form") if form is not None else None,
        wave=_short(body, "wave"),
        skip_unanswered=body.get("skip_unanswered") is True,
        invitation=_short(body, "invitation"),
        panel=_answers(body.get("panel", {}), "panel"),
    )


def read_changes(body: Mapping[str, object], received_at: str) -> tuple[Draft, ...]:
    """The changed answers in a decoded JSON body; RequestError as for :func:`read_request`."""
    listed = body.get("changes")
    if not isinstance(listed, list) or not 0 < len(listed) <= _ENTRIES_MAX:
        raise RequestError(f"changes: a list of 1 to {_ENTRIES_MAX} entries")
    return tuple(_change(entry, received_at) for entry in listed)


def _change(entry: object, received_at: str) -> Draft:
    if not isinstance(entry, dict):
        raise RequestError("changes: objects")
    ids = {name: _short(entry, name) for name in ("id", "follows", "writer")}
    for name, value in ids.items():
        if not _ID.fullmatch(value) and (value or name != "follows"):
            raise RequestError(f"{name}: 8 to 64 letters, digits, - or _")
    page, code = entry.get("page"), entry.get("code")
    if not isinstance(page, str) or not isinstance(code, str):
        raise RequestError("page, code: text")
    return Draft(
        change_id=ids["id"],
        follows=ids["follows"],
        writer=ids["writer"],
        base_version=_whole(entry, "base_version"),
        page=page,
        code=code,
        value=_value(entry.get("value")),
        seconds=_timings({"seconds": entry.get("seconds")}).get("seconds", 0.0),
        changes=min(max(_whole(entry, "changes"), 0), _CHANGES_MAX),
        received_at=received_at,
    )


def _value(value: object) -> Answer | None:
    """An answer's shape; whether it is one of the question's answers is asked when the page is sent."""
    if value is None:
        return None
    if isinstance(value, str) and len(value) <= TEXT_MAX:
        return value
    if isinstance(value, int | float) and not isinstance(value, bool) and math.isfinite(value):
        return value
    listed = isinstance(value, list) and len(value) <= _ENTRIES_MAX
    if isinstance(value, list) and listed and all(isinstance(c, str) and len(c) <= TEXT_MAX for c in value):
        return tuple(value)
    raise RequestError("value: a number, a text or a list of texts")


def _whole(body: Mapping[str, object], name: str) -> int:
    value = body.get(name, 0)
    if isinstance(value, bool) or not isinstance(value, int):
        raise RequestError(f"{name}: a whole number")
    return value


def _short(body: Mapping[str, object], name: str) -> str:
    value = body.get(name, "")
    if not isinstance(value, str) or len(value) > 64:
        raise RequestError(f"{name}: text of at most 64 characters")
    return value


def _answers(value: object, name: str = "answers") -> dict[str, object]:
    if not isinstance(value, dict) or len(value) > _ENTRIES_MAX:
        raise RequestError(f"{name}: an object of at most {_ENTRIES_MAX} entries")
    return {str(code): tuple(given) if isinstance(given, list) else given for code, given in value.items()}


def _timings(value: object) -> dict[str, float]:
    if not isinstance(value, dict) or len(value) > _ENTRIES_MAX:
        raise RequestError(f"timings: an object of at most {_ENTRIES_MAX} entries")
    kept = {}
    for name, seconds in value.items():
        # A browser's clock may jump; a time that cannot be one is left out rather than refused.
        number = isinstance(seconds, int | float) and not isinstance(seconds, bool)
        if number and math.isfinite(seconds) and seconds >= 0:
            kept[str(name)] = float(seconds)
    return kept
