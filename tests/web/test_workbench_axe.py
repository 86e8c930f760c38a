"""Every page of the workbench in a browser: wide and narrow, light and dark, in both languages."""

import importlib
from itertools import product
from pathlib import Path

import pytest
from browsing import axe_script, still, violations
from people import signed_in
from running_server import RunningServer

from analysis.pages.words import words
from analysis.pages.workbench import LANGUAGES, PAGES
from analysis.planning.simulate import simulate
from questionnaire.access.roles import Role
from questionnaire.loading import load_study
from questionnaire.pages.words import console_words

pytestmark = pytest.mark.browser

PATH = Path(__file__).parents[2] / "data" / "studies" / "tea_breaks.yaml"
STUDY = load_study(PATH)
PLACES = [
    (name, part)
    for name in PAGES
    for part in getattr(importlib.import_module(f"analysis.pages.{name}"), "PARTS", ("",))
]
LOOKS = tuple(product((1280, 390), ("light", "dark")))
HEIGHT = 900
ANALYSIS_MS = 240_000
NOWHERE, UNREADABLE = "something", "hardly"


@pytest.fixture
def page(browser, tmp_path):
    """The workbench, asked for a file."""
    with RunningServer(f"sqlite:///{tmp_path}/a.sqlite", PATH) as server:
        context = browser.new_context(viewport={"width": 1280, "height": HEIGHT})
        page = signed_in(context, server, Role.ANALYST).new_page()
        page.goto(f"{server.url}/workbench")
        page.get_by_text(words("en")("upload")).click()
        page.get_by_role("button", name=words("en")("file_choose")).wait_for()
        yield page
        context.close()


def show(page, language, name, part):
    say = words(language)
    page.get_by_role("radio", name=say(f"view_{name}"), exact=True).click()
    page.get_by_role("heading", name=say(f"view_{name}"), exact=True).first.wait_for()
    if part:
        page.get_by_role("radio", name=say(f"part_{part}"), exact=True).click()
    still(page)


def opened(page):
    """Open whatever can be opened: it has to be looked at too."""
    closed = page.locator("details:not([open]) > summary")
    for _ in range(closed.count()):
        closed.first.click()
    still(page)


def faults(page, script):
    """What is wrong with the page as it stands, by width and theme."""
    assert page.locator("[data-testid=stException]").count() == 0
    found = {}
    for width, scheme in LOOKS:
        page.set_viewport_size({"width": width, "height": HEIGHT})
        page.emulate_media(color_scheme=scheme)
        still(page)
        sideways = page.locator("[data-testid=stMain]").evaluate("it => it.scrollWidth > it.clientWidth + 1")
        wrong = violations(page, script) + [("moves sideways", [])] * sideways
        if wrong:
            found[width, scheme] = wrong
    page.set_viewport_size({"width": 1280, "height": HEIGHT})
    return found


def speak(page, language):
    page.get_by_text(LANGUAGES[language], exact=True).click()
    page.get_by_role("heading", name=words(language)("title"), exact=True).wait_for()
    page.get_by_role("link", name=console_words(language)["sign_out"], exact=True).wait_for()
    still(page)


def test_no_page_shuts_anyone_out(page, tmp_path):
    script, found = axe_script(), {}
    answers = tmp_path / "answers.csv"
    simulate(STUDY, 150, seed=3).to_csv(answers, index=False)
    page.locator("input[type=file]").set_input_files(answers)
    page.get_by_role("button", name=words("en")("analyse")).click()
    page.get_by_text("The analysis is ready").wait_for(timeout=ANALYSIS_MS)
    for language in LANGUAGES:
        speak(page, language)
        for name, part in PLACES:
            show(page, language, name, part)
            opened(page)
            found[language, name, part] = faults(page, script)
    assert {place: wrong for place, wrong in found.items() if wrong} == {}


def test_nor_does_a_file_that_raises_questions(page, tmp_path):
    script, found = axe_script(), {}
    table = simulate(STUDY, 150, seed=3)
    first, second = list(STUDY.items)[:2]
    table[first] = table[first].astype(object)
    table.loc[0, first] = UNREADABLE
    answers = tmp_path / "answers.csv"
    table.rename(columns={second: NOWHERE}).to_csv(answers, index=False)
    page.locator("input[type=file]").set_input_files(answers)
    for language in LANGUAGES:
        speak(page, language)
        say = words(language)
        page.get_by_text(say("import_not_ready")).wait_for()
        assert page.get_by_text(say("import_unread")).is_visible()
        opened(page)
        found[language] = faults(page, script)
    assert found == {language: {} for language in LANGUAGES}
