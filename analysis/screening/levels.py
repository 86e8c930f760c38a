"""Screening levels: whom each of none, attention, rule and any keeps."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from analysis.screening.indices import ABOVE, INDICES, IndexValues
from analysis.screening.responses import Responses
from analysis.unavailable import Unavailable
from questionnaire.plan import ScreeningRule

LEVELS = ("none", "attention", "rule", "any")
ENOUGH = 2
"""How many flags of rules at level ``rule`` leave a respondent out there."""

DESCRIPTIONS = {
    "none": "everyone is kept",
    "attention": "leaves out who failed an attention rule",
    "rule": f"leaves out who failed an attention rule or raised {ENOUGH} flags of the rule level",
    "any": "leaves out who raised any flag",
}


@dataclass(frozen=True, slots=True, eq=False)
class Screened:
    """Indices, flags and levels for n respondents.

    ``values``: index → (n,) or why it cannot be computed. ``flags``: index → (n,) booleans, False where
    it could not be judged. ``judged``: index → how many could be. ``kept``: level → (n,) booleans.
    """

    rules: tuple[ScreeningRule, ...]
    values: Mapping[str, IndexValues | Unavailable]
    flags: Mapping[str, np.ndarray]
    judged: Mapping[str, int]
    kept: Mapping[str, np.ndarray]


def screen(responses: Responses, rules: Sequence[ScreeningRule]) -> Screened:
    """All indices, with flags by the study's rules; an index without a rule raises no flag."""
    values: dict[str, IndexValues | Unavailable] = {
        name: index.compute(responses) for name, index in INDICES.items()
    }
    for rule in rules:
        if rule.index not in values:
            known = ", ".join(INDICES)
            values[rule.index] = Unavailable(f"there is no index {rule.index!r}", f"known are {known}")
    n = len(responses.raw)
    flags = {rule.index: _flag(values[rule.index], rule, n) for rule in rules}
    judged = {
        name: 0 if isinstance(v, Unavailable) else int((~np.isnan(v.judged)).sum())
        for name, v in values.items()
    }
    return Screened(tuple(rules), values, flags, judged, _levels(rules, flags, n))


def _flag(values: IndexValues | Unavailable, rule: ScreeningRule, n: int) -> np.ndarray:
    if isinstance(values, Unavailable):
        return np.zeros(n, dtype=bool)
    known = ~np.isnan(values.judged)
    judged = np.where(known, values.judged, 0.0)
    beyond = judged >= rule.threshold if INDICES[rule.index].direction == ABOVE else judged <= rule.threshold
    return np.asarray(known & beyond)


def _levels(rules: Sequence[ScreeningRule], flags: Mapping[str, np.ndarray], n: int) -> dict[str, np.ndarray]:
    counts = {
        level: sum((flags[r.index].astype(int) for r in rules if _level(r) == level), np.zeros(n, dtype=int))
        for level in LEVELS
    }
    attention = counts["attention"] > 0
    by_rule = attention | (counts["rule"] >= ENOUGH)
    any_flag = sum(counts.values(), np.zeros(n, dtype=int)) > 0
    return {
        "none": np.ones(n, dtype=bool),
        "attention": ~attention,
        "rule": ~by_rule,
        "any": ~any_flag,
    }


def _level(rule: ScreeningRule) -> str:
    """``two`` is another name of ``rule``."""
    return "rule" if rule.level == "two" else rule.level
