"""How long pages take, per question shown on them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from statistics import quantiles

from questionnaire.journey import shown_pages
from questionnaire.storage import Stored
from questionnaire.study import Study

SHOWN = "shown"
FEWEST = 4
"""Quartiles of fewer times than this say nothing."""


@dataclass(frozen=True, slots=True)
class BlockTime:
    """Quartiles of the seconds a question takes on the pages of a block; ``n`` page visits."""

    block: str
    n: int
    lower: float
    median: float
    upper: float


def block_times(respondents: Iterable[Stored], versions: Mapping[str, Study]) -> tuple[BlockTime, ...]:
    """Seconds a question by block, in the study's order; blocks seen fewer than four times are left out."""
    seconds: dict[str, list[float]] = {}
    order: dict[str, None] = {}
    for one in respondents:
        study = versions[one.progress.study_hash]
        order |= dict.fromkeys(block.code for block in study.blocks)
        pages = {page.code: page for page in shown_pages(study, one.progress)}
        for step in one.submissions:
            page = pages.get(step.page)
            if page is not None and SHOWN in step.timings:
                seconds.setdefault(page.block, []).append(step.timings[SHOWN] / len(page.elements))
    out = []
    for block in order:
        times = seconds.get(block, [])
        if len(times) >= FEWEST:
            lower, median, upper = quantiles(times, n=4, method="inclusive")
            out.append(BlockTime(block, len(times), lower, median, upper))
    return tuple(out)
