"""An export and a mapping → the answers table and the account of what was done."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass, replace

import pandas as pd

from analysis.importing.account import Account, ColumnEntry, ValueEntry
from analysis.importing.labelled import Labelled
from analysis.importing.mapping import Mapping
from analysis.importing.respondents import respondents
from analysis.importing.suspicions import suspicions
from analysis.importing.times import MIDNIGHT_1980, read_moments, read_seconds
from analysis.importing.tools import MISSING, Tool, identifies
from analysis.importing.values import Reading, normal, read_option, read_rating, whole
from analysis.preparation.answers import MISSING_MARKS
from questionnaire.instrument import QuestionKind, Scale
from questionnaire.study import Study

_ANSWER_CODE = re.compile(r"^(?:AO?0*)(\d+)$")
MOMENTS = ("started_at", "finished_at")


KEPT = -1
"""The rating of a text that stays a text."""


@dataclass(frozen=True, slots=True, eq=False)
class Imported:
    """``table`` is an answers table, text cells; ``account`` tells where each column and value went.

    ``before`` holds the same rows as they stood in the file.
    """

    table: pd.DataFrame
    account: Account
    before: pd.DataFrame


def convert(study: Study, mapping: Mapping) -> Imported:
    """Every column of the export under a code, under its own name, or left with a reason."""
    export, tool = mapping.recognised.export, mapping.recognised.tool
    rows, status, notes = respondents(export.rows, tool)
    scales = {item.code: study.scale(item.scale) for item in study.items.values()}
    scales |= {check.code: study.scale(check.scale) for check in study.checks}
    asked = set(study.answer_codes())
    how = {match.column: match for match in mapping.matches}
    table: dict[str, list[str]] = {}
    columns: list[ColumnEntry] = []
    values: list[ValueEntry] = []
    for name in map(str, rows.columns):
        cells = rows[name].tolist()
        if name not in how:
            columns.append(ColumnEntry(name, "", mapping.left.get(name, "not mapped")))
            # Under the name of an item nothing stands that was not read as one.
            if name not in asked and (not identifies(name) or tool is Tool.SYNERGY):
                table[name] = cells
            continue
        code = how[name].code
        if code in scales:
            new, entries = _rated(code, name, cells, scales[code], mapping)
        else:
            new, entries = _other(study, code, name, cells)
        values += entries
        table[code] = new
        unread = sum(entry.count for entry in entries if entry.rating is None)
        read = sum(bool(cell) for cell in new)
        columns.append(ColumnEntry(name, code, how[name].how, read, len(new) - read - unread, unread))
    if status is not None and "status" not in table:
        table["status"] = status
    frame = pd.DataFrame(table, dtype=object)
    numbers = {value.text: n for value in values if (n := _number(value.text, tool)) is not None}
    account = Account(
        tool.value,
        mapping.recognised.why,
        len(rows),
        tuple(columns),
        tuple(values),
        tuple(code for code in study.answer_codes() if code not in table),
        (*export.about, *export.notes, *notes),
        suspicions(study, values, numbers, frame, mapping.values),
    )
    return Imported(frame, account, rows)


def _number(text: str, tool: Tool) -> int | None:
    code = _ANSWER_CODE.match(text) if tool is Tool.LIMESURVEY else None
    return int(code[1]) if code else whole(text)


def _rated(
    code: str, column: str, cells: list[str], scale: Scale, mapping: Mapping
) -> tuple[list[str], list[ValueEntry]]:
    """Each distinct text read once: as a person said, as the file says, or by number and label."""
    export, tool = mapping.recognised.export, mapping.recognised.tool
    said = mapping.values.get(scale.code, {}) | mapping.values.get(code, {})
    missing = MISSING_MARKS | MISSING.get(tool, frozenset())
    declared = export.declared.get(column, frozenset())
    labels = export.value_labels.get(column)
    labelled = Labelled(labels, scale, missing) if labels else None
    counts = Counter(cells)
    readings: dict[str, Reading] = {}
    for text in counts:
        if text in said:
            readings[text] = Reading(said[text], "given")
        elif text in declared:
            readings[text] = Reading(0, "declared missing in the file")
        elif labelled is not None:
            readings[text] = labelled(text, tool is Tool.SYNERGY)
        elif tool is Tool.LIMESURVEY and (answer := _ANSWER_CODE.match(text)):
            read = read_rating(answer[1], scale, missing, codes_first=True)
            readings[text] = replace(read, how="LimeSurvey answer code") if read.rating else read
        else:
            readings[text] = read_rating(text, scale, missing, tool is Tool.SYNERGY)
    ratings = {text: str(reading.rating or "") for text, reading in readings.items()}
    entries = [
        ValueEntry(code, column, scale.code, text, counts[text], reading.rating, reading.how)
        for text, reading in readings.items()
        if text
    ]
    return [ratings[cell] for cell in cells], entries


def _other(study: Study, code: str, column: str, cells: list[str]) -> tuple[list[str], list[ValueEntry]]:
    """Background questions by option; times as seconds and as ISO 8601; everything else as it is."""
    if code == "seconds_total" or code in MOMENTS:
        if code == "seconds_total":
            known: dict[str, str | None] = {text: read_seconds(text) for text in set(cells) if text}
            why = "not a number of seconds"
        else:
            known = read_moments(cells)
            known |= {text: None for text, moment in known.items() if moment == MIDNIGHT_1980}
            why = "no time, or day and month cannot be told apart"
        lost = Counter(cell for cell in cells if cell and known[cell] is None)
        entries = [ValueEntry(code, column, "", text, n, None, why) for text, n in lost.items()]
        return [known.get(cell) or "" for cell in cells], entries
    question = next((q for q in study.questions if q.code == code), None)
    if question is None or question.kind is not QuestionKind.SINGLE:
        return cells, []
    # An answer that is no option is kept as it was written: nothing is computed from it.
    options = {text: read_option(text, question) for text in set(cells) if text}
    # "none" may be an option: only a text that is no option says that there is no answer.
    marks = {text for text, option in options.items() if option is None and normal(text) in MISSING_MARKS}
    kept = Counter(cell for cell in cells if cell and options[cell] is None and cell not in marks)
    entries = [
        ValueEntry(code, column, "", text, n, KEPT, "no option of the question; kept as it was written")
        for text, n in kept.items()
    ]
    return ["" if c in marks or not c else options[c] or c for c in cells], entries
