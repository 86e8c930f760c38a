"""Text with separators: its encoding, its separator, and lines that do not end where they should."""

from __future__ import annotations

import csv
import io
import re
from collections import Counter

from analysis.importing.tables import Export, grid
from analysis.preparation.answers import AnswersError

MARKS = "\t;,|"
LOOKED_AT = 30
"""Lines that tell the separator."""
_HIGH = re.compile(rb"[\x80-\xff]+")


def delimited(name: str, content: bytes) -> Export:
    """The table in separated text.

    Raises AnswersError for what is no text, and for a quotation mark that is never closed.
    """
    text, notes = _decoded(name, content)
    first, _, rest = text.partition("\n")
    if said := re.fullmatch(r"sep=(.)\s*", first, re.IGNORECASE):
        text, mark = rest, said[1]
    else:
        mark = _mark(text, name)
    csv.field_size_limit(10_000_000)
    lines = list(csv.reader(io.StringIO(text, newline=""), delimiter=mark))
    _refuse_open_quote(name, text, lines, mark)
    return grid(lines).about_file(*notes)


def _mark(text: str, name: str) -> str:
    """The separator that cuts most lines into the same number of cells, and that into the most."""

    def order(mark: str) -> tuple[int, int]:
        reader = csv.reader(io.StringIO(text, newline=""), delimiter=mark)
        widths = Counter(len(line) for line, _ in zip(reader, range(LOOKED_AT), strict=False) if line)
        width, lines = max(widths.items(), key=lambda one: (one[0] > 1, one[1], one[0]), default=(1, 0))
        return (lines if width > 1 else 0, width)

    best = max(MARKS, key=order)
    return best if order(best)[0] else "\t" if name.lower().endswith(".tsv") else ","


def _refuse_open_quote(name: str, text: str, lines: list[list[str]], mark: str) -> None:
    """A quotation mark never closed swallows every line to the end, without a word from the reader."""
    if not lines or not any("\n" in cell for cell in lines[-1]):
        return
    try:
        for _ in csv.reader(io.StringIO(text, newline=""), delimiter=mark, strict=True):
            pass
    except csv.Error as error:
        if "unexpected end" in str(error):
            raise AnswersError(
                "a quotation mark is opened and never closed",
                place=f"{name}, line {len(lines)}",
                mend="The file may be cut off. Export it again, or close the quotation.",
            ) from error


def _decoded(name: str, content: bytes) -> tuple[str, tuple[str, ...]]:
    """The text, and a note where it is not UTF-8.

    GB 18030 is what spreadsheets on Chinese Windows save and reads nearly anything; it writes a letter as two
    bytes or more, Windows-1252 as one: high bytes that stand alone tell them apart.
    """
    for encoding, starts in (("utf-16", (b"\xff\xfe", b"\xfe\xff")), ("utf-8-sig", (b"",))):
        if content.startswith(starts):
            try:
                text = content.decode(encoding)
            except UnicodeDecodeError:
                continue
            if "\0" in text:
                break
            return text, () if encoding == "utf-8-sig" else ("read as UTF-16, not UTF-8",)
    runs = [len(run) for run in _HIGH.findall(content)]
    western = sum(length == 1 for length in runs) > len(runs) / 2
    for encoding, called in (("cp1252", "Windows-1252"),) if western else (("gb18030", "GB 18030"),):
        try:
            if b"\0" not in content:
                return content.decode(encoding), (
                    f"read as {called}, not UTF-8; where letters look wrong, save the file as “CSV UTF-8”",
                )
        except UnicodeDecodeError:
            continue
    raise AnswersError(
        "the text is neither UTF-8, UTF-16, GB 18030 nor Windows-1252",
        place=name,
        mend="Save it as “CSV UTF-8”.",
    )
