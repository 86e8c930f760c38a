"""Answers kept as they are given, before their page is sent: what a change is and which ones count.

Order among tabs and devices is told by what each change follows, never by a clock: a change names the one
it was made on top of, and counts only if nothing else has been stored for that answer since
(compare-and-swap, as in Herlihy 1991).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from questionnaire.answers import Answer


@dataclass(frozen=True, slots=True)
class Draft:
    """One change of one answer on a page not sent yet.

    ``change_id`` is chosen by the browser; ``follows`` is the change it saw for the same answer (empty:
    none) and ``writer`` the open page it comes from. ``value`` is None when the answer was taken back.
    ``seconds`` is how long the page had been shown when the answer was changed, ``changes`` how often it
    was changed since the last one sent. ``sequence`` counts a respondent's stored changes from 1.
    """

    change_id: str
    follows: str
    writer: str
    base_version: int
    page: str
    code: str
    value: Answer | None
    seconds: float = 0.0
    changes: int = 1
    sequence: int = 0
    received_at: str = ""


@dataclass(frozen=True, slots=True)
class Drafts:
    """What counts of a respondent's drafts: ``living`` in their order, and each page's last sent version."""

    living: tuple[Draft, ...] = ()
    sent: Mapping[str, int] = field(default_factory=dict)

    def latest(self, page: str) -> dict[str, Draft]:
        """The last change of every answer on a page."""
        return {draft.code: draft for draft in self.living if draft.page == page}


def living(drafts: Iterable[Draft], sent: Mapping[str, int]) -> tuple[Draft, ...]:
    """The drafts made since their page was last sent; ``sent`` is the version each page's sending led to."""
    return tuple(draft for draft in drafts if draft.base_version >= sent.get(draft.page, 0))


def decide(
    offered: Sequence[Draft], stored: Sequence[Draft], sent: Mapping[str, int]
) -> tuple[tuple[Draft, ...], tuple[str, ...]]:
    """What to store of ``offered`` and the ids of what came too late.

    A change stored before is neither: the same one again is harmless. One made on a page that has been sent
    since, or on an answer that another tab or device has changed since, is stale.
    """
    known = {draft.change_id for draft in stored}
    last = {(draft.page, draft.code): draft for draft in living(stored, sent)}
    taken: list[Draft] = []
    stale: list[str] = []
    for draft in offered:
        if draft.change_id in known:
            continue
        before = last.get((draft.page, draft.code))
        overtaken = before is not None and draft.writer != before.writer and draft.follows != before.change_id
        if draft.base_version < sent.get(draft.page, 0) or overtaken:
            stale.append(draft.change_id)
            continue
        known.add(draft.change_id)
        last[draft.page, draft.code] = draft
        taken.append(draft)
    return tuple(taken), tuple(stale)
