"""What the indices look at: the answers of all respondents as arrays, with what is known about each item."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd

from analysis.preparation.answers import Answers
from analysis.preparation.scoring import Scored, score_items
from analysis.screening.timing import presented, rating_seconds, seconds_by_page
from questionnaire.instrument import CheckKind
from questionnaire.study import Study


@dataclass(frozen=True, slots=True, eq=False)
class Responses:
    """Answers of n respondents to p items.

    ``raw``: (n, p) codes as given; ``turned``: (n, p) reverse-coded; NaN for missing. ``blocks``: column
    indices per construct. ``failed``: check kind → (n, checks of that kind) 1 failed, 0 passed, NaN
    unanswered. ``seconds``: (n,) time on rated items, or None; ``page_seconds``: (n,) per element on the
    fastest page, or None. ``sequence``: (n, p) ``raw`` in the order it was presented. ``arrived``: (n,)
    submission time in seconds, or None.
    """

    raw: np.ndarray
    turned: np.ndarray
    blocks: tuple[tuple[int, ...], ...]
    failed: Mapping[CheckKind, np.ndarray]
    seconds: np.ndarray | None
    page_seconds: np.ndarray | None
    sequence: np.ndarray
    arrived: np.ndarray | None
    seed: int

    @property
    def answered(self) -> np.ndarray:
        """(n,) how many items each respondent answered."""
        return np.asarray((~np.isnan(self.raw)).sum(axis=1))


def gather_responses(study: Study, answers: Answers, *, seed: int) -> Responses:
    """The arrays of a checked answers table."""
    columns = {code: index for index, code in enumerate(answers.items.columns)}
    blocks = tuple(
        tuple(columns[item.code] for item in construct.items if item.code in columns)
        for construct in study.constructs
    )
    return Responses(
        raw=answers.items.to_numpy(dtype=float),
        turned=score_items(study, answers.items, Scored.RAW).to_numpy(dtype=float),
        blocks=tuple(block for block in blocks if block),
        failed=_failed(study, answers),
        seconds=rating_seconds(study, answers.context),
        page_seconds=seconds_by_page(study, answers),
        sequence=presented(answers),
        arrived=_arrived(answers),
        seed=seed,
    )


def _failed(study: Study, answers: Answers) -> dict[CheckKind, np.ndarray]:
    found: dict[CheckKind, list[np.ndarray]] = {}
    for check in study.checks:
        if check.code in answers.checks:
            given = answers.checks[check.code].to_numpy(dtype=float)
            wrong = (~np.isin(given, check.passing)).astype(float)
            found.setdefault(check.kind, []).append(np.where(np.isnan(given), np.nan, wrong))
    return {kind: np.column_stack(columns) for kind, columns in found.items()}


def _arrived(answers: Answers) -> np.ndarray | None:
    if "finished_at" not in answers.context:
        return None
    times = pd.to_datetime(answers.context["finished_at"], errors="coerce", utc=True, format="ISO8601")
    if times.isna().all():
        return None
    seconds = (times - times.min()).dt.total_seconds()
    return np.asarray(seconds.to_numpy(dtype=float, na_value=np.nan))
