"""Everything the field dashboard shows of one study, as plain values that travel between processes."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta

from questionnaire.admission.quota import Fill, hold_cutoff
from questionnaire.journey import Status
from questionnaire.service import utc_now
from questionnaire.storage import Stored
from questionnaire.study import Study
from questionnaire.watching.control_chart import ChartPoint
from questionnaire.watching.group_means import GroupMean
from questionnaire.watching.imbalance import Imbalance
from questionnaire.watching.page_times import BlockTime, block_times
from questionnaire.watching.profiles import dimension_means, predictor_dimensions
from questionnaire.watching.progress_counts import (
    DayCount,
    PageLoss,
    day_counts,
    page_losses,
    status_counts,
)

IDLE = timedelta(minutes=30)
"""Whoever has not moved for this long is counted as gone; they may still come back."""


@dataclass(frozen=True, slots=True)
class FieldReport:
    """One look at the field. ``charts``: dimension → points; ``group``: the grouping's code, "" for none.

    ``fills``: the quota cells with their places.
    """

    counts: Mapping[Status, int]
    days: tuple[DayCount, ...]
    pages: tuple[PageLoss, ...]
    times: tuple[BlockTime, ...]
    group: str
    means: tuple[GroupMean, ...]
    charts: Mapping[str, tuple[ChartPoint, ...]]
    imbalance: Imbalance
    fills: tuple[Fill, ...] = ()


def field_report(database: str, study_code: str) -> FieldReport:
    """Read the store and sum up every version of the study; runs in a process of its own.

    Raises StorageUnavailableError when the store is out of reach and LookupError for an unknown study.
    """
    from questionnaire.loading import parse_study
    from questionnaire.storage import connect

    storage = connect(database)
    try:
        stored = [version for version in storage.studies() if version.code == study_code]
        if not stored:
            raise LookupError(f"the store has no study {study_code!r}")
        versions = {one.content_hash: parse_study(one.text, study_code) for one in stored}
        respondents = [one for hash_ in versions for one in storage.respondents(hash_)]
        fills = storage.field.fill(study_code, hold_cutoff(utc_now()))
    finally:
        storage.close()
    idle_since = (datetime.now(UTC) - IDLE).isoformat()
    report = sum_up(versions[stored[-1].content_hash], versions, respondents, idle_since)
    return replace(report, fills=fills)


def sum_up(
    study: Study, versions: Mapping[str, Study], respondents: list[Stored], idle_since: str
) -> FieldReport:
    """The report of ``respondents``; groups and dimensions are those of ``study``, the newest version."""
    import numpy as np

    from questionnaire.watching.control_chart import ewma_chart
    from questionnaire.watching.group_means import group_means
    from questionnaire.watching.imbalance import imbalance

    finished = [one for one in respondents if one.progress.status is Status.FINISHED]
    finished.sort(key=lambda one: one.finished_at)
    profiles = [dimension_means(versions[one.progress.study_hash], one.progress) for one in finished]
    dimensions = predictor_dimensions(study)
    group = study.groups[0] if study.groups else None
    members = (
        {option: label for label, options in group.members.items() for option in options} if group else {}
    )
    answered = [str(one.progress.answers.get(group.question, "")) if group else "" for one in finished]
    return FieldReport(
        counts=status_counts(respondents),
        days=day_counts(respondents),
        pages=page_losses(respondents, versions, idle_since),
        times=block_times(respondents, versions),
        group=group.code if group else "",
        means=group_means(profiles, [members.get(answer, "") for answer in answered], dimensions),
        charts={
            code: ewma_chart(np.array([profile[code] for profile in profiles if code in profile]))
            for code in dimensions
        },
        imbalance=imbalance(profiles, dimensions),
    )
