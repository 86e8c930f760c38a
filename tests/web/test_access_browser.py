"""Accounts in a real browser against the real server: from the printed link to a session that ends."""

import re

import pytest
from browsing import STUDIES, picture, violations
from people import PASSWORD, signed_in
from playwright.sync_api import expect
from running_server import RunningServer

from questionnaire.access.connect import open_access
from questionnaire.access.roles import Role

pytestmark = pytest.mark.browser

STUDY = STUDIES / "tea_breaks.yaml"
STILL_MS = 1000
"""Tables are drawn after the headings."""


@pytest.fixture(scope="module")
def server(tmp_path_factory):
    folder = tmp_path_factory.mktemp("store")
    with RunningServer(f"sqlite:///{folder / 'answers.sqlite'}", STUDY) as running:
        yield running


@pytest.fixture
def access(server):
    opened = open_access(server.database)
    yield opened
    opened.store.close()


def test_from_the_printed_link_to_signing_out(server, context):
    link = re.search(r"/welcome/\S+", server.log())[0]
    page = context().new_page()
    page.goto(server.url + link)
    page.get_by_label("Sign-in name").fill("olga@uni.example")
    page.get_by_label("Password").fill(PASSWORD)
    picture(page, "welcome-en-1280")
    page.get_by_role("button", name="Set the password and sign in").click()
    expect(page.get_by_role("heading", name="Studies")).to_be_visible()
    expect(page.get_by_text("Signed in as olga@uni.example (owner).")).to_be_visible()
    picture(page, "console-en-1280")
    page.get_by_role("link", name="Sign out").click()
    page.get_by_role("button", name="Sign out").click()
    expect(page.get_by_role("heading", name="Sign in")).to_be_visible()
    page.goto(server.url)
    expect(page.get_by_role("link", name="Sign in")).to_be_visible()
    page.get_by_role("link", name="Sign in").click()
    page.get_by_label("Sign-in name").fill("olga@uni.example")
    page.get_by_label("Password").fill("not this one at all")
    page.get_by_role("button", name="Sign in").click()
    expect(page.get_by_role("alert")).to_contain_text("do not fit")
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Sign in").click()
    expect(page.get_by_role("heading", name="Studies")).to_be_visible()


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [1280, 390])
@pytest.mark.parametrize("locale", ["en", "zh-CN"])
def test_small_pages_are_accessible(server, access, context, locale, width, scheme):
    signed_in(context(), server)
    secret = access.new_link(owner(access), owner(access))
    page = context(width, locale, color_scheme=scheme).new_page()
    for path in ("/sign-in", f"/welcome/{secret}", "/welcome/none", "/sign-out"):
        page.goto(server.url + path)
        assert violations(page) == []
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
        picture(page, f"{path.split('/')[1]}-{locale}-{width}-{scheme}")


def owner(access):
    return next(one for one in access.store.accounts() if one.role is Role.OWNER and one.joined)


@pytest.mark.parametrize(("locale", "title"), [("en", "People"), ("zh-CN", "人员")])
def test_an_owner_invites_and_disables(server, access, context, locale, title):
    page = signed_in(context(locale=locale), server).new_page()
    page.goto(f"{server.url}/people")
    expect(page.get_by_role("heading", name=title, exact=True)).to_be_visible()
    name = f"guest-{locale.lower()}@uni.example"
    page.get_by_role("textbox").fill(name)
    page.locator("[data-testid=stFormSubmitButton] button").click()
    expect(page.locator("code").first).to_contain_text("/welcome/")
    picture(page, f"people-{locale}-1280")
    link = page.locator("code").first.inner_text()
    guest = context().new_page()
    guest.goto(link)
    guest.get_by_label("Password").fill(PASSWORD)
    guest.get_by_role("button").click()
    expect(guest.get_by_role("heading", name="Studies")).to_be_visible()
    # No page of an owner, whatever the address says.
    guest.goto(f"{server.url}/people")
    expect(guest.get_by_role("heading", name="Studies")).to_be_visible()
    expect(guest.get_by_role("heading", name="People")).to_have_count(0)


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [1280, 390])
@pytest.mark.parametrize(("locale", "log"), [("en", "Audit log"), ("zh-CN", "审计日志")])
def test_people_and_the_audit_log_are_accessible(server, access, context, locale, log, width, scheme):
    page = signed_in(context(width, locale, color_scheme=scheme), server).new_page()
    access.record(owner(access), "export", "tea_breaks", "answers.csv")
    page.goto(f"{server.url}/people")
    expect(page.get_by_role("heading", name=log, exact=True)).to_be_visible()
    expect(page.locator("[data-testid=stDownloadButton] button")).to_be_visible()
    page.wait_for_timeout(STILL_MS)
    picture(page, f"people-{locale}-{width}-{scheme}")
    assert violations(page) == []
    main = page.locator("[data-testid=stMain]")
    assert main.evaluate("main => main.scrollWidth <= main.clientWidth + 1")


def test_an_open_page_ends_with_its_session(server, access, context):
    """The page stays connected; what it asks next, after the account was disabled, is not answered."""
    page = signed_in(context(), server, Role.ANALYST).new_page()
    page.goto(server.url)
    expect(page.get_by_role("heading", name="Studies")).to_be_visible()
    analyst = [one for one in access.store.accounts() if one.role is Role.ANALYST][-1]
    access.disable(owner(access), analyst)
    page.get_by_role("link", name="Analysis").first.click()
    expect(page.get_by_role("link", name="Sign in")).to_be_visible()
    expect(page.get_by_role("heading", name="Studies")).to_have_count(0)


def test_the_demonstration_needs_no_account_and_shows_no_answers(browser, context, tmp_path, monkeypatch):
    monkeypatch.setenv("SYNERGY_DEMO", "1")
    study = STUDY.with_name("social_capital.yaml")
    with RunningServer(f"sqlite:///{tmp_path / 'answers.sqlite'}", study) as server:
        page = context().new_page()
        page.goto(server.url)
        expect(page.get_by_text("without an account")).to_be_visible()
        expect(page.get_by_test_id("stRadio").get_by_role("radio")).to_have_count(1)
        picture(page, "demonstration-en-1280")
        page.goto(f"{server.url}/console")
        expect(page.get_by_text("without an account")).to_be_visible()
        expect(page.get_by_role("heading", name="Studies")).to_have_count(0)
