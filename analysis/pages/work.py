"""What the workbench has done in a worker process: an analysis, already composed for reading."""

from __future__ import annotations

import io
import tempfile
import zipfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from analysis.reporting.document import Document

if TYPE_CHECKING:
    import pandas as pd

    from questionnaire.study import Study

Progress = Callable[[float, str], None]
ANALYSIS_SHARE = 0.95
"""What of a job's progress is the analysis; the rest is writing its report."""
DEMO = Path(__file__).parents[2] / "data" / "demo"


@dataclass(frozen=True, slots=True)
class Report:
    """One analysis in every language of the report, with everything to download as one archive."""

    documents: dict[str, Document]
    archive: bytes


def analyse_live(database: str, study_code: str, seed: int, progress: Progress) -> Report:
    """Analyse the finished answers of the newest version of a study in the store."""
    from questionnaire.exchange.table import answers_table, completed
    from questionnaire.fielding.desk import plan_at_opening
    from questionnaire.loading import parse_study
    from questionnaire.storage import connect

    storage = connect(database)
    try:
        newest = [version for version in storage.studies() if version.code == study_code][-1]
        study = parse_study(newest.text, study_code)
        table = answers_table(study, completed(storage.respondents(study.content_hash)))
        registered = plan_at_opening(storage, study_code)
    finally:
        storage.close()
    return _report(study, table, seed, progress, registered)


def analyse_file(study_text: str, answers: Path, seed: int, progress: Progress) -> Report:
    """Analyse an answers table that lies in a file, such as the synthetic demo answers."""
    from analysis.preparation.answers import read_answers
    from questionnaire.loading import parse_study

    return _report(parse_study(study_text, "study"), read_answers(answers), seed, progress)


def demo_answers(study_code: str) -> Path | None:
    """The synthetic answers that come with the product for this study, if there are any."""
    path = DEMO / f"{study_code}.csv"
    return path if path.is_file() else None


def _report(
    study: Study, table: pd.DataFrame, seed: int, progress: Progress, registered: str | None = None
) -> Report:
    from analysis.pipeline import analyse, write_tables
    from analysis.reporting.compose import compose
    from analysis.reporting.html import to_html
    from analysis.reporting.word import write_word
    from analysis.reporting.wording import languages

    def most(share: float, doing: str) -> None:
        progress(ANALYSIS_SHARE * share, doing)

    result = analyse(study, table, seed=seed, progress=most, registered_plan=registered)
    progress(ANALYSIS_SHARE, "writing the report")
    documents = {language: compose(result, language) for language in languages()}
    with tempfile.TemporaryDirectory() as folder:
        write_tables(result, Path(folder))
        for language, document in documents.items():
            page = Path(folder, f"report.{language}.html")
            page.write_text(to_html(document), encoding="utf-8")
            write_word(document, Path(folder, f"report.{language}.docx"))
        return Report(documents, _zipped(Path(folder)))


def _zipped(folder: Path) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for path in sorted(folder.iterdir()):
            archive.write(path, path.name)
    return buffer.getvalue()
