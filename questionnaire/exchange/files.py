"""The answers table as a file: CSV, Parquet, Excel or SPSS, by the file's ending."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from questionnaire.exchange.codebook import Variable, codebook
from questionnaire.exchange.numeric import numeric_table
from questionnaire.formulas import harmless_table, text_columns
from questionnaire.study import Study

if TYPE_CHECKING:
    import pandas as pd


def write_answers(study: Study, table: pd.DataFrame, path: Path, language: str) -> None:
    """Write the table; ``language`` is that of the labels in formats that hold any.

    Raises ValueError for an ending that is not one of :data:`WRITERS`.
    """
    writer = WRITERS.get(path.suffix.lower())
    if writer is None:
        raise ValueError(f"{path}: the file must end in {', '.join(WRITERS)}")
    writer(study, table, path, language)


def _csv(_study: Study, table: pd.DataFrame, path: Path, _language: str) -> None:
    harmless_table(table).to_csv(path, index=False, encoding="utf-8")


def _parquet(_study: Study, table: pd.DataFrame, path: Path, _language: str) -> None:
    table.to_parquet(path, index=False)


def _excel(study: Study, table: pd.DataFrame, path: Path, language: str) -> None:
    """Answers on one sheet, the codebook on the next; every text is stored as text, never as a formula."""
    import pandas as pd
    from openpyxl.cell.cell import TYPE_STRING

    with pd.ExcelWriter(path, engine="openpyxl") as book:
        table.to_excel(book, sheet_name="answers", index=False, freeze_panes=(1, 1))
        codebook_frame(codebook(study, language)).to_excel(book, sheet_name="codebook", index=False)
        for sheet in book.book.worksheets:
            for row in sheet.iter_rows():
                for cell in row:
                    if isinstance(cell.value, str):
                        cell.data_type = TYPE_STRING


def _spss(study: Study, table: pd.DataFrame, path: Path, language: str) -> None:
    import pyreadstat

    variables = {v.name: v for v in codebook(study, language)}
    numbers = numeric_table(study, table, tuple(variables.values()))
    known = {name: variables[name] for name in numbers.columns if name in variables}
    pyreadstat.write_sav(
        _plain(numbers),
        path,
        column_labels=[known[name].label[:255] if name in known else name for name in numbers.columns],
        variable_value_labels={n: dict(v.values) for n, v in known.items() if v.values},
        missing_ranges={n: list(v.missing) for n, v in known.items() if v.missing},
        variable_measure={n: v.measure for n, v in known.items()},
    )


def _plain(table: pd.DataFrame) -> pd.DataFrame:
    """SPSS knows numbers and text: nullable numbers become floats with NaN, missing text becomes empty."""
    text = set(text_columns(table))
    columns = {
        name: table[name].astype("object").fillna("").astype(str)
        if name in text
        else table[name].astype("float64")
        for name in table.columns
    }
    return type(table)(columns)


def codebook_frame(variables: tuple[Variable, ...]) -> pd.DataFrame:
    """The codebook as a table: ``name label measure values codes missing reverse source``."""
    import pandas as pd

    def listed(pairs: tuple[tuple[int, str], ...]) -> str:
        return "; ".join(f"{number} = {text}" for number, text in pairs)

    rows = [
        (
            v.name,
            v.label,
            v.measure,
            listed(v.values),
            listed(v.codes),
            "; ".join(map(str, v.missing)),
            v.reverse,
            v.source,
        )
        for v in variables
    ]
    columns = ["name", "label", "measure", "values", "codes", "missing", "reverse", "source"]
    return pd.DataFrame(rows, columns=columns)


WRITERS: dict[str, Callable[[Study, pd.DataFrame, Path, str], None]] = {
    ".csv": _csv,
    ".parquet": _parquet,
    ".xlsx": _excel,
    ".sav": _spss,
}
