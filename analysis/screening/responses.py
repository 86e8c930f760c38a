"""What the indices look at: the answers of all respondents as arrays, with what is known about each item."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd

from analysis.preparation.answers import Answers
from analysis.preparation.scoring import Scored, score_items
from questionnaire.instrument import CheckKind
from questionnaire.study import Study


@dataclass(frozen=True, slots=True, eq=False)
class Responses:
    """Answers of n respondents to p items.

    ``raw``: (n, p) codes as given; ``turned``: (n, p) reverse-coded; NaN for missing. ``blocks``: column
    indices per construct. ``failed``: check kind → (n, checks of that kind) 1 failed, 0 passed, NaN
    unanswered. ``seconds``: (n,) answering time in seconds, or None. ``arrived``: (n,) submission time
    in seconds, or None.
    """

    raw: np.ndarray
    turned: np.ndarray
    blocks: tuple[tuple[int, ...], ...]
    failed: Mapping[CheckKind, np.ndarray]
    seconds: np.ndarray | None
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
        seconds=_seconds(answers),
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


def _seconds(answers: Answers) -> np.ndarray | None:
    context = answers.context
    if "seconds_total" in context:
        return _numbers(context["seconds_total"].to_numpy())
    pages = [c for c in context if str(c).startswith("seconds_")]
    if not pages:
        return None
    each = np.column_stack([_numbers(context[c].to_numpy()) for c in pages])
    seen = ~np.isnan(each)
    return np.where(seen.any(axis=1), np.where(seen, each, 0.0).sum(axis=1), np.nan)


def _arrived(answers: Answers) -> np.ndarray | None:
    if "finished_at" not in answers.context:
        return None
    times = pd.to_datetime(answers.context["finished_at"], errors="coerce", utc=True, format="ISO8601")
    if times.isna().all():
        return None
    seconds = (times - times.min()).dt.total_seconds()
    return np.asarray(seconds.to_numpy(dtype=float, na_value=np.nan))


def _numbers(values: np.ndarray) -> np.ndarray:
    return np.asarray(
        pd.to_numeric(pd.Series(values), errors="coerce").to_numpy(dtype=float, na_value=np.nan)
    )
