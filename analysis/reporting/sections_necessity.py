"""Necessity as description: the empty corner above each condition."""

from __future__ import annotations

from analysis.pipeline.result import AnalysisResult
from analysis.reporting.document import Section, Table
from analysis.reporting.numbers import NONE, bounded, number, pvalue, whole
from analysis.reporting.wording import Words
from analysis.synergy.necessity import OUTCOME_LEVELS

SHOWN = (50, 80, 100)
"""Outcome levels of the table, in percent of the range; the CSV holds every tenth."""


def necessity_sections(result: AnalysisResult, words: Words) -> tuple[Section, ...]:
    """One section where anything was described."""
    if not result.necessities:
        return ()
    rows = tuple(
        (
            n.condition,
            n.outcome,
            whole(n.n),
            c.name,
            bounded(c.effect, 2),
            pvalue(c.pvalue),
            bounded(c.accuracy, 2),
            *(_percent(c.needed[OUTCOME_LEVELS.index(level)]) for level in SHOWN),
        )
        for n in result.necessities
        for c in n.ceilings
    )
    headings = (
        words("condition"),
        words("outcome"),
        "n",
        words("ceiling"),
        "d",
        words("p"),
        words("accuracy"),
        *(words("needed_for", level=level) for level in SHOWN),
    )
    numeric = (False, False, True, False, *([True] * 6))
    table = Table("necessity", words("necessity"), headings, rows, numeric, words("necessity_note"))
    return (Section("necessity", words("necessity"), (words("necessity_intro"),), (), (), (table,)),)


def _percent(value: float | None) -> str:
    return NONE if value is None else f"{number(value, 0)}%"
