"""An export and a mapping → the answers table and the account of what was done."""

from __future__ import annotations

import csv
import re
from collections import Counter
from dataclasses import dataclass, replace
from pathlib import Path

import pandas as pd

from analysis.importing.account import Account, ColumnEntry, ValueEntry
from analysis.importing.mapping import Mapping, propose
from analysis.importing.reading import read_export
from analysis.importing.tools import IDENTIFYING, MISSING, Tool
from analysis.importing.values import Reading, read_option, read_rating, read_seconds
from analysis.preparation.answers import MISSING_MARKS, AnswersError, read_answers
from questionnaire.instrument import QuestionKind, Scale
from questionnaire.study import Study

TEST_RUNS = frozenset({"survey preview", "survey test"})
"""What Qualtrics' Status says of rows that no respondent gave."""


_ANSWER_CODE = re.compile(r"^AO?0*(\d+)$")


@dataclass(frozen=True, slots=True, eq=False)
class Imported:
    """``table`` is an answers table, text cells; ``account`` tells where each column and value went."""

    table: pd.DataFrame
    account: Account


def import_answers(study: Study, path: Path) -> Imported:
    """The file at ``path`` with the proposed mapping; AnswersError where it cannot be read."""
    export = read_export(path.name, path.read_bytes())
    return convert(study, propose(study, export))


def answers_at(study: Study, path: Path) -> tuple[pd.DataFrame, Account | None]:
    """The answers table at ``path``: as it is where it is one, else imported, then with the account.

    Raises AnswersError where the file cannot be read, or holds answers that no scale of the study knows: what
    a person has not looked at is not left out.
    """
    ending = path.suffix.lower()
    if not path.is_file() or ending in {".parquet", ".pq"} or (ending == ".csv" and _is_ours(study, path)):
        table = read_answers(path)
        # Labels in place of codes ("Often", "非常同意", "４") are read as an export's are, with an account.
        if not path.is_file() or not _has_words(study, table):
            return table, None
    imported = import_answers(study, path)
    if imported.account.unread:
        first = imported.account.unread[0]
        raise AnswersError(
            f"{first.text!r} ({first.count} times) cannot be read: {first.how}"
            + (f"; nor can {more} other texts" if (more := len(imported.account.unread) - 1) else ""),
            place=f"{path}, column {first.column}",
            mend="Correct the file, or upload it on the workbench and say there what these answers mean.",
        )
    return imported.table, imported.account


def _has_words(study: Study, table: pd.DataFrame) -> bool:
    """Whether a column of an item holds a text that is neither a number nor a mark for missing."""
    for code in set(study.items) & set(map(str, table.columns)):
        column = table[code]
        if pd.api.types.is_numeric_dtype(column):
            continue
        text = column.astype("string").str.strip()
        said = text[~(text.isna() | text.str.lower().isin(MISSING_MARKS))]
        if pd.to_numeric(said, errors="coerce").isna().any():
            return True
    return False


def _is_ours(study: Study, path: Path) -> bool:
    """Whether the header has the study's codes; what is not even text is for the reader to refuse."""
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            reader = csv.reader(file)
            header, second, third = (next(reader, []) for _ in range(3))
    except UnicodeDecodeError:
        return False
    except csv.Error:
        return True
    foreign = any('"ImportId"' in cell for cell in (*second, *third))
    return not foreign and bool(set(study.items) & set(header))


def convert(study: Study, mapping: Mapping) -> Imported:
    """Every column of the export under a code, under its own name, or left with a reason."""
    export, tool = mapping.recognised.export, mapping.recognised.tool
    rows, notes = _respondents(export.rows, tool)
    missing = MISSING_MARKS | MISSING.get(tool, frozenset())
    scales = {item.code: study.scale(item.scale) for item in study.items.values()}
    scales |= {check.code: study.scale(check.scale) for check in study.checks}
    how = {match.column: match for match in mapping.matches}
    table: dict[str, list[str]] = {}
    columns: list[ColumnEntry] = []
    values: list[ValueEntry] = []
    for name in map(str, rows.columns):
        cells = [str(cell) for cell in rows[name]]
        if name not in how:
            columns.append(ColumnEntry(name, "", mapping.left.get(name, "not mapped")))
            if not IDENTIFYING.match(name) or tool is Tool.SYNERGY:
                table[name] = cells
            continue
        code = how[name].code
        if code in scales:
            labelled = export.value_labels.get(name, {})
            new, entries = _rated(code, name, cells, scales[code], labelled, missing, mapping)
            values += entries
        else:
            new, entries = _other(study, code, name, cells)
            values += entries
        table[code] = new
        unread = sum(entry.count for entry in entries if entry.rating is None)
        read = sum(bool(cell) for cell in new)
        columns.append(ColumnEntry(name, code, how[name].how, read, len(new) - read - unread, unread))
    absent = tuple(code for code in study.answer_codes() if code not in table)
    account = Account(
        tool.value,
        mapping.recognised.why,
        len(rows),
        tuple(columns),
        tuple(values),
        absent,
        (*export.notes, *notes),
    )
    return Imported(pd.DataFrame(table, dtype=object), account)


def _respondents(rows: pd.DataFrame, tool: Tool) -> tuple[pd.DataFrame, tuple[str, ...]]:
    """Rows without the tool's test runs, and the sentence that says so."""
    if tool is not Tool.QUALTRICS or "Status" not in rows:
        return rows, ()
    test = rows["Status"].astype(str).str.strip().str.casefold().isin(TEST_RUNS)
    if not test.any():
        return rows, ()
    note = f"{int(test.sum())} rows are previews or generated tests, not respondents, and were left out"
    return rows[~test].reset_index(drop=True), (note,)


def _rated(
    code: str,
    column: str,
    cells: list[str],
    scale: Scale,
    labelled: dict[str, str],
    missing: frozenset[str],
    mapping: Mapping,
) -> tuple[list[str], list[ValueEntry]]:
    said = mapping.values.get(scale.code, {})
    readings: dict[str, Reading] = {}
    for text in dict.fromkeys(cells):
        readings[text] = (
            Reading(said[text], "given")
            if text in said
            else _with_label(text, labelled, scale, missing, mapping.recognised.tool)
        )
    new = [str(readings[cell].rating or "") for cell in cells]
    counts = Counter(cells)
    entries = [
        ValueEntry(code, column, scale.code, text, counts[text], reading.rating, reading.how)
        for text, reading in readings.items()
        if text
    ]
    return new, entries


def _with_label(
    text: str, labelled: dict[str, str], scale: Scale, missing: frozenset[str], tool: Tool
) -> Reading:
    """A code stored with its label (.sav) is read by the label, because codes may start anywhere."""
    if text in labelled:
        by_label = read_rating(labelled[text], scale, missing)
        if by_label.rating is not None:
            return by_label
    if tool is Tool.LIMESURVEY and (code := _ANSWER_CODE.match(text)):
        return replace(read_rating(code[1], scale, missing), how="LimeSurvey answer code")
    return read_rating(text, scale, missing)


def _other(study: Study, code: str, column: str, cells: list[str]) -> tuple[list[str], list[ValueEntry]]:
    """Background questions by option; seconds as numbers; everything else as it is."""
    if code == "seconds_total":
        new = [read_seconds(cell) if cell else "" for cell in cells]
        lost = Counter(cell for cell, value in zip(cells, new, strict=True) if value is None)
        entries = [
            ValueEntry(code, column, "", text, n, None, "not a number of seconds") for text, n in lost.items()
        ]
        return [value or "" for value in new], entries
    question = next((q for q in study.questions if q.code == code), None)
    if question is None or question.kind is not QuestionKind.SINGLE:
        return cells, []
    # An answer that is no option is kept as it was written: nothing is computed from it.
    return [(read_option(cell, question) or cell) if cell else "" for cell in cells], []
