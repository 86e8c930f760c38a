"""Times as tools write them: durations as seconds, moments as ISO 8601."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from datetime import datetime

_SECONDS = re.compile(
    r"^(?:(?P<h>\d+)\s*(?:小时|时|h\w*)\s*)?(?:(?P<m>\d+)\s*(?:分钟|分|min\w*|m)\s*)?"
    r"(?:(?P<s>\d+(?:[.,]\d+)?)\s*(?:秒|s|sec\w*)?)?$",
    re.IGNORECASE,
)
_CLOCK = re.compile(r"^(?:(?P<h>\d+):)?(?P<m>\d{1,2}):(?P<s>\d{2}(?:\.\d+)?)$")
_YEAR_FIRST = re.compile(
    r"^(?P<y>\d{4})[-/.年](?P<a>\d{1,2})[-/.月](?P<b>\d{1,2})日?(?:[ T]+(?P<clock>.+))?$"
)
_YEAR_LAST = re.compile(r"^(?P<a>\d{1,2})[-/.](?P<b>\d{1,2})[-/.](?P<y>\d{4})(?:,?\s+(?P<clock>.+))?$")
_TIME = re.compile(r"^(\d{1,2}):(\d{2})(?::(\d{2})(?:\.\d+)?)?\s*([ap]m)?$", re.IGNORECASE)
MIDNIGHT_1980 = "1980-01-01T00:00:00"
"""What LimeSurvey writes as the time of submission where a survey keeps no times."""


def read_seconds(text: str) -> str | None:
    """Seconds out of ``235``, ``235秒``, ``3分55秒``, ``1小时2分`` or ``0:03:55``; None for anything else."""
    text = unicodedata.normalize("NFKC", text).strip()
    found = _CLOCK.match(text) or _SECONDS.match(text)
    if found is None or not any(found.groupdict().values()):
        return None
    hours, minutes, seconds = (float((found[part] or "0").replace(",", ".")) for part in "hms")
    return f"{3600 * hours + 60 * minutes + seconds:.10g}"


def read_moments(cells: Iterable[str]) -> dict[str, str | None]:
    """Each distinct text → ISO 8601, None where it is no time.

    Whether 3/4/2025 is in March or in April is told by the column: by a day above 12 somewhere in it. Where
    no cell tells, none of those is read.
    """
    texts = set(cells) - {""}
    orders = [order for order in ("dm", "md") if all(_last(text, order) != "" for text in texts)]
    return {text: _moment(text, orders) for text in texts}


def _moment(text: str, orders: list[str]) -> str | None:
    if (whole := _iso(text)) is not None:
        return whole
    if found := _YEAR_FIRST.match(text.strip()):
        return _made(found["y"], found["a"], found["b"], found["clock"])
    readings = {_last(text, order) for order in orders}
    return (readings.pop() or None) if len(readings) == 1 else None


def _last(text: str, order: str) -> str | None:
    """A date with the year last in that order; empty where it is none in that order, None for others."""
    found = _YEAR_LAST.match(text.strip())
    if found is None:
        return None
    day, month = (found["a"], found["b"]) if order == "dm" else (found["b"], found["a"])
    return _made(found["y"], month, day, found["clock"]) or ""


def _iso(text: str) -> str | None:
    try:
        return datetime.fromisoformat(text.strip()).isoformat() if "-" in text else None
    except ValueError:
        return None


def _made(year: str, month: str, day: str, clock: str | None) -> str | None:
    hour = minute = second = 0
    if clock:
        time = _TIME.match(clock.strip())
        if time is None:
            return None
        hour, minute, second = int(time[1]), int(time[2]), int(time[3] or 0)
        if time[4]:
            hour = hour % 12 + 12 * (time[4].lower() == "pm")
    try:
        return datetime(int(year), int(month), int(day), hour, minute, second).isoformat()
    except ValueError:
        return None
