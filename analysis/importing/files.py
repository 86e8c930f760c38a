"""Answers from a path: as they are where they follow the contract, else imported."""

from __future__ import annotations

import csv
from pathlib import Path

import pandas as pd

from analysis.importing.account import Account
from analysis.importing.convert import Imported, convert
from analysis.importing.mapping import propose
from analysis.importing.reading import read_export
from analysis.importing.saved import with_saved
from analysis.preparation.answers import MISSING_MARKS, AnswersError, read_answers
from questionnaire.study import Study


def import_answers(study: Study, path: Path, mapping: Path | None = None) -> Imported:
    """The file at ``path`` with the proposed mapping, corrected by a saved one.

    Raises AnswersError where either cannot be read.
    """
    proposed = propose(study, read_export(path.name, _bytes(path)))
    if mapping is not None:
        text = _bytes(mapping).decode("utf-8-sig", errors="replace")
        proposed = with_saved(study, proposed, text, str(mapping))
    return convert(study, proposed)


def answers_at(study: Study, path: Path, mapping: Path | None = None) -> tuple[pd.DataFrame, Account | None]:
    """The answers table at ``path``: as it is where it is one, else imported, then with the account.

    Raises AnswersError where the file cannot be read, holds answers that no scale of the study knows, or
    answers that only a person can say the meaning of: what nobody has looked at is not left out.
    """
    ending = path.suffix.lower()
    ours = ending in {".parquet", ".pq"} or (ending == ".csv" and path.is_file() and _is_ours(study, path))
    if mapping is None and (not path.is_file() or ours):
        table = read_answers(path)
        # Labels in place of codes ("Often", "非常同意", "４") are read as an export's are, with an account.
        if _follows(study, table):
            return table, None
    imported = import_answers(study, path, mapping)
    account = imported.account
    mend = "Say on the workbench what these answers mean, save the mapping there and give it with --mapping."
    if undecided := next((one for one in account.suspicions if one.open), None):
        raise AnswersError(
            f"{undecided.said}. {undecided.mend}", place=f"{path}, {undecided.where}", mend=mend
        )
    if account.unread:
        first = account.unread[0]
        raise AnswersError(
            f"{first.text!r} ({first.count}×) cannot be read: {first.how}"
            + (f"; nor can {more} other texts" if (more := len(account.unread) - 1) else ""),
            place=f"{path}, column {first.column}",
            mend=f"Correct the file. {mend}" if not first.scale else mend,
        )
    if study.items and not set(study.items) & set(imported.table):
        raise AnswersError(
            "no column holds an item of the study",
            place=str(path),
            mend="Check that this is an export of this study; if it is, map its columns on the workbench, "
            "save the mapping there and give it with --mapping.",
        )
    return imported.table, account


def _bytes(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        raise AnswersError(
            f"the file cannot be opened: {error.strerror}", place=str(path), mend="Check the path."
        ) from error


def _follows(study: Study, table: pd.DataFrame) -> bool:
    """Whether every item's column holds whole numbers on its scale or marks for missing, nothing else."""
    for code in set(study.items) & set(map(str, table.columns)):
        points = study.scale(study.items[code].scale).points
        column = table[code]
        if pd.api.types.is_numeric_dtype(column):
            said = column.dropna()
        else:
            text = column.astype("string").str.strip()
            said = text[~(text.isna() | text.str.lower().isin(MISSING_MARKS))]
        # As floats: text types have a missing value of their own, which no comparison finds wrong.
        numbers = pd.to_numeric(said, errors="coerce").to_numpy(dtype=float, na_value=float("nan"))
        if not ((numbers >= 1) & (numbers <= points) & (numbers % 1 == 0)).all():
            return False
    return True


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
