"""From rows read to rows analysed, data quality, sensitivity and findings."""

from __future__ import annotations

import re

from analysis.pipeline.result import AnalysisResult
from analysis.reporting.document import Section, Table
from analysis.reporting.flow import flow_diagram
from analysis.reporting.names import choice
from analysis.reporting.numbers import bounded, listing, number, whole
from analysis.reporting.sensitivity import sensitivity_table
from analysis.reporting.wording import Words
from analysis.sem.findings import Finding
from analysis.unavailable import Unavailable

_MINUS = re.compile(r"(?<![\w-])-(?=[\d.])")


def data_section(result: AnalysisResult, words: Words) -> Section:
    """The flow of rows, the screening levels, the indices and every verdict at every level."""
    unknown = listing(result.unknown_columns, words.language)
    sentences = (words("unknown_columns", columns=unknown),) if unknown else ()
    sentences = (*sentences, _fabrication(result, words))
    every = sensitivity_table(result, words)
    tables = (_flow(result, words), _levels(result, words), _indices(result, words), every)
    return Section("data", words("data"), sentences, (), (flow_diagram(result, words),), tables)


def _fabrication(result: AnalysisResult, words: Words) -> str:
    found = result.fabrication
    if isinstance(found, Unavailable):
        return words("fabrication_missing", reason=words.told(found.reason))
    spread = words("no_times") if found.log_time_sd is None else number(found.log_time_sd, 2)
    within, between, ratio = (bounded(value, 2) for value in (found.within, found.between, found.collapse))
    return words("fabrication_found", within=within, between=between, ratio=ratio, spread=spread)


def findings_section(result: AnalysisResult, words: Words) -> Section:
    """What a reader must know before quoting anything."""
    if not result.findings:
        return Section("findings", words("findings"), (words("no_findings"),))
    rows = tuple((f.code, _told(f, words), listing(f.where, words.language)) for f in result.findings)
    columns = (words("code"), words("message"), words("place"))
    table = Table("findings", words("findings"), columns, rows, (False, False, False))
    return Section("findings", words("findings"), (), (), (), (table,))


def _told(finding: Finding, words: Words) -> str:
    joint = "" if words.language.startswith("zh") else " "
    told = joint.join(words.told(part) for part in (finding.message, finding.mend) if part)
    return _MINUS.sub("−", told)


def _flow(result: AnalysisResult, words: Words) -> Table:
    rows = tuple(
        (words.told(step.stage), whole(step.n), whole(step.removed), words.told(step.note))
        for step in result.flow
    )
    columns = (words("stage"), words("n"), words("removed"), words("note"))
    return Table("flow", words("flow"), columns, rows, (False, True, True, False))


def _levels(result: AnalysisResult, words: Words) -> Table:
    rows = tuple(
        (choice("screening", lv.level, words), whole(lv.kept), whole(lv.excluded), words.told(lv.rule))
        for lv in result.levels
    )
    columns = (words("level"), words("kept"), words("excluded"), words("rule"))
    return Table("levels", words("levels"), columns, rows, (False, True, True, False))


def _indices(result: AnalysisResult, words: Words) -> Table:
    rows = tuple(
        (
            words.known(f"index_{ix.index}", ix.index),
            choice("screening", ix.level, words) if ix.level else "",
            number(ix.threshold, 2),
            whole(ix.flagged),
            whole(ix.judged),
            words.told(ix.unavailable),
        )
        for ix in result.indices
    )
    columns = tuple(words(key) for key in ("index", "level", "threshold", "flagged", "judged", "reason"))
    return Table("indices", words("indices"), columns, rows, (False, False, True, True, True, False))
