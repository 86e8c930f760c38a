"""The researcher's pages of fielding in a browser: wide and narrow, light and dark, in both languages."""

import os
from pathlib import Path

import pytest
from browsing import SCREENSHOTS, axe_script, violations
from cryptography.fernet import Fernet
from people import signed_in
from playwright.sync_api import expect
from running_server import RunningServer

from questionnaire.access.roles import Role
from questionnaire.fielding.contacts import KEY, Safe
from questionnaire.fielding.desk import invite_people
from questionnaire.loading import load_study
from questionnaire.pages.sampling_words import sampling_words
from questionnaire.recruitment import Cell
from questionnaire.request import Request
from questionnaire.service import Fielding
from questionnaire.storage import connect

pytestmark = pytest.mark.browser

SOCIAL = Path(__file__).parents[2] / "data" / "studies" / "social_capital.yaml"
MORE = """
panel: [PROLIFIC_PID]
quotas: [{name: douyin, target: 20, where: {platform: [douyin]}}]
stop: {at: 2099-12-31}
"""
PEOPLE = [{"mail": "ann@uni.example", "name": "Ann"}, {"mail": "bo@uni.example", "name": "Bo"}]
SLOW_MS = 90_000
STILL_MS = 1500
"""Tables and charts are drawn after the page says that it has run."""


@pytest.fixture(scope="module")
def server(tmp_path_factory):
    folder = tmp_path_factory.mktemp("console")
    path = folder / "social_capital.yaml"
    path.write_text(SOCIAL.read_text("utf-8") + MORE, encoding="utf-8")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv(KEY, Fernet.generate_key().decode())
        with RunningServer(f"sqlite:///{folder}/a.sqlite", path) as running:
            store = connect(running.database)
            study = load_study(path)
            fielding = Fielding(study, path.read_text("utf-8"), store)
            for number in range(6):
                fielding.consent(Request(f"submit-{number}", "consent", level=1, language="en"))
            common = {"batch": "autumn", "root": running.url, "now": "2026-01-01T00:00:00.000Z"}
            invite_people(store, study, Safe(os.environ[KEY]), PEOPLE, **common)
            store.field.put_cell(study.code, Cell("jd", 9, {"platform": ("jd",)}))
            store.close()
            yield running


@pytest.mark.parametrize(("language", "width", "scheme"), [("en", 1280, "light"), ("zh-CN", 390, "dark")])
def test_no_page_of_fielding_shuts_anyone_out(browser, server, tmp_path, language, width, scheme):
    script = axe_script()
    pictures = Path(SCREENSHOTS or tmp_path)
    _, words = sampling_words(language)
    found, sideways = {}, {}
    context = browser.new_context(
        locale=language, viewport={"width": width, "height": 900}, color_scheme=scheme
    )
    context.set_default_timeout(SLOW_MS)
    page = signed_in(context, server, Role.OWNER).new_page()

    def look(name):
        page.wait_for_timeout(STILL_MS)
        page.locator("[data-testid=stStatusWidget]").wait_for(state="hidden")
        assert page.locator("[data-testid=stException]").count() == 0, name
        main = page.locator("[data-testid=stMain]")
        # The framework scrolls inside its page: a picture of all of it needs the room.
        tall = min(5000, main.evaluate("main => main.scrollHeight") + 60)
        page.set_viewport_size({"width": width, "height": tall})
        page.wait_for_timeout(STILL_MS)
        page.screenshot(path=pictures / f"console-{name}-{language}-{width}-{scheme}.png")
        found[name] = violations(page, script)
        sideways[name] = main.evaluate("main => main.scrollWidth > main.clientWidth + 1")
        page.set_viewport_size({"width": width, "height": 900})

    for name in ("console", "sampling", "field", "editor"):
        page.goto(f"{server.url}/{name}")
        expect(page.locator("[data-testid=stMain] h1")).to_be_visible(timeout=SLOW_MS)
        if name == "editor":
            page.get_by_role("combobox").first.click()
            page.get_by_role("option").first.click()
            expect(page.locator("iframe")).to_be_visible(timeout=SLOW_MS)
        look(name)
        for side in ("links", "quotas", "waves") if name == "sampling" else ():
            page.get_by_test_id("stButtonGroup").get_by_text(words[side], exact=True).click()
            expect(page.get_by_role("heading", name=words[side], level=2)).to_be_visible(timeout=SLOW_MS)
            if side == "links":
                page.get_by_text(words["show_contacts"]).click()
            look(side)
    context.close()
    assert found == {name: [] for name in found}
    assert not any(sideways.values()), sideways
