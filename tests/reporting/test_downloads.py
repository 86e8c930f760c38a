"""Single tables and figures as files: every format shows the digits that were printed."""

import csv
import io
import struct

import pytest
from openpyxl import load_workbook

from analysis.reporting.document import Figure, Table
from analysis.reporting.downloads import figure_bytes, table_bytes, value_of

TABLE = Table(
    "paths_M1",
    "Paths of M_1",
    ("Outcome", "B", "95% CI", "p", "n"),
    (("参与 & S_x", "−0.250", "[−0.300, −0.200]", ".031", "1,234"), ("=1+1", "0.100", "–", "< .001", "7")),
    (False, True, True, True, True),
    "B unstandardised; 5%.\nH_1: with care.",
)


@pytest.mark.parametrize(
    ("cell", "value"),
    [
        ("−0.250", -0.25),
        (".031", 0.031),
        ("1,234", 1234.0),
        ("12,345.6", 12345.6),
        ("", None),
        ("–", None),
        ("< .001", None),
        ("[0.1, 0.2]", None),
        (".", None),
        ("1,23", None),
    ],
)
def test_what_is_a_number(cell, value):
    assert value_of(cell) == value


def test_csv_is_what_programs_read():
    head, first, second = csv.reader(io.StringIO(table_bytes(TABLE, "csv").decode()))
    assert tuple(head) == TABLE.columns
    assert first == ["参与 & S_x", "-0.250", "[-0.300, -0.200]", "0.031", "1234"]
    assert second == ["=1+1", "0.100", "–", "< .001", "7"]


def test_excel_has_numbers_with_the_printed_digits_and_no_formulas():
    sheet = load_workbook(io.BytesIO(table_bytes(TABLE, "xlsx"))).active
    assert [cell.value for cell in sheet[4]][1:] == [-0.25, "[−0.300, −0.200]", 0.031, 1234]
    assert [sheet.cell(4, c).number_format for c in (2, 4, 5)] == ["0.000", ".000", "#,##0"]
    assert sheet.cell(5, 1).value == "=1+1"
    assert sheet.cell(5, 1).data_type == "s"
    assert [sheet.cell(row, 1).value for row in (6, 7)] == TABLE.note.splitlines()


def test_latex_escapes_what_it_would_read():
    text = table_bytes(TABLE, "tex").decode()
    assert r"参与 \& S\_x & $-$0.250 & {}[$-$0.300, $-$0.200] & .031 & 1,234 \\" in text
    assert r"\caption{Paths of M\_1}" in text
    assert r"\par\smallskip\footnotesize B unstandardised; 5\%." in text
    assert r"\par\smallskip\footnotesize H\_1: with care." in text
    assert text.count("{") - text.count(r"\{") == text.count("}") - text.count(r"\}")


def test_figures_in_print_resolution():
    svg = '<svg xmlns="http://www.w3.org/2000/svg" width="96" height="48"><rect width="9" height="9"/></svg>'
    figure = Figure("f", "c", svg, 96.0)
    assert figure_bytes(figure, "svg").decode() == svg
    png = figure_bytes(figure, "png")
    assert struct.unpack(">II", png[16:24]) == (300, 150)
