"""The database goes away under a respondent at a browser and comes back: said, nothing lost, no reload."""

import re
from pathlib import Path

import pytest
from database_faults import FullDisk, StoppedPostgres
from playwright.sync_api import expect
from respondent import Respondent, address
from running_server import RunningServer

from questionnaire.journey import Status
from questionnaire.storage import connect
from questionnaire.wording import wording

pytestmark = [pytest.mark.browser, pytest.mark.postgres]

STUDY = Path(__file__).parents[2] / "data" / "studies" / "social_capital.yaml"
SLOW_MS = 60_000
"""The browser tries again after at most 15 seconds; a busy machine may take longer for the rest."""


@pytest.mark.parametrize(
    ("kind", "shell", "language"),
    [
        ("postgresql", "light", "zh-CN"),
        ("postgresql", "streamlit", "en"),
        ("sqlite", "light", "en"),
        ("sqlite", "streamlit", "zh-CN"),
    ],
)
def test_answers_wait_in_the_browser_and_go_when_it_is_back(
    browser, request, tmp_path, kind, shell, language
):
    words = wording(language)
    postgres = request.getfixturevalue("own_postgres") if kind == "postgresql" else None
    database = postgres.url if postgres else f"sqlite:///{tmp_path}/a.sqlite"
    with RunningServer(database, STUDY) as server:
        fault = (StoppedPostgres if postgres else FullDisk)(postgres, server)
        context = browser.new_context(viewport={"width": 390, "height": 844})
        context.set_default_timeout(SLOW_MS)
        expect.set_options(SLOW_MS)
        url = address(server.url, shell, "social_capital", lang=language)
        respondent = Respondent(context.new_page()).open(url).agree(1)
        token = respondent.token()
        fault.begin()
        # Answers given, then the page sent, while nothing can be stored.
        respondent.answer()
        expect(respondent.status()).to_contain_text(words["unavailable"])
        respondent.page.locator("button.next").click()
        expect(respondent.status()).to_contain_text(words["unavailable"])
        elsewhere = browser.new_context(viewport={"width": 1280, "height": 844})
        elsewhere.set_default_timeout(SLOW_MS)
        stranger = Respondent(elsewhere.new_page())
        if postgres:
            # Nothing can be read either: a newcomer and the same person on another device are told.
            for where in (url, f"{url}&t={token}"):
                stranger.open(where)
                expect(stranger.status()).to_contain_text(words["unavailable"])
        else:
            # What is stored can be read; what is agreed to waits.
            stranger.open(url)
            stranger.page.locator(".choice").nth(0).click()
            stranger.page.locator("button.next").click()
            expect(stranger.status()).to_contain_text(words["unavailable"])
        fault.end()
        # By itself: the page that waits goes on without a hand laid on it.
        expect(respondent.page.locator(".survey h1")).to_be_focused()
        respondent.settled()
        assert respondent.number() == 2
        if postgres:
            # Someone who came while it was gone tries again, and is where they were.
            stranger.page.get_by_role("button", name=words["retry"]).click()
            expect(stranger.entries().first).to_be_visible()
            assert stranger.number() == 2
        else:
            expect(stranger.page).to_have_url(re.compile("[?&]t="))
        store = connect(database)
        stored = store.load(token).progress
        assert (stored.status, stored.version) == (Status.ASKING, 2)
        assert {code: stored.answers[code] for code in respondent.given} == respondent.given
        [steps] = [one.submissions for one in store.respondents() if one.token == token]
        assert len(steps) == 2
        assert len(store.respondents()) == (1 if postgres else 2)
        store.close()
        context.close()
        elsewhere.close()
