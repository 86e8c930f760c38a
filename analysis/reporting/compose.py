"""From a result to a document in one language."""

from __future__ import annotations

from dataclasses import replace

from analysis.pipeline.result import AnalysisResult
from analysis.reporting.document import Document, without_blank
from analysis.reporting.names import choice
from analysis.reporting.sections_appendix import wording_section
from analysis.reporting.sections_checklist import checklist_section
from analysis.reporting.sections_data import data_section, findings_section
from analysis.reporting.sections_descriptives import descriptives_section
from analysis.reporting.sections_dimensionality import dimensionality_section
from analysis.reporting.sections_groups import groups_sections
from analysis.reporting.sections_invariance import invariance_section
from analysis.reporting.sections_limits import limits_section
from analysis.reporting.sections_measurement import measurement_section
from analysis.reporting.sections_method import method_section
from analysis.reporting.sections_method_bias import method_bias_section
from analysis.reporting.sections_necessity import necessity_sections
from analysis.reporting.sections_probes import probes_section
from analysis.reporting.sections_references import references_section
from analysis.reporting.sections_results import results_section
from analysis.reporting.sections_structure import structure_section
from analysis.reporting.sections_verdicts import verdict_section
from analysis.reporting.sections_waves import waves_sections
from analysis.reporting.wording import words as words_in
from questionnaire.piping import say


def compose(result: AnalysisResult, language: str) -> Document:
    """The whole report: verdicts first, then what they rest on."""
    words = words_in(language)
    study = result.study
    read, analysed = (result.flow[0].n, result.flow[-1].n) if result.flow else (0, 0)
    subtitle = words(
        "subtitle",
        n=analysed,
        read=read,
        screening=choice("screening", result.screening, words),
        scoring=choice("scoring", result.scoring, words),
        version=study.version,
        seed=result.seed,
    )
    chapters = {
        "results": (
            verdict_section(result, words),
            results_section(result, words),
            structure_section(result, words),
            probes_section(result, words),
            *groups_sections(result, words),
            *waves_sections(result, words),
            *necessity_sections(result, words),
        ),
        "method": (method_section(result, words),),
        "measurement": (
            descriptives_section(result, words),
            measurement_section(result, words),
            dimensionality_section(result, words),
            invariance_section(result, words),
            method_bias_section(result, words),
        ),
        "data": (data_section(result, words), findings_section(result, words)),
        "discussion": (limits_section(result, words),),
        "checklist": (wording_section(result, words), checklist_section(result, words)),
    }
    cited = tuple(section for within in chapters.values() for section in within)
    chapters["discussion"] += (references_section(cited, study.source, words),)
    sections = tuple(
        replace(
            section,
            chapter=words(f"chapter_{chapter}"),
            tables=tuple(without_blank(table) for table in section.tables),
        )
        for chapter, within in chapters.items()
        for section in within
    )
    title = f"{say(study.title, words.language, study.languages[0])} · {words('report')}"
    stamp = words("synthetic") if result.synthetic else ""
    return Document(title, subtitle, words.language, stamp, sections)
