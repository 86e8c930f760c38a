"""The answers table at the boundary: read, checked once against the study, and split by meaning."""

from __future__ import annotations

import csv
from collections import Counter
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd

from questionnaire.instrument import Construct, Role
from questionnaire.study import Study

MISSING_MARKS = frozenset({"", "na", "nan", "null", "none", "<na>"})
CONTEXT = ("respondent", "wave", "language", "platform", "version", "started_at", "finished_at")
CONTEXT_OPTIONAL = ("seconds_total", "synthetic", "consent_level", "form", "status")


class AnswersError(Exception):
    """A table that cannot be analysed; ``place`` says where, ``mend`` what to do."""

    def __init__(self, message: str, place: str, mend: str) -> None:
        self.message, self.place, self.mend = message, place, mend
        super().__init__(message, place, mend)

    def __str__(self) -> str:
        return f"{self.place}: {self.message}. {self.mend}"


@dataclass(frozen=True, slots=True, eq=False)
class Answers:
    """A checked answers table; all frames share one RangeIndex, one row a respondent and wave.

    ``items``: float codes 1…k as given, NaN for missing, one column per item asked. ``checks``: float
    codes of check items present. ``context``: the other columns the contract or the study knows, as given.
    ``absent`` names constructs whose columns are not there at all; ``unknown`` columns nobody knows.
    """

    items: pd.DataFrame
    checks: pd.DataFrame
    context: pd.DataFrame
    absent: tuple[str, ...]
    unknown: tuple[str, ...]

    def __len__(self) -> int:
        return len(self.items)

    def take(self, rows: np.ndarray) -> Answers:
        """The rows where the boolean array ``rows`` is true, renumbered."""
        return Answers(
            self.items[rows].reset_index(drop=True),
            self.checks[rows].reset_index(drop=True),
            self.context[rows].reset_index(drop=True),
            self.absent,
            self.unknown,
        )


def read_answers(path: str | Path) -> pd.DataFrame:
    """The table in a CSV (UTF-8, with or without byte order mark) or Parquet file, nothing interpreted.

    Raises AnswersError for a file that is missing, empty, not UTF-8, or has a column twice.
    """
    path = Path(path)
    if not path.is_file():
        raise AnswersError("there is no such file", place=str(path), mend="Check the path.")
    if path.suffix.lower() in {".parquet", ".pq"}:
        try:
            return pd.read_parquet(path)
        except (OSError, ValueError) as error:
            raise AnswersError(
                f"this is not a readable Parquet file: {error}",
                place=str(path),
                mend="Write it again, or give a CSV file.",
            ) from error
    return _read_csv(path)


def _read_csv(path: Path) -> pd.DataFrame:
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            header = next(csv.reader(file), [])
        if not header:
            raise AnswersError("the file is empty", place=str(path), mend="Give a table with a header line.")
        _refuse_duplicates(header, str(path))
        return pd.read_csv(path, encoding="utf-8-sig", dtype=str, keep_default_na=False)
    except UnicodeDecodeError as error:
        raise AnswersError(
            f"the file is not UTF-8 (byte {error.start})",
            place=str(path),
            mend="Save it as “CSV UTF-8”.",
        ) from error
    except pd.errors.ParserError as error:
        raise AnswersError(
            f"the file is not a regular table: {str(error).strip()}",
            place=str(path),
            mend="Give every line as many cells as the header has.",
        ) from error


def _refuse_duplicates(header: list[str], place: str) -> None:
    twice = [name for name, count in Counter(header).items() if count > 1 and name]
    if twice:
        raise AnswersError(
            f"column {twice[0]!r} stands there {Counter(header)[twice[0]]} times",
            place=place,
            mend="Keep one of them.",
        )


def check_answers(study: Study, table: pd.DataFrame) -> Answers:
    """``table`` checked against the study's items.

    Raises AnswersError naming column, row and value for a column that is missing or an answer off its scale.
    Only optional constructs may be left out altogether.
    """
    table = table.rename(columns=str).reset_index(drop=True)
    _refuse_duplicates(list(table.columns), "the answers table")
    absent = tuple(c.code for c in study.constructs if _left_out(c, table))
    asked = [
        item for construct in study.constructs if construct.code not in absent for item in construct.items
    ]
    missing = [item.code for item in asked if item.code not in table]
    if missing:
        raise AnswersError(
            f"the table has no column for {_listed(missing)}",
            place="the answers table",
            mend=f"Add the column{'s' * (len(missing) > 1)}, empty where nothing was answered.",
        )
    items = {i.code: _codes(table[i.code], i.code, study.scale(i.scale).points) for i in asked}
    checks = {
        c.code: _codes(table[c.code], c.code, study.scale(c.scale).points)
        for c in study.checks
        if c.code in table
    }
    known = _known_columns(study, table)
    taken = {*items, *checks}
    return Answers(
        pd.DataFrame(items, index=table.index, dtype=float),
        pd.DataFrame(checks, index=table.index, dtype=float),
        table[[c for c in known if c not in taken]],
        absent,
        tuple(c for c in table.columns if c not in taken and c not in known),
    )


def _left_out(construct: Construct, table: pd.DataFrame) -> bool:
    return construct.role is Role.OPTIONAL and not any(i.code in table for i in construct.items)


def _known_columns(study: Study, table: pd.DataFrame) -> list[str]:
    names = {*CONTEXT, *CONTEXT_OPTIONAL, *study.answer_codes()}
    return [
        c
        for c in table.columns
        if c in names
        or c.startswith(("seconds_", "order_"))
        or any(c.startswith(f"{question.code}_") for question in study.questions)
    ]


def _codes(column: pd.Series, name: str, points: int) -> np.ndarray:
    """Codes 1…points as floats, NaN for missing."""
    if pd.api.types.is_numeric_dtype(column) and not pd.api.types.is_bool_dtype(column):
        values = column.to_numpy(dtype=float, na_value=np.nan)
        blank = np.isnan(values)
    else:
        text = column.astype("string").str.strip()
        blank = (text.isna() | text.str.lower().isin(MISSING_MARKS)).to_numpy(dtype=bool)
        values = pd.to_numeric(text.mask(blank), errors="coerce").to_numpy(dtype=float, na_value=np.nan)
    wrong = ~blank & ~((values >= 1) & (values <= points) & (np.floor(values) == values))
    if wrong.any():
        row = int(np.flatnonzero(wrong)[0])
        more = int(wrong.sum()) - 1
        raise AnswersError(
            f"{str(column.iloc[row])!r} is not an answer on a scale of 1 to {points}"
            + (f" ({more} more in this column)" if more else ""),
            place=f"column {name}, row {row + 1}",
            mend=f"Write a whole number from 1 to {points}, or leave the cell empty.",
        )
    return values


def _listed(names: list[str], shown: int = 8) -> str:
    rest = len(names) - shown
    return ", ".join(names[:shown]) + (f" and {rest} more" if rest > 0 else "")
