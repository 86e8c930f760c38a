"""The last section: what a report must say, and where this one says it or what is missing for it."""

from __future__ import annotations

from analysis.pipeline.result import AnalysisResult
from analysis.reporting.checklist import rows
from analysis.reporting.checklist.design import design_blanks
from analysis.reporting.checklist.findings import finding_blanks
from analysis.reporting.document import Section, Table
from analysis.reporting.wording import Words


def checklist_section(result: AnalysisResult, words: Words) -> Section:
    """One row an item of the checklist: filled from the result and the study file, or not available."""
    blanks = {**design_blanks(result, words), **finding_blanks(result, words)}
    printed = []
    for row in rows(words.language):
        known = blanks.get(row.number)
        said = words("checklist_missing", supply=row.supply) if known is None else row.filled.format(**known)
        printed.append((str(row.number), row.item, said))
    columns = (words("number"), words("checklist_item"), words("checklist_said"))
    table = Table(
        "checklist",
        words("checklist"),
        columns,
        tuple(printed),
        (False, False, False),
        words("checklist_note"),
    )
    filled = sum(row.number in blanks for row in rows(words.language))
    intro = words("checklist_intro", filled=filled, all=len(printed))
    return Section("checklist", words("checklist"), (intro,), (), (), (table,))
