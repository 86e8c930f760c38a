"""Every hypothesis under every way of screening, scoring and estimating, side by side."""

from __future__ import annotations

from analysis.pipeline.result import AnalysisResult, VerdictRow
from analysis.reporting.document import Table
from analysis.reporting.names import choice
from analysis.reporting.numbers import NONE, number
from analysis.reporting.sections_verdicts import verdict_word
from analysis.reporting.wording import Words

Way = tuple[str, str, str]


def sensitivity_table(result: AnalysisResult, words: Words) -> Table:
    """One row a hypothesis, one column a way of analysis, the primary one first.

    Ways that differ by estimator alone stand only where some hypothesis has more than one there.
    """
    ordered = sorted(result.verdicts, key=lambda row: not row.primary)
    by_code: dict[str, dict[Way, VerdictRow]] = {}
    for row in ordered:
        by_code.setdefault(row.hypothesis, {}).setdefault(_way(row, ordered), row)
    ways = list(dict.fromkeys(way for rows in by_code.values() for way in rows))
    codes = list(dict.fromkeys(row.hypothesis for row in result.verdicts))
    rows = tuple(
        (code, *(_cell(by_code[code].get(way), words) for way in ways))
        for code in codes
        if any(number(row.estimate) != NONE for row in by_code[code].values())
    )
    columns = (words("hypothesis"), *(_heading(way, words) for way in ways))
    numeric = (False,) * len(columns)
    return Table("sensitivity", words("sensitivity"), columns, rows, numeric, words("sensitivity_note"))


def _way(row: VerdictRow, rows: list[VerdictRow]) -> Way:
    """Screening, scoring and, for a second estimate of the same hypothesis there, the estimator."""
    same = [
        r.estimator
        for r in rows
        if (r.hypothesis, r.screening, r.scoring) == (row.hypothesis, row.screening, row.scoring)
    ]
    return row.screening, row.scoring, "" if row.estimator == same[0] else row.estimator


def _heading(way: Way, words: Words) -> str:
    kinds = zip(("screening", "scoring", "estimator"), way, strict=True)
    joint = "、" if words.language.startswith("zh") else ", "
    return joint.join(choice(kind, code, words) for kind, code in kinds if code)


def _cell(row: VerdictRow | None, words: Words) -> str:
    if row is None or number(row.estimate) == NONE:
        return NONE
    return f"{number(row.estimate)} {verdict_word(row.verdict, words)}"
