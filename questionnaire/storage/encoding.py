"""A respondent's state as text and back, for stores that keep text."""

from __future__ import annotations

import json
from collections.abc import Mapping
from functools import lru_cache
from typing import Any

from questionnaire.answers import Answer
from questionnaire.journey import Progress, Status
from questionnaire.route import RoutePage


def progress_to_text(progress: Progress) -> str:
    """JSON with every field of the state."""
    fields: dict[str, Any] = {
        "study_hash": progress.study_hash,
        "form": progress.form,
        "language": progress.language,
        "seed": progress.seed,
        "wave": progress.wave,
        "consent_level": progress.consent_level,
        "status": progress.status.value,
        "route": [[page.code, page.block, list(page.elements)] for page in progress.route],
        "answers": dict(progress.answers),
        "page": progress.page,
        "reached": progress.reached,
        "version": progress.version,
        "panel": dict(progress.panel),
    }
    return to_text(fields)


@lru_cache(maxsize=1024)
def progress_from_text(text: str) -> Progress:
    """The state that :func:`progress_to_text` wrote.

    The states of those who are answering just now are kept: each is read some ten times before it changes.
    """
    fields = json.loads(text)
    fields["status"] = Status(fields["status"])
    fields["route"] = tuple(RoutePage(c, block, tuple(elements)) for c, block, elements in fields["route"])
    fields["answers"] = {code: _answer(value) for code, value in fields["answers"].items()}
    return Progress(**fields)


def to_text(value: Mapping[str, object]) -> str:
    """Compact JSON that keeps Chinese readable; NaN is refused, since JSON has none."""
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"), allow_nan=False)


def answer_from_json(text: str) -> Answer | None:
    """One answer as it was written; None where it was taken back."""
    return None if text == "null" else _answer(json.loads(text))


def _answer(value: Any) -> Answer:
    return tuple(value) if isinstance(value, list) else value
