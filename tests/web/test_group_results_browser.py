"""A viewer in a real browser: the report about groups of a live study, and no way to a file."""

import pytest
from browsing import STUDIES, axe_script, picture, violations
from people import signed_in
from playwright.sync_api import expect
from running_server import RunningServer
from simulated_store import store_simulated

from analysis.pages.words import words
from questionnaire.access.connect import open_access
from questionnaire.access.roles import Role

pytestmark = pytest.mark.browser

PATH = STUDIES / "tea_breaks.yaml"
FINISHED = 157
ANALYSIS_MS = 240_000
"""The analysis takes seconds; a machine that runs other tests beside it may take many times that."""
STILL_MS = 1500


@pytest.mark.parametrize(("locale", "width", "scheme"), [("en", 1280, "light"), ("zh-CN", 390, "dark")])
def test_a_viewer_reads_the_report(context, tmp_path, locale, width, scheme):
    say, script = words(locale), axe_script()
    database = f"sqlite:///{tmp_path}/answers.sqlite"
    store_simulated(database, PATH, FINISHED)
    with RunningServer(database, PATH) as server:
        page = signed_in(context(width, locale, color_scheme=scheme), server, Role.VIEWER).new_page()
        page.goto(f"{server.url}/workbench")
        page.get_by_text(say("live_groups", n=150)).click(timeout=ANALYSIS_MS)
        page.get_by_role("button", name=say("analyse")).click()
        page.get_by_text(say("groups_ready")).wait_for(timeout=ANALYSIS_MS)
        for name in ("screening", "report"):
            page.get_by_role("radio", name=say(f"view_{name}"), exact=True).click()
            page.get_by_role("heading", name=say(f"view_{name}"), exact=True).first.wait_for()
            page.wait_for_timeout(STILL_MS)
            picture(page, f"viewer-{name}-{locale}-{width}")
            assert violations(page, script) == []
            main = page.locator("[data-testid=stMain]")
            assert main.evaluate("main => main.scrollWidth <= main.clientWidth + 1")
        expect(page.locator("#table_verdicts")).to_be_visible()
        expect(page.locator("[data-testid=stDownloadButton]")).to_have_count(0)
    access = open_access(database)
    done = [(one.action, one.detail) for one in access.store.entries() if one.who.startswith("viewer")]
    assert ("analysis", "results about groups") in done
    access.store.close()
