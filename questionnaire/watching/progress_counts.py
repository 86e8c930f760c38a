"""How many started, finished and left, and on which page they left."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from questionnaire.journey import Status, shown_pages
from questionnaire.storage import Stored
from questionnaire.study import Study

DAY = 10
"""Characters of an ISO 8601 time that name its day."""


@dataclass(frozen=True, slots=True)
class DayCount:
    """Starts and completions of one day (UTC)."""

    day: str
    started: int
    finished: int


@dataclass(frozen=True, slots=True)
class PageLoss:
    """``reached`` respondents were shown the page; ``left`` of them have not gone on, ``pending`` may yet."""

    page: str
    reached: int
    left: int
    pending: int


def status_counts(respondents: Iterable[Stored]) -> dict[Status, int]:
    """How many respondents stand where; every status is a key."""
    found = Counter(one.progress.status for one in respondents)
    return {status: found[status] for status in Status}


def day_counts(respondents: Iterable[Stored]) -> tuple[DayCount, ...]:
    """Starts and completions by day, in order, days without either left out."""
    started: Counter[str] = Counter()
    finished: Counter[str] = Counter()
    for one in respondents:
        started[one.started_at[:DAY]] += 1
        if one.finished_at and one.progress.status is Status.FINISHED:
            finished[one.finished_at[:DAY]] += 1
    return tuple(DayCount(day, started[day], finished[day]) for day in sorted({*started, *finished}))


def page_losses(
    respondents: Iterable[Stored], versions: Mapping[str, Study], idle_since: str
) -> tuple[PageLoss, ...]:
    """Where respondents stop, one row a block of the study in the order most respondents met them.

    ``versions``: study by content hash; ``idle_since``: whoever has not moved since then (ISO 8601, UTC)
    counts as gone, the others as pending. Those screened out or withdrawn are not losses of a page. Pages
    are gathered by block, because their number and order differ between respondents.
    """
    reached: Counter[str] = Counter()
    left: Counter[str] = Counter()
    pending: Counter[str] = Counter()
    places: dict[str, list[int]] = {}
    for one in respondents:
        progress = one.progress
        if progress.status not in (Status.ASKING, Status.FINISHED):
            continue
        pages = shown_pages(versions[progress.study_hash], progress)
        seen = pages[: progress.reached + 1]
        blocks = list(dict.fromkeys(page.block for page in seen))
        for place, block in enumerate(blocks):
            reached[block] += 1
            places.setdefault(block, []).append(place)
        if progress.status is Status.ASKING and blocks:
            (left if one.updated_at < idle_since else pending)[seen[-1].block] += 1
    order = sorted(reached, key=lambda block: sum(places[block]) / len(places[block]))
    return tuple(PageLoss(block, reached[block], left[block], pending[block]) for block in order)
