"""The survey in a real browser against the real server: whole surveys, and every fault on the way."""

import time
from pathlib import Path

import pytest
from browsing import SCREENSHOTS, STUDIES, axe_script, violations
from playwright.sync_api import expect
from respondent import Respondent, address
from running_server import RunningServer
from system_parts import require

from questionnaire.journey import Status
from questionnaire.storage import connect

pytestmark = pytest.mark.browser

WAIT_MS = 15_000
"""Pages take tenths of a second; a busy machine may take many times that."""


@pytest.fixture(scope="module")
def server(tmp_path_factory):
    folder = tmp_path_factory.mktemp("store")
    studies = (STUDIES / "social_capital.yaml", STUDIES / "tea_breaks.yaml")
    with RunningServer(f"sqlite:///{folder / 'answers.sqlite'}", *studies) as running:
        yield running


@pytest.fixture
def stored(server):
    """What the database holds about a token, or about everyone."""
    storage = connect(server.database)
    yield lambda token=None: storage.load(token) if token else storage.respondents()
    storage.close()


@pytest.fixture
def arrive(browser, server):
    """A respondent in a browser of their own."""
    contexts = []

    def come(shell, study="tea_breaks", *, context=None, width=390, dark=False, **query):
        if context is None:
            scheme = "dark" if dark else "light"
            context = browser.new_context(viewport={"width": width, "height": 844}, color_scheme=scheme)
            contexts.append(context)
        context.set_default_timeout(WAIT_MS)
        page = context.new_page()
        return Respondent(page).open(address(server.url, shell, study, **({"lang": "en"} | query)))

    yield come
    for context in contexts:
        context.close()


@pytest.fixture
def picture(tmp_path):
    def take(respondent, name, full=True):
        folder = Path(SCREENSHOTS) if SCREENSHOTS else tmp_path
        respondent.page.screenshot(path=folder / f"{name}.png", full_page=full)

    return take


both_shells = pytest.mark.parametrize("shell", ["streamlit", "light"])
"""For what a shell has a part in: loading, addresses, history, focus. The rest is the renderer's."""

WHOLE = {
    "Chinese on a phone": ("streamlit", "zh-CN", 390, False),
    "English at a desk": ("streamlit", "en", 1280, False),
    "English on a small dark phone, light": ("light", "en", 320, True),
}


@pytest.mark.parametrize(("shell", "language", "width", "dark"), WHOLE.values(), ids=WHOLE)
def test_a_whole_survey(arrive, stored, picture, shell, language, width, dark):
    respondent = arrive(shell, "social_capital", width=width, dark=dark, lang=language)
    name = f"{shell}-{language}-{width}"
    picture(respondent, f"{name}-consent")
    respondent.agree(tier=3)
    seen = []

    def look(at):
        seen.append(at.heading())
        assert at.page.evaluate("document.documentElement.scrollWidth") <= width
        assert at.page.evaluate("document.documentElement.lang") == language
        if len(seen) == 3:
            at.answer()
            at.page.locator(".survey .study").scroll_into_view_if_needed()
            at.page.mouse.move(0, 0)
            at.page.wait_for_timeout(300)
            picture(at, f"{name}-page", full=False)

    respondent.finish(look)
    picture(respondent, f"{name}-end", full=False)
    record = stored(respondent.token())
    assert record.progress.status is Status.FINISHED
    assert record.finished_at
    assert dict(record.progress.answers) == respondent.given
    assert len(seen) == len(record.progress.route)
    everyone = {one.token: one for one in stored()}
    submissions = everyone[record.token].submissions
    assert all(one.timings["shown"] > 0 for one in submissions if one.page != "consent")


@both_shells
def test_opening_a_link_creates_nobody(arrive, stored, shell):
    before = len(stored())
    arrive(shell)
    assert len(stored()) == before


@both_shells
def test_a_reload_keeps_the_page_and_what_was_not_sent(arrive, stored, shell):
    respondent = arrive(shell).agree(0).answer().next().answer()
    token, given = respondent.token(), dict(respondent.given)
    respondent.page.reload()
    respondent.settled()
    assert respondent.number() == 2
    assert respondent.page.locator(".entry input:checked").count() == respondent.entries().count()
    respondent.next()
    assert given.items() <= dict(stored(token).progress.answers).items()


@both_shells
def test_back_and_forward_lose_nothing(arrive, stored, shell):
    respondent = arrive(shell).agree(0).answer().next().answer()
    respondent.page.locator("button.back").click()
    expect(respondent.page.locator(".entry input:checked")).to_have_count(1)
    assert respondent.number() == 1
    respondent.page.go_back()
    expect(respondent.page.locator(".entry input:checked")).to_have_count(6)
    assert respondent.number() == 2
    respondent.page.go_back()
    expect(respondent.page.locator(".entry")).to_have_count(1)
    respondent.next().next()
    assert dict(stored(respondent.token()).progress.answers) == respondent.given


def saved(respondent):
    expect(respondent.status()).to_have_text("Saved", timeout=WAIT_MS)
    return respondent


@both_shells
def test_every_answer_is_saved_as_it_is_given_and_shown_on_another_device(arrive, stored, shell):
    phone = saved(arrive(shell).agree(0).answer().next().answer())
    assert stored(phone.token()).progress.answers.keys() == {"drink"}
    desk = arrive(shell, width=1280, t=phone.token())
    expect(desk.page.locator(".entry input:checked")).to_have_count(6)
    desk.next()
    assert phone.given.items() <= dict(stored(phone.token()).progress.answers).items()


@both_shells
def test_answers_given_without_a_network_go_when_it_is_back(arrive, stored, shell):
    respondent = saved(arrive(shell).agree(0).answer().next().answer())
    context = respondent.page.context
    context.set_offline(True)
    respondent.page.locator(".entry").first.locator(".choice").nth(4).click()
    expect(respondent.status()).to_contain_text("Waiting for the network")
    context.set_offline(False)
    saved(respondent)
    desk = arrive(shell, t=respondent.token())
    first = desk.page.locator(".entry").first.locator("input:checked")
    expect(first).to_have_attribute("value", "5")


@both_shells
def test_kept_answers_survive_a_killed_server_and_a_reload(arrive, stored, server, shell):
    respondent = saved(arrive(shell).agree(0).answer().next().answer())
    server.kill()
    respondent.page.locator(".entry").first.locator(".choice").nth(3).click()
    expect(respondent.status()).to_contain_text("Waiting for the network")
    server.start()
    respondent.page.reload()
    respondent.settled()
    expect(respondent.page.locator(".entry input:checked")).to_have_count(6)
    # The waiting change goes before the reload or after it, whichever finds the server first.
    record = next(one for one in stored() if one.token == respondent.token())
    end = time.monotonic() + WAIT_MS / 1000
    while record.drafts[-1].value != 4 and time.monotonic() < end:
        respondent.page.wait_for_timeout(100)
        record = next(one for one in stored() if one.token == respondent.token())
    assert record.drafts[-1].value == 4
    assert len({draft.change_id for draft in record.drafts}) == len(record.drafts)


def test_two_devices_on_one_page_never_overwrite_unseen(arrive, stored):
    phone = arrive("light").agree(0)
    desk = arrive("light", t=phone.token())
    phone.page.context.set_offline(True)
    phone.page.locator(".choice").nth(0).click()
    expect(phone.status()).to_contain_text("Waiting")
    desk.page.locator(".choice").nth(1).click()
    saved(desk)
    phone.page.context.set_offline(False)
    expect(phone.status()).to_contain_text("another window", timeout=WAIT_MS)
    expect(phone.page.locator(".entry input:checked")).to_have_attribute("value", "coffee")
    phone.page.locator(".choice").nth(0).click()
    saved(phone).next()
    assert stored(phone.token()).progress.answers["drink"] == "tea"


def test_leaving_at_once_after_an_answer_keeps_it(arrive, stored):
    respondent = arrive("light").agree(0)
    token = respondent.token()
    respondent.page.locator(".choice").first.click()
    respondent.page.goto("about:blank")
    desk = arrive("light", t=token)
    expect(desk.page.locator(".entry input:checked")).to_have_attribute("value", "tea")


def test_clicking_three_times_moves_one_page(arrive, stored):
    respondent = arrive("light")
    respondent.page.locator(".choice").first.click()
    respondent.next(times=3)
    expect(respondent.page.locator(".entry")).to_have_count(1)
    respondent.answer().next(times=3)
    record = stored(respondent.token())
    assert (record.progress.page, record.progress.version) == (1, 2)


@both_shells
def test_answers_wait_for_the_network(arrive, stored, shell):
    respondent = arrive(shell).agree(0).answer()
    respondent.page.context.set_offline(True)
    respondent.page.locator("button.next").click()
    expect(respondent.status()).to_contain_text("Not saved yet")
    assert not stored(respondent.token()).progress.answers
    respondent.page.context.set_offline(False)
    expect(respondent.status()).to_contain_text("Saved", timeout=WAIT_MS)
    assert stored(respondent.token()).progress.answers["drink"] == "tea"


@both_shells
def test_a_killed_server_loses_and_doubles_nothing(arrive, stored, server, shell):
    respondent = arrive(shell).agree(0).answer().next().answer()
    server.kill()
    respondent.page.locator("button.next").click()
    expect(respondent.status()).to_contain_text("Not saved yet")
    server.start()
    expect(respondent.status()).to_contain_text("Saved", timeout=WAIT_MS)
    record = next(one for one in stored() if one.token == respondent.token())
    assert dict(record.progress.answers) == respondent.given
    assert [one.page for one in record.submissions] == ["consent", "start", "breaks"]
    respondent.answer().next()
    assert stored(record.token).progress.status is Status.FINISHED


@both_shells
def test_a_page_that_died_unacknowledged_is_sent_again(arrive, stored, server, shell):
    respondent = arrive(shell).agree(0).answer()
    respondent.page.route("**/steps", lambda route: route.abort())
    respondent.page.locator("button.next").click()
    expect(respondent.status()).to_contain_text("Not saved yet")
    respondent.page.unroute("**/steps")
    respondent.page.reload()
    expect(respondent.page.locator(".entry")).to_have_count(6)
    assert stored(respondent.token()).progress.answers["drink"] == "tea"


def test_an_acknowledgement_that_got_lost_stores_once(arrive, stored):
    respondent = arrive("light").agree(0).answer()

    def lose(route):
        route.fetch()
        route.abort()

    respondent.page.route("**/steps", lose, times=1)
    respondent.page.locator("button.next").click()
    expect(respondent.page.locator(".entry")).to_have_count(6)
    record = next(one for one in stored() if one.token == respondent.token())
    assert [one.page for one in record.submissions] == ["consent", "start"]


def test_the_slower_tab_is_told_and_overwrites_nothing(arrive, stored):
    first = arrive("light").agree(0)
    second = arrive("light", context=first.page.context, t=first.token())
    first.answer().next()
    second.page.locator(".choice").nth(1).click()
    second.next()
    expect(second.status()).to_contain_text("another window")
    assert stored(first.token()).progress.answers["drink"] == "tea"


@both_shells
def test_another_language_in_mid_page(arrive, stored, shell):
    respondent = arrive(shell, "social_capital").agree(0).answer()
    given = respondent.page.locator(".entry input:checked").count()
    respondent.page.get_by_role("button", name="简体中文").click()
    expect(respondent.page.locator(".survey h1")).to_have_text("开始之前")
    assert respondent.page.locator(".entry input:checked").count() == given
    assert respondent.page.evaluate("document.documentElement.lang") == "zh-CN"
    assert stored(respondent.token()).progress.language == "zh-CN"


@both_shells
def test_by_keyboard_alone(arrive, stored, shell):
    respondent = arrive(shell).agree(0).answer().next()
    keyboard, heading = respondent.page.keyboard, respondent.page.locator(".survey h1")
    expect(heading).to_be_focused()
    for key in "123451":
        keyboard.press(key)
    expect(respondent.page.locator("button.next")).to_be_focused()
    keyboard.press("Enter")
    expect(respondent.page.locator(".entry")).to_have_count(3)
    expect(heading).to_be_focused()
    while respondent.page.locator(".entry input:focus").count() == 0:
        keyboard.press("Tab")
    keyboard.press("ArrowDown")
    keyboard.press("ArrowDown")
    assert respondent.page.locator(".entry").first.locator("input:checked").get_attribute("value") == "3"
    answers = stored(respondent.token()).progress.answers
    route = stored(respondent.token()).progress.route[1].elements
    assert [answers[code] for code in route] == [1, 2, 3, 4, 5, 1]


def test_what_is_missing_is_marked_and_ratings_may_be_left_out(arrive, stored):
    respondent = arrive("light").agree(0).next()
    expect(respondent.page.locator(".problem:visible")).to_have_text("Please answer this question.")
    expect(respondent.page.locator(".entry input").first).to_be_focused()
    respondent.answer().next().next()
    expect(respondent.page.locator(".problem:visible")).to_have_count(6)
    respondent.next()
    assert respondent.number() == 3
    assert set(stored(respondent.token()).progress.answers) == {"drink"}


def test_someone_who_does_not_belong_is_thanked(arrive, stored):
    respondent = arrive("light", "social_capital", lang="zh-CN").agree(0)
    for entry in respondent.entries().all():
        entry.locator(".choice").last.click()
    respondent.next()
    expect(respondent.page.locator(".entry")).to_have_count(0)
    assert stored(respondent.token()).progress.status is Status.SCREENED_OUT


def test_free_text_beside_an_option(arrive, stored):
    respondent = arrive("light").agree(0)
    respondent.page.locator(".choice").nth(2).click()
    respondent.page.locator("input.beside").fill("<b>Mate</b>")
    respondent.next()
    assert stored(respondent.token()).progress.answers["drink_text"] == "<b>Mate</b>"
    expect(respondent.page.locator(".survey b")).to_have_count(0)
    expect(respondent.page.locator(".entry").filter(has_text="<b>Mate</b>")).to_have_count(1)


def test_a_begun_survey_is_offered_not_shown(arrive):
    respondent = arrive("light").agree(0).answer().next()
    again = arrive("light", context=respondent.page.context)
    expect(again.page.locator("button.next")).to_have_text("I agree and want to take part")
    again.page.get_by_role("link", name="Continue it").click()
    expect(again.page.locator(".entry")).to_have_count(6)


@both_shells
def test_a_receipt_checks_and_deletes(arrive, stored, picture, shell):
    respondent = arrive(shell).agree(0).finish()
    token, page = respondent.token(), respondent.page
    code = page.locator(".receipt code").inner_text()
    picture(respondent, f"{shell}-receipt", full=False)
    page.locator(".receipt .door").click()
    page.locator("#code").fill(code.lower())
    page.locator("button.next").click()
    expect(page.get_by_text("They are unchanged")).to_be_visible()
    expect(page.get_by_text("The log is whole")).to_be_visible()
    picture(respondent, f"{shell}-receipt-checked", full=False)
    page.get_by_role("button", name="Delete my answers").click()
    page.get_by_role("button", name="Yes, delete everything").click()
    expect(page.get_by_text("Your answers have been deleted")).to_be_visible()
    assert stored(token).progress.answers == {}


def test_an_unknown_link_says_so(arrive):
    respondent = arrive("light", t="nobody-has-this-token")
    expect(respondent.status()).to_contain_text("This link is not known")
    assert respondent.entries().count() == 0


def test_no_answer_of_the_server_shows_the_frameworks_dialog(arrive, server):
    respondent = arrive("streamlit").agree(0)
    server.kill()
    respondent.page.wait_for_timeout(3_000)
    expect(respondent.page.get_by_text("Connection error")).to_be_hidden()
    expect(respondent.page.locator(".entry")).to_have_count(1)
    server.start()


def test_the_survey_loads_no_statistics_into_the_server(arrive, server):
    arrive("streamlit").agree(0)
    maps = Path(f"/proc/{server.process.pid}/maps")
    require(maps.exists(), "/proc", "run it on Linux")
    mapped = maps.read_text()
    assert "sqlalchemy" in mapped
    assert not any(f"/{name}/" in mapped for name in ("numpy", "pandas", "pyarrow", "scipy"))


def test_respondents_see_no_way_to_the_console(arrive):
    respondent = arrive("streamlit")
    assert respondent.page.locator("[data-testid=stSidebar]:visible").count() == 0
    assert respondent.page.locator("a:visible").count() == 0


@both_shells
@pytest.mark.parametrize("dark", [False, True], ids=["light colours", "dark colours"])
def test_no_accessibility_violations(arrive, shell, dark):
    script = axe_script()
    respondent = arrive(shell, "social_capital", width=1280 if dark else 390, dark=dark, lang="zh-CN")
    found = {"consent": violations(respondent.page, script)}
    respondent.agree(3).next()
    found["marked"] = violations(respondent.page, script)
    respondent.answer().next()
    for _ in range(2):
        respondent.answer().next()
        found[respondent.heading()] = violations(respondent.page, script)
    done = arrive(shell, context=respondent.page.context).agree(0).finish()
    found["receipt"] = violations(done.page, script)
    code = done.page.locator(".receipt code").inner_text()
    done.page.locator(".receipt .door").click()
    done.page.locator("#code").fill(code)
    done.page.locator("button.next").click()
    expect(done.page.get_by_text("They are unchanged")).to_be_visible()
    found["receipt page"] = violations(done.page, script)
    assert found == {place: [] for place in found}
