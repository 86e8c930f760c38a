"""A file as it came: one text table with its header, whatever the format."""

from __future__ import annotations

import csv
import io
import tempfile
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path

import pandas as pd

from analysis.preparation.answers import AnswersError

ENDINGS = ("csv", "tsv", "txt", "xlsx", "sav", "parquet", "pq")
ENCODINGS = ("utf-8-sig", "gb18030")
"""GB 18030 is what spreadsheets on Chinese Windows save; it reads anything, so it comes last."""


@dataclass(frozen=True, slots=True, eq=False)
class Export:
    """``rows``: text cells, empty for missing; ``labels``: wording by column, where known.

    ``value_labels``: column → text of a code → label, for formats that store codes with labels (.sav).
    ``notes`` say what reading changed.
    """

    rows: pd.DataFrame
    labels: dict[str, str] = field(default_factory=dict)
    value_labels: dict[str, dict[str, str]] = field(default_factory=dict)
    notes: tuple[str, ...] = ()


def read_export(name: str, content: bytes) -> Export:
    """The table in a file of that name.

    Raises AnswersError for an ending that is not read, an empty file or one that is not what it says.
    """
    ending = name.rpartition(".")[2].lower()
    if ending not in ENDINGS:
        raise AnswersError(
            f"files ending in .{ending} are not read",
            place=name,
            mend=f"Export the answers as one of: {', '.join(ENDINGS)}.",
        )
    if not content.strip():
        raise AnswersError("the file is empty", place=name, mend="Give a table with a header line.")
    try:
        if ending == "sav":
            return _spss(content)
        if ending == "xlsx":
            return _grid(_spreadsheet(content), ())
        if ending in ("parquet", "pq"):
            return Export(_as_text(pd.read_parquet(io.BytesIO(content))))
    except Exception as error:  # each library raises its own kinds for a damaged file
        raise AnswersError(
            f"this is not a readable .{ending} file: {str(error).rstrip('.')}",
            place=name,
            mend="Export it again, or as CSV.",
        ) from error
    return _delimited(name, content, ending)


def _delimited(name: str, content: bytes, ending: str) -> Export:
    if content.startswith((b"\xff\xfe", b"\xfe\xff")):
        text, encoding = content.decode("utf-16"), "utf-16"
    else:
        text, encoding = _decoded(name, content)
    try:
        mark = csv.Sniffer().sniff(text.partition("\n")[0], "\t;,").delimiter
    except csv.Error:
        mark = "\t" if ending == "tsv" else ","
    lines = list(csv.reader(io.StringIO(text, newline=""), delimiter=mark))
    notes = () if encoding == "utf-8-sig" else (f"read as {encoding}, not UTF-8",)
    return _grid(lines, notes)


def _decoded(name: str, content: bytes) -> tuple[str, str]:
    for encoding in ENCODINGS:
        try:
            return content.decode(encoding), encoding
        except UnicodeDecodeError:
            continue
    raise AnswersError(
        "the text is neither UTF-8, UTF-16 nor GB 18030", place=name, mend="Save it as “CSV UTF-8”."
    )


def _spreadsheet(content: bytes) -> list[list[str]]:
    sheet = pd.read_excel(io.BytesIO(content), header=None, dtype=object)
    return _as_text(sheet).to_numpy(dtype=object).tolist()


def _grid(lines: list[list[str]], notes: tuple[str, ...]) -> Export:
    """Lines of cells with the header first; short lines are filled, long ones refused by name."""
    lines = [line for line in lines if any(cell.strip() for cell in line)]
    if not lines:
        raise AnswersError("the file is empty", place="the file", mend="Give a table with a header line.")
    header = [cell.strip() or f"column {place}" for place, cell in enumerate(lines[0], 1)]
    width = len(header)
    for number, line in enumerate(lines, 1):
        if any(cell.strip() for cell in line[width:]):
            raise AnswersError(
                f"the line has {len(line)} cells, the header has {width}",
                place=f"line {number}",
                mend="Give every line as many cells as the header, or quote cells that hold the separator.",
            )
    names, more = _distinct(header)
    rows = [[cell.strip() for cell in (line + [""] * width)[:width]] for line in lines[1:]]
    return Export(pd.DataFrame(rows, columns=names, dtype=object), notes=(*notes, *more))


def _distinct(header: list[str]) -> tuple[list[str], tuple[str, ...]]:
    """Names made distinct, because tools write the same wording twice."""
    seen: Counter[str] = Counter()
    names, notes = [], []
    for name in header:
        seen[name] += 1
        new = name if seen[name] == 1 else f"{name} ({seen[name]})"
        if new != name:
            notes.append(f"column “{name}” stands there more than once; one of them is now “{new}”")
        names.append(new)
    return names, tuple(notes)


def _spss(content: bytes) -> Export:
    import pyreadstat

    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "answers.sav")
        path.write_bytes(content)
        frame, meta = pyreadstat.read_sav(str(path), user_missing=False)
    labels = {name: str(label) for name, label in meta.column_names_to_labels.items() if label}
    values = {
        name: {_cell(code): str(label) for code, label in table.items()}
        for name, table in meta.variable_value_labels.items()
    }
    return Export(_as_text(frame), labels, values)


def _as_text(frame: pd.DataFrame) -> pd.DataFrame:
    return pd.DataFrame(
        {str(name): [_cell(value) for value in frame[name]] for name in frame.columns}, dtype=object
    )


def _cell(value: object) -> str:
    """A cell as text; a whole number without a decimal point."""
    if value is None or value is pd.NA or value is pd.NaT or value != value:
        return ""
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return str(value).strip()
