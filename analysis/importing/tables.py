"""A table of text cells with a header, as every reader makes it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field, replace

import pandas as pd

from analysis.preparation.answers import AnswersError

LISTED = 5
"""Lines and names said one by one in a note; more say the same again."""


@dataclass(frozen=True, slots=True, eq=False)
class Export:
    """``rows``: text cells, empty for missing; ``labels``: wording by column, where known.

    ``value_labels``: column → text of a code → label, for formats that store codes with labels (.sav);
    ``declared``: column → texts that the file itself declares missing. ``about`` says what reading changed
    in the file, ``notes`` what in this table. ``name`` is the sheet's, and ``others`` are the further sheets
    of a workbook. ``twice``: a column renamed because another has its name → that name.
    """

    rows: pd.DataFrame
    labels: dict[str, str] = field(default_factory=dict)
    value_labels: dict[str, dict[str, str]] = field(default_factory=dict)
    declared: dict[str, frozenset[str]] = field(default_factory=dict)
    about: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()
    name: str = ""
    others: tuple[Export, ...] = ()
    twice: dict[str, str] = field(default_factory=dict)

    def about_file(self, *notes: str) -> Export:
        """The same with further notes about the file as a whole."""
        return replace(self, about=(*self.about, *notes))

    def noting(self, *notes: str) -> Export:
        """The same with further notes about this table."""
        return replace(self, notes=(*self.notes, *notes))


def grid(lines: Sequence[list[str]], notes: tuple[str, ...] = (), name: str = "") -> Export:
    """Lines of cells with the header first.

    Lines that end early are filled and told. Raises AnswersError for no line at all and for a line with more
    cells than the header, unless the header is a mere title above the table.
    """
    kept = [(number, line) for number, line in enumerate(lines, 1) if any(cell.strip() for cell in line)]
    if not kept:
        raise AnswersError("the file is empty", place="the file", mend="Give a table with a header line.")
    above: list[str] = []
    while len(kept) > 2 and _is_title(kept[0][1], [line for _, line in kept[1:]]):
        above.append(next(cell.strip() for cell in kept.pop(0)[1] if cell.strip()))
    if above:
        notes = (*notes, _left_above(above))
    header = kept[0][1]
    width, short = len(header), 0
    for number, line in kept:
        if any(cell.strip() for cell in line[width:]):
            raise AnswersError(
                f"the line has {len(_ended(line))} cells, the header has {width}",
                place=f"line {number}",
                mend="Give every line as many cells as the header, or quote cells that hold the separator.",
            )
        short += len(line) < width
    if short:
        notes = (*notes, f"lines that end before the last column: {short}; the cells they lack are empty")
    names = [cell.strip() or f"column {place}" for place, cell in enumerate(header[:width], 1)]
    body = [[cell.strip() for cell in (line + [""] * width)[:width]] for _, line in kept[1:]]
    # A separator at the end of every line, or a formatted sheet, leaves columns without a single cell.
    used = [k for k in range(width) if header[k].strip() or any(line[k] for line in body)]
    return framed([names[k] for k in used], [[line[k] for k in used] for line in body], notes, name)


def framed(names: list[str], body: list[list[str]], notes: tuple[str, ...], name: str) -> Export:
    """An export of these columns, names made distinct because tools write the same wording twice."""
    seen: Counter[str] = Counter()
    distinct, more, twice = [], [], {}
    for heading in names:
        seen[heading] += 1
        new = heading if seen[heading] == 1 else f"{heading} ({seen[heading]})"
        if new != heading:
            more.append(f"column “{heading}” stands there more than once; one of them is now “{new}”")
            twice[new] = heading
        distinct.append(new)
    rows = pd.DataFrame(body, columns=distinct, dtype=object)
    return Export(rows, notes=(*notes, *more), name=name, twice=twice)


def reheaded(export: Export, line: int) -> Export:
    """The export with its ``line``-th row (from 0) as the header; nameless columns keep the name above."""
    rows = export.rows
    cells = [str(cell) for cell in rows.iloc[line]]
    names = [cell or old for cell, old in zip(cells, map(str, rows.columns), strict=True)]
    above = [list(map(str, rows.columns)), *rows.iloc[:line].to_numpy(dtype=object).tolist()]
    said = _left_above([next((str(cell) for cell in one if str(cell)), "") for one in above])
    body = rows.iloc[line + 1 :].to_numpy(dtype=object).tolist()
    return replace(framed(names, body, (*export.notes, said), export.name), about=export.about)


def _left_above(above: list[str]) -> str:
    said = "; ".join(f"“{text}”" for text in above[:LISTED])
    return f"above the header, left out: {said}" + (
        f" and {more} more" if (more := len(above) - LISTED) > 0 else ""
    )


def _ended(line: list[str]) -> list[str]:
    """The line without the empty cells at its end."""
    end = len(line)
    while end and not line[end - 1].strip():
        end -= 1
    return line[:end]


def _is_title(line: list[str], below: list[list[str]]) -> bool:
    """One cell alone above a table that is several columns wide."""
    return sum(bool(cell.strip()) for cell in line) == 1 and all(
        sum(bool(cell.strip()) for cell in one) > 1 for one in below[:2]
    )


def as_text(frame: pd.DataFrame) -> pd.DataFrame:
    """Every cell as text, empty for missing."""
    return pd.DataFrame(
        {str(name): [as_cell(value) for value in frame[name]] for name in frame.columns}, dtype=object
    )


def as_cell(value: object) -> str:
    """A cell as text; a whole number without a decimal point."""
    if value is None or value is pd.NA or value is pd.NaT or value != value:
        return ""
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return str(value).strip()
