"""From the respondent's browser to the analyst's: what was clicked is what is analysed."""

import io
import zipfile
from pathlib import Path

import pandas as pd
import pytest
from people import signed_in
from respondent import Respondent, address
from running_server import RunningServer
from simulated_store import store_simulated

from analysis.preparation.answers import check_answers
from questionnaire.access.roles import Role
from questionnaire.exchange.table import answers_table
from questionnaire.loading import load_study
from questionnaire.storage import connect

pytestmark = pytest.mark.browser

PATH = Path(__file__).parents[2] / "data" / "studies" / "tea_breaks.yaml"
STUDY = load_study(PATH)
SIMULATED = 150
ANALYSIS_MS = 240_000
"""The analysis takes seconds; a machine that runs other tests beside it may take many times that."""


def test_clicked_answers_reach_the_report(browser, tmp_path):
    database = f"sqlite:///{tmp_path}/answers.sqlite"
    store_simulated(database, PATH, SIMULATED)
    with RunningServer(database, PATH) as server:
        given = {}
        for language in ("en", "de"):
            page = browser.new_page(viewport={"width": 390, "height": 844})
            respondent = Respondent(page).open(address(server.url, "light", STUDY.code, lang=language))
            respondent.agree(tier=0).finish(lambda _: None)
            given[respondent.token()] = respondent.given
        archive = analysed(browser, server)
    storage = connect(database)
    everyone = storage.respondents()
    storage.close()
    table = answers_table(STUDY, everyone)
    read = check_answers(STUDY, table)
    pseudonym = {one.token: one.respondent for one in everyone}
    for token, answers in given.items():
        row = list(table["respondent"]).index(pseudonym[token])
        clicked = [answers[code] for code in STUDY.items]
        assert read.items.loc[row, list(STUDY.items)].tolist() == clicked
    flags = pd.read_csv(io.BytesIO(archive.read("flags.csv")))
    assert set(pseudonym.values()) == set(flags["respondent"])
    paths = pd.read_csv(io.BytesIO(archive.read("paths.csv")))
    assert len(paths[paths["op"] == "~"]) >= len(STUDY.hypotheses)
    assert b"<svg" in archive.read("report.en.html")


def analysed(browser, server):
    """Run the live analysis on the workbench and download its archive."""
    context = signed_in(browser.new_context(viewport={"width": 1280, "height": 900}), server, Role.ANALYST)
    page = context.new_page()
    page.goto(f"{server.url}/workbench")
    page.get_by_text(f"({SIMULATED + 2})").click()
    page.get_by_role("button", name="Analyse").click()
    page.get_by_text("The analysis is ready").wait_for(timeout=ANALYSIS_MS)
    page.get_by_role("radio", name="Report", exact=True).click()
    button = page.get_by_role("button", name="Download report, tables and replication bundle")
    button.wait_for(timeout=ANALYSIS_MS)
    page.locator("#table_verdicts").wait_for()
    for hypothesis in STUDY.hypotheses:
        assert page.locator(".card b", has_text=hypothesis.code).count() == 1
    page.get_by_role("combobox", name="Section").click()
    page.get_by_role("option", name="Results in words", exact=True).click()
    drawings = page.locator("figure img")
    drawings.first.wait_for()
    drawings.first.scroll_into_view_if_needed()
    assert drawings.count() > 0
    # Broken images are 0 wide; a heat map of three constructs is a drawing of 160 pixels.
    assert all(drawings.nth(k).evaluate("image => image.naturalWidth > 100") for k in range(drawings.count()))
    with page.expect_download() as download:
        button.click()
    return zipfile.ZipFile(io.BytesIO(Path(download.value.path()).read_bytes()))
