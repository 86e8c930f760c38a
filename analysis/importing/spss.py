"""An SPSS file: codes with their labels, wording as variable labels, and what it declares missing."""

from __future__ import annotations

import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pandas as pd

from analysis.importing.tables import Export, as_cell, as_text


def spss(_: str, content: bytes) -> Export:
    """The table in a .sav or .zsav file. Raises what the library raises for a damaged one."""
    import pyreadstat

    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "answers.sav")
        path.write_bytes(content)
        # Declared missing codes are kept here, so that the account can count them.
        frame, meta = pyreadstat.read_sav(str(path), user_missing=True)
    labels = {name: str(label) for name, label in meta.column_names_to_labels.items() if label}
    values = {
        name: {as_cell(code): str(label) for code, label in table.items()}
        for name, table in meta.variable_value_labels.items()
    }
    declared = {
        name: frozenset(as_cell(value) for value in frame[name].dropna().unique() if _within(value, ranges))
        for name, ranges in meta.missing_ranges.items()
    }
    return Export(as_text(frame), labels, values, {name: texts for name, texts in declared.items() if texts})


def _within(value: Any, ranges: Sequence[Any]) -> bool:
    for bounds in ranges:
        low, high = bounds["lo"], bounds["hi"]
        if isinstance(value, str) or isinstance(low, str):
            if value == low:
                return True
        elif pd.api.types.is_number(value) and low <= value <= high:
            return True
    return False
