"""One table or figure of a report as a file of its own: CSV, Excel, LaTeX; PNG at 300 dpi, SVG."""

from __future__ import annotations

import csv
import io
import re
from typing import Literal

from openpyxl import Workbook
from openpyxl.styles import Alignment, Border, Font, Side
from openpyxl.utils import get_column_letter

from analysis.reporting.document import Figure, Table
from analysis.reporting.pictures import png_of

TableKind = Literal["csv", "xlsx", "tex"]
FigureKind = Literal["png", "svg"]
_NUMBER = re.compile(r"[-−]?(?:\d{1,3}(?:,\d{3})+|\d*)(?:\.\d+)?")
_LATEX = {
    "\\": r"\textbackslash{}", "&": r"\&", "%": r"\%", "$": r"\$", "#": r"\#", "_": r"\_", "{": r"\{",
    "}": r"\}", "~": r"\textasciitilde{}", "^": r"\textasciicircum{}", "−": r"$-$", "<": r"$<$",
    ">": r"$>$", "≥": r"$\geq$", "≤": r"$\leq$", "χ²": r"$\chi^2$", "Δ": r"$\Delta$", "α": r"$\alpha$",
    "β": r"$\beta$", "γ": r"$\gamma$", "ω": r"$\omega$", "×": r"$\times$", "√": r"$\surd$", "²": r"$^2$",
    "–": "--",
}  # fmt: skip
_TO_ESCAPE = re.compile("|".join(re.escape(mark) for mark in sorted(_LATEX, key=len, reverse=True)))


def table_bytes(table: Table, kind: TableKind) -> bytes:
    """The table as a file; figures keep the printed digits.

    ``csv``: UTF-8, a hyphen for the minus sign, no thousands commas. ``xlsx``: numbers are numbers, shown
    with the printed digits. ``tex``: a booktabs ``table`` to be set with XeLaTeX where words are Chinese.
    """
    match kind:
        case "csv":
            return _csv(table)
        case "xlsx":
            return _xlsx(table)
        case "tex":
            return _tex(table)


def figure_bytes(figure: Figure, kind: FigureKind) -> bytes:
    """The figure as a file: PNG at 300 dots per inch, or SVG."""
    return png_of(figure.svg) if kind == "png" else figure.svg.encode()


def value_of(cell: str) -> float | None:
    """The number that a printed cell shows, None for words, intervals and dashes."""
    if not _NUMBER.fullmatch(cell) or not any(mark.isdigit() for mark in cell):
        return None
    return float(cell.replace("−", "-").replace(",", ""))


def _csv(table: Table) -> bytes:
    buffer = io.StringIO()
    writer = csv.writer(buffer, lineterminator="\n")
    writer.writerow(table.columns)
    for row in table.rows:
        shown = zip(row, table.numeric, strict=True)
        writer.writerow([_plain(cell) if numeric else cell for cell, numeric in shown])
    return buffer.getvalue().encode()


def _plain(cell: str) -> str:
    """A printed figure as programs read it: ``−.250`` becomes ``-0.250``."""
    if value_of(cell) is None:
        return cell.replace("−", "-")
    bare = cell.replace("−", "-").replace(",", "")
    return re.sub(r"^(-?)\.", r"\g<1>0.", bare)


def _xlsx(table: Table) -> bytes:
    book = Workbook()
    sheet = book.active
    sheet.title = re.sub(r"[\\/*?:\[\]]", " ", table.key)[:31]
    sheet.append([table.caption])
    sheet["A1"].font = Font(italic=True)
    rule = Side(style="thin")
    for place, texts in enumerate((table.columns, *table.rows), start=3):
        for column, (text, numeric) in enumerate(zip(texts, table.numeric, strict=True), start=1):
            cell = sheet.cell(place, column)
            value = value_of(text) if numeric and place > 3 else None
            if value is None:
                cell.value = text
                # What begins with "=" is text of the study, never a formula.
                cell.data_type = "s"
            else:
                cell.value = value
                cell.number_format = _format(text)
            cell.alignment = Alignment(horizontal="right" if numeric else "left", vertical="top")
            if place == 3:
                cell.font, cell.border = Font(bold=True), Border(top=rule, bottom=rule)
    for column in range(1, len(table.columns) + 1):
        longest = max(len(texts[column - 1]) for texts in (table.columns, *table.rows))
        sheet.column_dimensions[get_column_letter(column)].width = min(max(longest + 2, 8), 60)
    for line in table.note.splitlines():
        sheet.append([line])
    buffer = io.BytesIO()
    book.save(buffer)
    return buffer.getvalue()


def _format(text: str) -> str:
    """Excel's format that prints a figure with the digits, commas and leading zero it has here."""
    whole, _, digits = text.lstrip("-−").partition(".")
    head = "#,##0" if "," in whole else "0" if whole else ""
    return f"{head}.{'0' * len(digits)}" if digits else head


def _tex(table: Table) -> bytes:
    spec = "".join("r" if numeric else "l" for numeric in table.numeric)
    lines = [
        "% \\usepackage{booktabs}; with Chinese words also \\usepackage{ctex}, and XeLaTeX",
        "\\begin{table}",
        f"\\caption{{{_escaped(table.caption)}}}",
        f"\\label{{tab:{re.sub(r'[^A-Za-z0-9]+', '-', table.key)}}}",
        f"\\begin{{tabular}}{{{spec}}}",
        "\\toprule",
        _line(table.columns),
        "\\midrule",
        *(_line(row) for row in table.rows),
        "\\bottomrule",
        "\\end{tabular}",
    ]
    lines += [f"\\par\\smallskip\\footnotesize {_escaped(line)}" for line in table.note.splitlines()]
    return "\n".join([*lines, "\\end{table}", ""]).encode()


def _line(cells: tuple[str, ...]) -> str:
    # A row that begins with a bracket would be read as the option of the line break before it.
    texts = [_escaped(cell) for cell in cells]
    return " & ".join(f"{{}}{text}" if text.startswith("[") else text for text in texts) + r" \\"


def _escaped(text: str) -> str:
    return _TO_ESCAPE.sub(lambda found: _LATEX[found.group()], text)
