"""A file as it came: one text table with its header, whatever the format."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable

import pandas as pd

from analysis.importing.delimited import delimited
from analysis.importing.spss import spss
from analysis.importing.tables import Export, as_text
from analysis.importing.workbook import workbook
from analysis.preparation.answers import AnswersError

ENDINGS = ("csv", "tsv", "txt", "xlsx", "xlsm", "sav", "zsav", "parquet", "pq", "zip")
UNPACKED_MAX = 500_000_000
"""Bytes a file in an archive may have; a real export of 50 MB packed stays below, a trap does not."""
_LOCKED = b"E\0n\0c\0r\0y\0p\0t\0e\0d\0P\0a\0c\0k\0a\0g\0e\0"


def read_export(name: str, content: bytes) -> Export:
    """The table in a file of that name; one of another kind than its name says is read as what it is.

    Raises AnswersError for a kind that is not read, an empty file or one that is damaged or locked.
    """
    ending = name.rpartition(".")[2].lower()
    if not content.strip():
        raise AnswersError("the file is empty", place=name, mend="Give a table with a header line.")
    kind = _kind(name, ending, content)
    if kind == "archive":
        return _unpacked(name, content)
    try:
        export = _READERS[kind](name, content)
    except (AnswersError, MemoryError):
        raise
    except Exception as error:  # each library raises its own kinds for a damaged file
        raise AnswersError(
            f"this is not a readable {kind} file",
            place=name,
            mend="It may be damaged or cut off. Export it again, or as CSV.",
        ) from error
    if ending not in _NAMED[kind]:
        note = f"the name ends in .{ending}, but this is a {kind} file and was read as one"
        export = export.about_file(note)
    return export


def _parquet(_: str, content: bytes) -> Export:
    return Export(as_text(pd.read_parquet(io.BytesIO(content))))


_READERS: dict[str, Callable[[str, bytes], Export]] = {
    "Excel": workbook,
    "SPSS": spss,
    "Parquet": _parquet,
    "CSV": delimited,
}
_NAMED = {
    "Excel": ("xlsx", "xlsm"),
    "SPSS": ("sav", "zsav"),
    "Parquet": ("parquet", "pq"),
    "CSV": ("csv", "tsv", "txt"),
}


def _kind(name: str, ending: str, content: bytes) -> str:
    """What the first bytes say; the ending where they say nothing."""
    if content.startswith(b"PK\x03\x04"):
        return "Excel" if ending in _NAMED["Excel"] or _is_workbook(content) else "archive"
    if content.startswith(b"PAR1"):
        return "Parquet"
    if content.startswith((b"$FL2", b"$FL3")):
        return "SPSS"
    if content.startswith(b"\xd0\xcf\x11\xe0"):
        locked = _LOCKED in content
        raise AnswersError(
            "the workbook is locked with a password" if locked else "this is a workbook of the old .xls kind",
            place=name,
            mend="Open it in Excel and save it as .xlsx without a password."
            if locked
            else "Open it in Excel and save it as .xlsx.",
        )
    if (
        content[:512]
        .lstrip(b"\xef\xbb\xbf \t\r\n")
        .lower()
        .startswith((b"<!doctype html", b"<html", b"<table"))
    ):
        raise AnswersError(
            "this is a web page, not a table of answers",
            place=name,
            mend="Download the export again while signed in to the survey tool.",
        )
    for kind, endings in _NAMED.items():
        if ending in endings and not (kind != "CSV" and _is_lines(content)):
            return kind
    if ending in ("xlsx", "xls", "xlsm", "sav", "zsav", "parquet") and _is_lines(content):
        return "CSV"
    raise AnswersError(
        f"files ending in .{ending} are not read",
        place=name,
        mend=f"Export the answers as one of: {', '.join(ENDINGS)}.",
    )


def _is_lines(content: bytes) -> bool:
    """Whether it is separated text, which tools and people give all kinds of names."""
    first, mark, _ = content[:100_000].partition(b"\n")
    return bool(mark) and b"\0" not in first and any(sign in first for sign in b"\t;,")


def _is_workbook(content: bytes) -> bool:
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            return any(member.startswith("xl/") for member in archive.namelist())
    except zipfile.BadZipFile:
        return False


def _unpacked(name: str, content: bytes) -> Export:
    """The one table in an archive, as Qualtrics hands it out."""
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            tables = [
                member
                for member in archive.infolist()
                if member.filename.rpartition(".")[2].lower() in ENDINGS[:-1]
                and not member.filename.startswith("__MACOSX/")
            ]
            if len(tables) != 1:
                found = ", ".join(member.filename for member in tables[:5]) or "none"
                raise AnswersError(
                    f"the archive must hold one table of answers; it holds {len(tables)} ({found})",
                    place=name,
                    mend="Unpack it and upload the one with the answers.",
                )
            if tables[0].file_size > UNPACKED_MAX:
                raise AnswersError(
                    f"unpacked, the file would have {tables[0].file_size // 1_000_000} MB",
                    place=name,
                    mend=f"Give a file of at most {UNPACKED_MAX // 1_000_000} MB.",
                )
            inner = archive.read(tables[0])
    except (zipfile.BadZipFile, RuntimeError, NotImplementedError, OSError) as error:
        raise AnswersError(
            "the archive cannot be unpacked",
            place=name,
            mend="It may be cut off or locked with a password. Download it again, or unpack it first.",
        ) from error
    export = read_export(tables[0].filename, inner)
    return export.about_file(f"read from “{tables[0].filename}” in the archive")
