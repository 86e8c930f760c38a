"""From the respondent's browser to the analyst's: what was clicked is what is analysed."""

import io
import shutil
import zipfile
from dataclasses import replace
from pathlib import Path

import pandas as pd
import pytest
from people import signed_in
from playwright.sync_api import sync_playwright
from respondent import Respondent, address
from running_server import RunningServer
from system_parts import require

from analysis.planning.simulate import simulate
from analysis.preparation.answers import check_answers
from questionnaire import journey
from questionnaire.access.roles import Role
from questionnaire.exchange.table import answers_table
from questionnaire.journey import Status
from questionnaire.loading import load_study
from questionnaire.storage import Stored, StoredStudy, Submission, connect

pytestmark = pytest.mark.browser

PATH = Path(__file__).parents[2] / "data" / "studies" / "tea_breaks.yaml"
STUDY = load_study(PATH)
CHROMIUM = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)
FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-component-update"]
NOW = "2026-01-01T00:00:00.000Z"
SIMULATED = 150
ANALYSIS_MS = 240_000
"""The analysis takes seconds; a machine that runs other tests beside it may take many times that."""


def store_simulated(database):
    """Respondents whose answers come from the population, stored as finished surveys."""
    storage = connect(database)
    text = PATH.read_text(encoding="utf-8")
    version = StoredStudy(STUDY.content_hash, STUDY.code, STUDY.version, STUDY.plan_hash, text, NOW)
    storage.add_study(version)
    for number, row in enumerate(simulate(STUDY, SIMULATED, seed=3).to_dict("records")):
        start = journey.begin(STUDY, form=STUDY.forms[0].code, language="en", seed=number)
        asked = journey.consent(STUDY, start, 0)
        answers = {code: int(row[code]) for code in STUDY.items}
        token = f"simulated-{number}"
        step = Submission(f"{token}-start", 0, "consent", received_at=NOW)
        storage.start(Stored(token, token, asked, NOW, NOW), step)
        done = replace(asked, status=Status.FINISHED, answers=answers, version=2)
        storage.submit(token, Submission(f"{token}-end", 1, "all", answers, {}, NOW), done)
    storage.close()


def test_clicked_answers_reach_the_report(tmp_path):
    require(CHROMIUM, "Chromium", "apt-get install chromium")
    database = f"sqlite:///{tmp_path}/answers.sqlite"
    store_simulated(database)
    with RunningServer(database, PATH) as server, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        given = {}
        for language in ("en", "de"):
            page = browser.new_page(viewport={"width": 390, "height": 844})
            respondent = Respondent(page).open(address(server.url, "light", STUDY.code, lang=language))
            respondent.agree(tier=0).finish(lambda _: None)
            given[respondent.token()] = respondent.given
        archive = analysed(browser, server)
        browser.close()
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
