"""Every page of the workbench in a browser: wide and narrow, light and dark, in both languages."""

import importlib
from pathlib import Path

import pytest
from browsing import axe_script, violations
from people import signed_in
from running_server import RunningServer

from analysis.pages.words import words
from analysis.pages.workbench import LANGUAGES, PAGES
from analysis.planning.simulate import simulate
from questionnaire.access.roles import Role
from questionnaire.loading import load_study

pytestmark = pytest.mark.browser

PATH = Path(__file__).parents[2] / "data" / "studies" / "tea_breaks.yaml"
STUDY = load_study(PATH)
PLACES = [
    (name, part)
    for name in PAGES
    for part in getattr(importlib.import_module(f"analysis.pages.{name}"), "PARTS", ("",))
]
LOOKS = (
    (1280, "en", "light"),
    (390, "en", "dark"),
    (390, "zh-CN", "light"),
    (1280, "zh-CN", "dark"),
)
"""Both widths in both themes; a language changes words, which both widths have seen."""
ANALYSIS_MS = 240_000
STILL_MS = 1500
"""Charts are drawn after the page says that it has run."""


def settle(page):
    page.wait_for_timeout(STILL_MS)
    page.locator("[data-testid=stStatusWidget]").wait_for(state="hidden")


def show(page, language, name, part):
    say = words(language)
    page.get_by_role("radio", name=say(f"view_{name}"), exact=True).click()
    page.get_by_role("heading", name=say(f"view_{name}"), exact=True).first.wait_for()
    if part:
        page.get_by_role("radio", name=say(f"part_{part}"), exact=True).click()
    settle(page)


def test_no_page_shuts_anyone_out(browser, tmp_path):
    script = axe_script()
    answers = tmp_path / "answers.csv"
    simulate(STUDY, 150, seed=3).to_csv(answers, index=False)
    found, sideways = {}, {}
    with RunningServer(f"sqlite:///{tmp_path}/a.sqlite", PATH) as server:
        context = browser.new_context(viewport={"width": 1280, "height": 900})
        page = signed_in(context, server, Role.ANALYST).new_page()
        page.goto(f"{server.url}/workbench")
        page.get_by_text(words("en")("upload")).click()
        page.locator("input[type=file]").set_input_files(answers)
        page.get_by_role("button", name=words("en")("analyse")).click()
        page.get_by_text("The analysis is ready").wait_for(timeout=ANALYSIS_MS)
        spoken = "en"
        for width, language, scheme in LOOKS:
            page.set_viewport_size({"width": width, "height": 900})
            page.emulate_media(color_scheme=scheme)
            if language != spoken:
                page.get_by_text(LANGUAGES[language], exact=True).click()
                settle(page)
                spoken = language
            for name, part in PLACES:
                show(page, language, name, part)
                assert page.locator("[data-testid=stException]").count() == 0, (name, part)
                place = (name, part, width, scheme)
                found[place] = violations(page, script)
                main = page.locator("[data-testid=stMain]")
                sideways[place] = main.evaluate("main => main.scrollWidth > main.clientWidth + 1")
    assert found == {place: [] for place in found}
    assert [place for place, wide in sideways.items() if wide] == []
