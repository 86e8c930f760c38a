"""The verdicts: cards for a first look, then every figure behind them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from analysis.pipeline.result import AnalysisResult, GateCheck, VerdictRow
from analysis.reporting.document import Card, Section, Table
from analysis.reporting.names import reason_of, remarks
from analysis.reporting.numbers import NONE, bounded, interval, number, pvalue
from analysis.reporting.total_effects import totals_tables
from analysis.reporting.wording import Words, opened
from questionnaire.piping import say
from questionnaire.plan import Hypothesis
from questionnaire.study import Study

TONES = {
    "supported": "for",
    "supported, trivially small": "for",
    "contradicted": "against",
    "no effect of interest": "against",
    "undecided": "open",
}


def verdict_section(result: AnalysisResult, words: Words) -> Section:
    """Cards, the table of the primary analysis, the gate."""
    hypotheses = {h.code: h for h in result.study.hypotheses}
    primary = [row for row in result.verdicts if row.primary]
    table = verdict_table("verdicts", words("verdicts"), primary, result, words)
    return Section(
        "verdicts",
        words("verdicts"),
        (words(f"plan_{result.plan.value}"), words.told(result.plan_note), words("verdicts_intro")),
        tuple(_card(row, hypotheses[row.hypothesis], result, words) for row in primary),
        (),
        (
            replace(table, note="\n".join([table.note, *caveats(primary, result.study, words)])),
            *totals_tables(result, words),
            _gate(result, words),
        ),
    )


def caveats(rows: Sequence[VerdictRow], study: Study, words: Words) -> list[str]:
    """What the study file says a reader must know, once each, after the codes of its hypotheses."""
    judged = {row.hypothesis for row in rows}
    return remarks(
        (
            (h.code, say(h.caveat, words.language, study.languages[0]))
            for h in study.hypotheses
            if h.code in judged
        ),
        words,
    )


def verdict_word(verdict: str, words: Words) -> str:
    """The verdict in the report's language."""
    return words.known("verdict_" + verdict.replace(",", "").replace(" ", "_"), verdict)


def verdict_table(
    key: str,
    caption: str,
    rows: list[VerdictRow],
    result: AnalysisResult,
    words: Words,
) -> Table:
    """One row a verdict."""
    level = f"{100 * result.study.rules.confidence:g}"
    columns = [words("hypothesis"), words("estimand")]
    columns += [
        words("estimate"),
        words("se"),
        words("ci_level", level=level),
        words("p"),
        words("p_adjusted"),
    ]
    columns += [words("sesoi"), words("verdict"), words("reason")]
    printed = []
    for row in rows:
        figures = (
            number(row.estimate),
            number(row.se),
            interval(row.ci_lower, row.ci_upper),
            pvalue(row.pvalue),
            pvalue(row.pvalue_adjusted),
            number(row.sesoi, 2),
        )
        verdict = verdict_word(row.verdict, words)
        printed.append(
            (row.hypothesis, row.estimand, *figures, verdict, opened(reason_of(row, result.study, words)))
        )
    numeric = (False, False, *([True] * 6), False, False)
    adjustment = result.study.rules.adjustment
    method = words.known(f"adjustment_{adjustment}", adjustment)
    note = words("verdicts_note", method=method)
    return Table(key, caption, tuple(columns), tuple(printed), numeric, note)


def _card(row: VerdictRow, hypothesis: Hypothesis, result: AnalysisResult, words: Words) -> Card:
    claim = say(hypothesis.statement, words.language, result.study.languages[0])
    estimate, tone = number(row.estimate, 2), TONES.get(row.verdict, "closed")
    figures = "" if estimate == NONE else f"{estimate} {interval(row.ci_lower, row.ci_upper, 2)}"
    # Why there is no verdict is said even where there is an estimate.
    why = opened(reason_of(row, result.study, words)) if tone == "closed" or not figures else ""
    detail = " · ".join(filter(None, (figures, why)))
    caveat = say(hypothesis.caveat, words.language, result.study.languages[0])
    verdict = verdict_word(row.verdict, words)
    return Card(row.hypothesis, claim, verdict, tone, detail, words("caveat"), caveat)


def _gate(result: AnalysisResult, words: Words) -> Table:
    def passed(check: GateCheck) -> str:
        known = {True: "gate_passed", False: "gate_failed", None: "gate_unknown"}
        return words(known[check.passed])

    rows = tuple(
        (
            words.told(check.name),
            bounded(check.value),
            bounded(check.limit, 2),
            passed(check),
            words.told(check.note),
        )
        for check in result.gate.checks
    )
    columns = (words("condition"), words("value"), words("limit"), words("result"), words("note"))
    return Table(
        "gate",
        words("gate"),
        columns,
        rows,
        (False, True, True, False, False),
        words.told(result.gate.statement),
    )
