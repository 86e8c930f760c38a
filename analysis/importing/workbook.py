"""An Excel workbook: every sheet with cells, and what a table of values does not show."""

from __future__ import annotations

import io
import re
import zipfile
from dataclasses import replace

import pandas as pd

from analysis.importing.tables import Export, as_text, grid
from analysis.preparation.answers import AnswersError

_EMPTY_FORMULA = re.compile(rb"</f>\s*(?:<v\s*/>|<v></v>)?\s*</c>|<f[^>]*/>\s*(?:<v\s*/>|<v></v>)?\s*</c>")
_MERGED = re.compile(rb'<mergeCell ref="[A-Z]+(\d+):[A-Z]+(\d+)"')


def workbook(name: str, content: bytes) -> Export:
    """The first sheet with cells; the others beside it, for the study to say which has its answers."""
    sheets = pd.read_excel(
        io.BytesIO(content), sheet_name=None, header=None, dtype=object, keep_default_na=False, na_values=[]
    )
    found, first_problem = [], None
    for title, sheet in sheets.items():
        lines = as_text(sheet).to_numpy(dtype=object).tolist()
        if not any(any(line) for line in lines):
            continue
        try:
            found.append(grid(lines, name=str(title)))
        except AnswersError as problem:
            first_problem = first_problem or problem
    if not found:
        raise first_problem or AnswersError(
            "the workbook has no cells with text", place=name, mend="Give a table with a header line."
        )
    return replace(found[0], others=tuple(found[1:])).about_file(*_hidden(content))


def _hidden(content: bytes) -> tuple[str, ...]:
    """What the values alone would not tell: formulas never calculated, cells merged over several rows."""
    formulas = merged = 0
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        for member in archive.namelist():
            if re.fullmatch(r"xl/worksheets/[^/]+\.xml", member):
                xml = archive.read(member)
                formulas += len(_EMPTY_FORMULA.findall(xml)) if b"<f" in xml else 0
                merged += sum(top != bottom for top, bottom in _MERGED.findall(xml))
    notes = []
    if formulas:
        notes.append(
            f"cells with a formula but without its result, read as empty: {formulas}; open the file in "
            "Excel and save it, then upload it again"
        )
    if merged:
        notes.append(f"cells merged over several rows: {merged}; only the first row of each has its value")
    return tuple(notes)
