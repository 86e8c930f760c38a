"""When and how often each item was answered, as the browser measured it."""

from __future__ import annotations

from collections.abc import Iterable

from questionnaire.drafts import Draft
from questionnaire.storage import Submission

CHANGES = ".changes"
"""The ending of the timing that says how often an answer was changed since it was last kept."""


def item_times(
    codes: Iterable[str], submissions: Iterable[Submission], drafts: Iterable[Draft]
) -> dict[str, float]:
    """``answered_<code>`` and ``changes_<code>`` of every code answered, in a flat record.

    ``answered`` is how many seconds the page had been shown when the answer got its last value; ``changes``
    counts how often the answer was given or changed, the first time included. An acknowledgement that got
    lost on the way may count a change twice.
    """
    seconds: dict[str, float] = {}
    changes: dict[str, int] = {}
    for draft in drafts:
        seconds[draft.code] = draft.seconds
        changes[draft.code] = changes.get(draft.code, 0) + draft.changes
    for submission in submissions:
        for name, value in submission.timings.items():
            if name.endswith(CHANGES):
                code = name.removesuffix(CHANGES)
                changes[code] = changes.get(code, 0) + int(value)
            else:
                seconds[name] = value
    record: dict[str, float] = {}
    for code in codes:
        if code in seconds:
            record[f"answered_{code}"] = seconds[code]
        if code in changes:
            record[f"changes_{code}"] = changes[code]
    return record
