"""Total effects that hypotheses name, and the share of each estimand in its total."""

from __future__ import annotations

from analysis.pipeline.result import AnalysisResult
from analysis.reporting.document import Table
from analysis.reporting.numbers import interval, number
from analysis.reporting.wording import Words
from analysis.synergy.evidence import Effect
from analysis.unavailable import Unavailable


def totals_tables(result: AnalysisResult, words: Words) -> list[Table]:
    """One table, or none where no hypothesis names a total."""
    if not result.totals:
        return []
    confidence = result.study.rules.confidence
    rows = tuple(
        (
            *(t.hypothesis, t.estimand, t.expression),
            *_figures(t.total, confidence),
            *_figures(t.share, confidence),
            words.told(t.share.reason) if isinstance(t.share, Unavailable) else "",
        )
        for t in result.totals
    )
    level = words("ci_level", level=f"{100 * confidence:g}")
    named = ("hypothesis", "estimand", "total_expression", "total_effect")
    columns = (*(words(name) for name in named), level, words("total_share"), level, words("reason"))
    numeric = (False, False, False, True, True, True, True, False)
    return [Table("totals", words("totals"), columns, rows, numeric, words("totals_note"))]


def _figures(effect: Effect | Unavailable, confidence: float) -> tuple[str, str]:
    if isinstance(effect, Unavailable):
        return number(None), interval(None, None)
    return number(effect.estimate), interval(*effect.interval(confidence))
