"""What is printed of the page: the stamp on every sheet, wide tables on their side, nothing cut off."""

import shutil
import subprocess

import pytest
from playwright.sync_api import sync_playwright
from system_parts import require

from analysis.reporting.document import Document, Section, Table
from analysis.reporting.html import is_wide, section_html, to_html

STAMP = 'Synthetic "data" <of> nobody'
LAST = "−12.345"
WIDE = Table(
    "wide",
    "Wide",
    tuple(f"Head {k}" for k in range(18)),
    (tuple(["−10.001"] * 17 + [LAST]),) * 60,
    (True,) * 18,
)


def document(stamp):
    long = tuple(
        f"Sentence {k}, which is long enough to fill a line or more of the page." for k in range(120)
    )
    return Document("Title", "sub", "en", stamp, (
        Section("a", "A", long, (), (), (WIDE,)), Section("b", "B", long)
    ))  # fmt: skip


@pytest.mark.parametrize("stamp", [STAMP, ""])
def test_every_sheet_has_the_stamp_and_all_columns(stamp, tmp_path):
    chromium = shutil.which("chromium")
    require(chromium, "Chromium", "apt-get install chromium")
    require(shutil.which("pdftotext"), "pdftotext", "apt-get install poppler-utils")
    (tmp_path / "r.html").write_text(to_html(document(stamp)), encoding="utf-8")
    with sync_playwright() as play:
        browser = play.chromium.launch(executable_path=chromium, args=["--no-sandbox"])
        page = browser.new_page()
        page.goto((tmp_path / "r.html").as_uri())
        page.pdf(path=str(tmp_path / "r.pdf"), prefer_css_page_size=True)
        browser.close()
    done = subprocess.run(
        ["pdftotext", "-layout", str(tmp_path / "r.pdf"), "-"], capture_output=True, text=True, check=True
    )
    sheets = [sheet for sheet in done.stdout.split("\f") if sheet.strip()]
    assert len(sheets) > 4
    assert all((STAMP in " ".join(sheet.split())) is bool(stamp) for sheet in sheets)
    assert done.stdout.count(LAST) == len(WIDE.rows)


@pytest.mark.parametrize(
    ("columns", "wide"), [(("Condition", *["n"] * 9), False), (("Condition", *["Kurtosis"] * 12), True)]
)
def test_only_what_does_not_fit_lies_on_its_side(columns, wide):
    """Ten narrow columns have room on upright paper."""
    figures = len(columns) - 1
    table = Table("t", "T", columns, (("S", *["0.12"] * figures),) * 3, (False, *[True] * figures))
    assert is_wide(table) is wide
    assert ('class="scroll wide"' in section_html(Section("s", "S", tables=(table,)))) is wide
