"""What the workbench has done in a worker process: an analysis, already composed for reading."""

from __future__ import annotations

import io
import tempfile
import zipfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from analysis.pages.sources import LiveGroups, Source

if TYPE_CHECKING:
    from analysis.pipeline.result import AnalysisResult
    from analysis.reporting.document import Document

Progress = Callable[[float, str], None]
ANALYSIS_SHARE = 0.95
"""What of a job's progress is the analysis; the rest is writing its report."""


@dataclass(frozen=True, slots=True)
class Report:
    """One analysis: its result, the report in every language, and everything to download as one archive."""

    result: AnalysisResult
    documents: dict[str, Document]
    archive: bytes


def analyse_source(study_text: str, source: Source, seed: int, progress: Progress) -> Report:
    """Analyse the answers of ``source`` and compose the report.

    The archive holds the tables, the report in every language and, in a folder, the replication bundle.
    """
    from analysis.pipeline import analyse, write_tables
    from analysis.reporting.compose import compose
    from analysis.reporting.html import to_html
    from analysis.reporting.replication import write_bundle
    from analysis.reporting.word import write_word
    from analysis.reporting.wording import languages
    from questionnaire.loading import parse_study

    def most(share: float, doing: str) -> None:
        progress(ANALYSIS_SHARE * share, doing)

    study = parse_study(study_text, "study")
    registered = source.registered_plan(study)
    result = analyse(study, source.table(study), seed=seed, progress=most, registered_plan=registered)
    progress(ANALYSIS_SHARE, "writing the report")
    documents = {language: compose(result, language) for language in languages()}
    with tempfile.TemporaryDirectory() as folder:
        write_tables(result, Path(folder))
        for language, document in documents.items():
            page = Path(folder, f"report.{language}.html")
            page.write_text(to_html(document), encoding="utf-8")
            write_word(document, Path(folder, f"report.{language}.docx"))
        write_bundle(result, study_text, Path(folder, "replication"))
        return Report(result, documents, _zipped(Path(folder)))


def group_results(study_text: str, source: LiveGroups, seed: int, progress: Progress) -> dict[str, Document]:
    """The report for viewers in every language; nothing about one respondent leaves the worker process.

    Raises TooFewError.
    """
    from analysis.pipeline import analyse
    from analysis.reporting.for_viewers import for_viewers
    from analysis.reporting.wording import languages
    from questionnaire.loading import parse_study

    study = parse_study(study_text, "study")
    registered = source.registered_plan(study)
    result = analyse(study, source.table(study), seed=seed, progress=progress, registered_plan=registered)
    return {language: for_viewers(result, language) for language in languages()}


def _zipped(folder: Path) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for path in sorted(member for member in folder.rglob("*") if member.is_file()):
            archive.write(path, path.relative_to(folder).as_posix())
    return buffer.getvalue()
