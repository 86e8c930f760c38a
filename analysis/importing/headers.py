"""Which sheet and which line hold the header: the study tells, because every tool puts other things above."""

from __future__ import annotations

import re
from dataclasses import replace

from analysis.importing.tables import LISTED, Export, reheaded
from analysis.importing.wording import own_words, plain, wordings
from questionnaire.study import Study

LINES = 6
"""How many lines below the first may be the header instead."""
LABELS_LEAST = 3
"""So many of the study's wordings in one line are no answers."""


def settled(study: Study, export: Export) -> Export:
    """The sheet and header line in which most of the study's codes or wordings stand; what is left is told.

    A tie keeps the first. Lines of wording below a header of codes are labels, not answers.
    """
    codes = {code.casefold() for code in study.answer_codes()}
    texts = {plain(text) for said in wordings(study).values() for text in said}
    sheets = [replace(export, others=()), *export.others]
    best = max(sheets, key=lambda sheet: max(_known(names, codes, texts) for names in _headers(sheet)))
    if export.others:
        others = [f"“{sheet.name}” ({len(sheet.rows)})" for sheet in sheets if sheet.name != best.name]
        best = replace(best, about=export.about).about_file(
            f"the workbook has {len(sheets)} sheets; “{best.name}” was read, left out (with their rows): "
            + ", ".join(others[:LISTED])
        )
    counts = [_known(names, codes, texts) for names in _headers(best)]
    line = counts.index(max(counts))
    # A full header above the line of wordings is the header, and they are its labels.
    full = not any(str(name).startswith("column ") for name in best.rows.columns)
    if line and not (line == 1 and full) and not _is_label_line(best, line - 1):
        best = reheaded(best, line - 1)
    return _without_labels(best, codes, texts)


def _headers(export: Export) -> list[list[str]]:
    return [
        list(map(str, export.rows.columns)),
        *export.rows.head(LINES).to_numpy(dtype=object).tolist(),
    ]


def _known(names: list[str], codes: set[str], texts: set[str]) -> int:
    """Cells that name something the study asks."""
    count = 0
    for name in map(str, names):
        parts = [part for part in re.split(r"[\[\]().:：、,，\s_]+", name.casefold()) if part]
        count += any(part in codes for part in parts[:3]) or any(
            plain(own) in texts for own in own_words(name)
        )
    return count


def _is_label_line(export: Export, line: int) -> bool:
    """Qualtrics' own second line: the tool's reader knows what to do with it."""
    below = export.rows.iloc[line : line + 2].to_numpy(dtype=object).ravel().tolist()
    return any(str(cell).startswith('{"ImportId"') for cell in below)


def _without_labels(export: Export, codes: set[str], texts: set[str]) -> Export:
    """The export without a first line that repeats the study's wordings or codes below other names."""
    if not len(export.rows) or _is_label_line(export, 0):
        return export
    first = {str(name): str(export.rows[name].iloc[0]) for name in export.rows.columns}
    said = [
        text
        for text in first.values()
        if text.casefold() in codes or any(plain(own) in texts for own in own_words(text))
    ]
    if len(said) < LABELS_LEAST:
        return export
    rows = export.rows.iloc[1:].reset_index(drop=True)
    labelled = replace(export, rows=rows, labels=export.labels | {n: t for n, t in first.items() if t})
    return labelled.noting("the line below the header holds wordings, not answers")
