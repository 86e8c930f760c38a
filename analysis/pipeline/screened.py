"""The screening part of a result: flags per respondent, index summaries and level counts."""

from __future__ import annotations

import numpy as np
import pandas as pd

from analysis.pipeline.result import IndexSummary, LevelCount
from analysis.preparation.answers import Answers
from analysis.screening.indices import INDICES, IndexValues
from analysis.screening.levels import DESCRIPTIONS, LEVELS, Screened
from analysis.unavailable import Unavailable


def flag_frame(answers: Answers, screened: Screened) -> pd.DataFrame:
    """One row a respondent: ``respondent``, every index, ``flag_<index>`` and ``kept_<level>``."""
    context = answers.context
    names = context["respondent"] if "respondent" in context else np.arange(1, len(answers) + 1)
    columns: dict[str, object] = {"respondent": np.asarray(names)}
    for name in INDICES:
        found = screened.values[name]
        columns[name] = found.values if isinstance(found, IndexValues) else np.full(len(answers), np.nan)
    columns |= {f"flag_{name}": flags for name, flags in screened.flags.items()}
    columns |= {f"kept_{level}": kept for level, kept in screened.kept.items()}
    return pd.DataFrame(columns)


def index_summaries(screened: Screened) -> tuple[IndexSummary, ...]:
    """One summary an index; those without a rule have no threshold (NaN) and an empty level."""
    rules = {rule.index: rule for rule in screened.rules}
    summaries = []
    for name, found in screened.values.items():
        rule = rules.get(name)
        summaries.append(
            IndexSummary(
                index=name,
                level=rule.level if rule else "",
                threshold=rule.threshold if rule else float("nan"),
                direction=INDICES[name].direction if name in INDICES else "",
                flagged=int(screened.flags[name].sum()) if rule else 0,
                judged=screened.judged[name],
                unavailable=str(found.reason) if isinstance(found, Unavailable) else "",
            )
        )
    return tuple(summaries)


def level_counts(screened: Screened) -> tuple[LevelCount, ...]:
    """How many respondents each level keeps."""
    return tuple(
        LevelCount(
            level,
            int(screened.kept[level].sum()),
            int((~screened.kept[level]).sum()),
            DESCRIPTIONS[level],
        )
        for level in LEVELS
    )
