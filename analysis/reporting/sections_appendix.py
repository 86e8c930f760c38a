"""What was asked, word by word, with where the wording comes from."""

from __future__ import annotations

from analysis.pipeline.result import AnalysisResult
from analysis.reporting.document import Section, Table
from analysis.reporting.wording import Words
from questionnaire.piping import say


def wording_section(result: AnalysisResult, words: Words) -> Section:
    """One row an item in the order of the study file, in the report's language or the study's first."""
    study, first = result.study, result.study.languages[0]
    rows = tuple(
        (
            f"{say(construct.name, words.language, first)} ({construct.code})" if place == 0 else "",
            item.code + (words("reversed_mark") if item.reverse else ""),
            say(item.wording, words.language, first),
            construct.source if place == 0 else "",
        )
        for construct in study.constructs
        for place, item in enumerate(construct.items)
    )
    columns = tuple(words(key) for key in ("construct", "item", "wording", "source"))
    table = Table(
        "wording", words("wordings"), columns, rows, (False, False, False, False), words("wordings_note")
    )
    return Section("wording", words("wordings"), (), (), (), (table,))
