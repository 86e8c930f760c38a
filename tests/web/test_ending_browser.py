"""Review, code, profile and consent taken back, in a real browser and both shells."""

import itertools
from pathlib import Path

import pytest
from browsing import SCREENSHOTS, STUDIES, axe_script, violations
from playwright.sync_api import expect
from respondent import Respondent, address
from running_server import RunningServer
from test_web_browser import WAIT_MS, both_shells

from questionnaire.journey import Status
from questionnaire.loading import load_study
from questionnaire.request import Request
from questionnaire.service import Fielding
from questionnaire.storage import connect
from questionnaire.wording import wording

pytestmark = pytest.mark.browser

REDIRECT = "https://panel.example/done?id={PID}"
NUMBERS = itertools.count(1)


def variant(folder, name, code, more):
    text = (STUDIES / f"{name}.yaml").read_text("utf-8").replace(f"code: {name}\n", f"code: {code}\n", 1)
    path = folder / f"{code}.yaml"
    path.write_text(f"{text}\n{more}\n", "utf-8")
    return path


@pytest.fixture(scope="module")
def server(tmp_path_factory):
    folder = tmp_path_factory.mktemp("endings")
    reviewed = variant(folder, "tea_breaks", "tea_review", f'review: true\nredirect: "{REDIRECT}"')
    profiled = variant(folder, "social_capital", "charity_profile", "profile: true")
    with RunningServer(f"sqlite:///{folder / 'answers.sqlite'}", reviewed, profiled) as running:
        yield running


@pytest.fixture
def store(server):
    storage = connect(server.database)
    yield storage
    storage.close()


@pytest.fixture
def arrive(browser, server):
    contexts = []

    def come(shell, study, *, width=390, **query):
        contexts.append(browser.new_context(viewport={"width": width, "height": 844}))
        contexts[-1].set_default_timeout(WAIT_MS)
        page = contexts[-1].new_page()
        return Respondent(page).open(address(server.url, shell, study, **({"lang": "en"} | query)))

    yield come
    for context in contexts:
        context.close()


@pytest.fixture
def picture(tmp_path):
    folder = Path(SCREENSHOTS or tmp_path)
    return lambda page, name: page.screenshot(path=folder / f"{name}.png", full_page=True)


@pytest.fixture
def clean():
    """No violation of WCAG 2.2 A or AA, and nothing wider than the screen."""
    script = axe_script()

    def check(respondent):
        assert violations(respondent.page, script) == []
        wide, screen = respondent.page.evaluate("[document.documentElement.scrollWidth, window.innerWidth]")
        assert wide <= screen

    return check


@both_shells
def test_a_review_shows_changes_and_sends(arrive, store, picture, clean, shell):
    respondent = arrive(shell, "tea_review", PID="p-7%26x", name="Ann").agree(0)
    page = respondent.page
    for _ in range(3):
        expect(page.locator("button.next")).to_have_text("Next")
        respondent.answer().next()
    expect(page.locator(".survey h1")).to_have_text("Please look over your answers")
    clean(respondent)
    picture(page, f"{shell}-review")
    assert store.load(respondent.token()).progress.status is Status.ASKING
    page.locator(".reviewed button").first.click()
    expect(page.locator(".entry")).to_have_count(1)
    page.locator(".choice").nth(1).click()
    respondent.next()
    expect(page.locator(".reviewed dd").first).to_have_text("Coffee")
    page.reload()
    respondent.settled()
    page.get_by_role("button", name="Send").click()
    expect(page.locator(".receipt code")).to_be_visible()
    assert page.locator(".onward a").get_attribute("href") == "https://panel.example/done?id=p-7%26x"
    progress = store.load(respondent.token()).progress
    assert (progress.status, progress.answers["drink"]) == (Status.FINISHED, "coffee")
    assert dict(progress.panel) == {"PID": "p-7&x"}
    clean(respondent)


@both_shells
def test_a_code_leads_on_from_another_device(arrive, picture, clean, shell):
    phone = arrive(shell, "tea_review").agree(0).answer()
    phone.page.get_by_role("button", name="Pause").click()
    code = phone.page.locator(".elsewhere code").inner_text()
    clean(phone)
    picture(phone.page, f"{shell}-pause")
    desk = arrive(shell, "tea_review", width=1280)
    desk.page.get_by_text("I have a code for going on").click()
    desk.page.locator("#resume-code").fill("WRO-NGC-ODE")
    desk.page.get_by_role("button", name="Continue it").click()
    expect(desk.page.get_by_text("No survey under way has this code")).to_be_visible()
    clean(desk)
    desk.page.locator("#resume-code").fill(code.lower().replace("-", " "))
    desk.page.get_by_role("button", name="Continue it").click()
    expect(desk.page.locator(".entry input:checked")).to_have_attribute("value", "tea")
    assert desk.token() == phone.token()


def survey(fielding, pick):
    """A whole survey without a browser; the token."""

    def step(action, **fields):
        return Request(f"submit-{next(NUMBERS):08d}", action, **fields)

    token = fielding.consent(step("consent", level=3, language="zh-CN")).token
    while (shown := fielding.see(token))["kind"] == "page":
        answers = {}
        for entry in shown["entries"]:
            if entry["kind"] == "rating":
                answers[entry["code"]] = 1 + pick % len(entry["options"])
            elif entry["required"]:
                first = entry["options"][0]["value"]
                answers[entry["code"]] = (first,) if entry["kind"] == "multiple" else first
        fields = {"base_version": shown["version"], "page": shown["index"], "answers": answers}
        fielding.step(token, step("answers", skip_unanswered=True, **fields))
    return token


@pytest.mark.parametrize(("shell", "language"), [("light", "zh-CN"), ("streamlit", "en")])
def test_a_profile_and_consent_taken_back(arrive, server, store, picture, clean, shell, language):
    path = Path(next(study for study in server.studies if "profile" in study))
    fielding = Fielding(load_study(path), path.read_text("utf-8"), store)
    token = [survey(fielding, pick) for pick in range(21)][-1]
    respondent = arrive(shell, "charity_profile", t=token, lang=language)
    page = respondent.page
    page.locator(".profile button").click()
    expect(page.locator(".profile tbody tr")).to_have_count(4)
    clean(respondent)
    picture(page, f"{shell}-{language}-profile")
    code = page.locator(".receipt code").inner_text()
    page.locator(".receipt .door").click()
    page.locator("#code").fill(code)
    page.locator("button.next").click()
    expect(page.locator(".profile button")).to_be_visible()
    clean(respondent)
    picture(page, f"{shell}-{language}-receipt-tiers")
    page.locator(".reviewed button").first.click()
    expect(page.locator(".status[data-state=saved]")).to_have_count(1)
    assert store.load(token).progress.consent_level == 0
    assert store.load(token).finished_at


@pytest.mark.parametrize(("shell", "language"), [("light", "zh-CN"), ("streamlit", "en")])
def test_ones_own_data_in_the_middle(arrive, store, picture, clean, shell, language):
    words = wording(language)
    respondent = arrive(shell, "charity_profile", lang=language).agree(2).answer()
    page = respondent.page
    code = respondent.entries().first.get_attribute("data-code")
    page.get_by_role("button", name=words["your_data"]).click()
    expect(page.locator(".mine .reviewed button")).to_have_count(2)
    clean(respondent)
    picture(page, f"{shell}-{language}-own-data")
    page.locator(".mine .reviewed button").first.click()
    expect(page.locator(".survey > .status")).to_contain_text(words["tier_changed"].split("{")[0])
    kept = store.load(respondent.token()).progress
    assert (kept.consent_level, kept.status) == (0, Status.ASKING)
    # What was answered on the page and not sent is still there, and the survey goes on.
    assert respondent.entries().first.get_attribute("data-code") == code
    expect(respondent.entries().first.locator("input:checked")).to_have_count(1)
    respondent.next()
    assert respondent.number() == 2
    page.get_by_role("button", name=words["your_data"]).click()
    expect(page.get_by_text(words["tier_least"])).to_be_visible()
    page.get_by_role("button", name=words["withdraw"]).click()
    clean(respondent)
    picture(page, f"{shell}-{language}-own-data-delete")
    page.get_by_role("button", name=words["withdraw_confirm"]).click()
    expect(page.get_by_text(words["withdrawn"])).to_be_visible()
    clean(respondent)
    gone = store.load(respondent.token())
    assert (gone.progress.status, gone.progress.answers) == (Status.WITHDRAWN, {})
    assert page.evaluate("Object.keys(localStorage).filter((key) => key.startsWith('synergy:'))") == []


def test_answers_that_wait_go_before_consent_is_taken_back(arrive, store):
    respondent = arrive("light", "charity_profile").agree(1)
    page = respondent.page
    page.get_by_role("button", name="Your data").click()
    page.context.set_offline(True)
    respondent.answer()
    page.locator(".mine .reviewed button").first.click()
    expect(page.locator(".mine .status")).to_contain_text("Not changed yet")
    assert store.load(respondent.token()).progress.consent_level == 1
    page.context.set_offline(False)
    page.get_by_role("button", name="Your data").click()
    page.get_by_role("button", name="Your data").click()
    page.locator(".mine .reviewed button").first.click()
    expect(page.locator(".survey > .status")).to_contain_text("Changed. Now:")
    assert len(store.drafts(respondent.token()).living) == respondent.entries().count()
