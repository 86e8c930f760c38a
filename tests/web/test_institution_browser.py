"""Signing in at an institution in a real browser: a real provider on this machine, whole and faulty."""

import os
import subprocess
import sys

import pytest
from browsing import STUDIES, picture, violations
from oidc_provider import CLIENT, Provider
from people import signed_in
from playwright.sync_api import expect
from running_server import ROOT, RunningServer, free_port

from questionnaire.access.connect import open_access
from questionnaire.access.institution import REFUSED
from questionnaire.access.roles import Role
from questionnaire.web.cookies import SESSION

pytestmark = pytest.mark.browser


OLGA = "olga@uni.example"


@pytest.fixture(scope="module")
def provider():
    with Provider() as running:
        yield running


@pytest.fixture(scope="module")
def server(provider, tmp_path_factory):
    folder = tmp_path_factory.mktemp("institution")
    running = RunningServer(
        f"sqlite:///{folder / 'answers.sqlite'}", STUDIES / "tea_breaks.yaml", folder=folder
    )
    (folder / ".streamlit").mkdir()
    (folder / ".streamlit" / "secrets.toml").write_text(provider.settings(running.url), "utf-8")
    provider.redirect = f"{running.url}/oauth2callback"
    with running:
        yield running


@pytest.fixture
def access(server):
    opened = open_access(server.database)
    yield opened
    opened.store.close()


@pytest.fixture(autouse=True)
def ready(context, server, access, provider):
    """The provider is whole again; somebody is an owner, and Olga is invited."""
    provider.reset()
    signed_in(context(), server)
    if access.store.named(OLGA) is None:
        access.invite(owner(access), OLGA, Role.ANALYST)


def owner(access):
    return next(one for one in access.store.accounts() if one.role is Role.OWNER and one.joined)


def through_the_institution(server, page):
    page.goto(f"{server.url}/sign-in")
    page.get_by_role("link", name="through your institution").click()
    page.get_by_role("link", name="I am Olga").click()


def cookies(context):
    return {one["name"]: one for one in context.cookies()}


def refusals(access):
    return [entry.detail for entry in access.store.entries() if entry.action == REFUSED]


def test_from_the_sign_in_page_to_the_console_and_out_again(server, provider, access, context):
    there = context()
    page = there.new_page()
    page.goto(f"{server.url}/sign-in")
    picture(page, "sign-in-with-institution")
    through_the_institution(server, page)
    expect(page.get_by_text(f"you are {OLGA}")).to_be_visible()
    picture(page, "institution-back")
    # What the framework keeps is no session of ours.
    assert SESSION not in cookies(there)
    identity = cookies(there)["_streamlit_user"]
    assert identity["expires"] == -1
    assert identity["httpOnly"]
    page.get_by_role("link", name="Continue").click()
    page.get_by_role("button", name=f"Continue as {OLGA}").click()
    expect(page.get_by_text(f"Signed in as {OLGA} (analyst).")).to_be_visible()
    asked = provider.asked[-1]
    assert asked["code_challenge_method"] == "S256"
    assert len(asked["nonce"]) > 15
    assert len(asked["state"]) > 15
    actions = [entry.action for entry in access.store.entries()][-3:]
    assert actions == ["signed in at the institution", "took over", "signed in"]
    page.get_by_role("link", name="Sign out").click()
    page.get_by_role("button", name="Sign out").click()
    expect(page.get_by_role("heading", name="Sign in")).to_be_visible()
    (ended,) = provider.ended
    assert ended["client_id"] == CLIENT
    assert ended["id_token_hint"]
    assert not {SESSION, "_streamlit_user", "_streamlit_user_tokens"} & set(cookies(there))
    page.goto(server.url)
    expect(page.get_by_role("link", name="Sign in")).to_be_visible()


FAULTS = {
    "unverified address": (None, {"email_verified": False}, "does not confirm", "default: email_verified"),
    "nothing about the address": (None, {"email_verified": None}, "does not confirm", "email_verified"),
    "verified in words": (None, {"email_verified": "true"}, "does not confirm", "email_verified"),
    "no address": (None, {"email": None}, "does not fit", "default: email: no address"),
    "an address that folds into hers": (None, {"email": "OLGA@unı.example"}, "not invited", "not_invited"),
    "nobody invited": (None, {"email": "eve@uni.example"}, "not invited", "not_invited: eve@uni.example"),
    "for someone else too": (None, {"aud": ["other", CLIENT], "azp": CLIENT}, "", ""),
    "for someone else": (None, {"aud": "other"}, "did not work", "no identity came back"),
    "for someone else, by name ours": (None, {"aud": "other", "azp": CLIENT}, "does not fit", "aud"),
    "another issuer": (None, {"iss": "https://evil.example"}, "did not work", "no identity"),
    "another issuer, described so": (
        "issuer of another",
        {"iss": "https://other.example"},
        "does not fit",
        "default: iss",
    ),
    "an old identity": (None, {"iat": 1_600_000_000}, "Too much time", "default: iat"),
    "one that ran out": (None, {"exp": 1_600_000_000}, "did not work", "no identity"),
    "another sign-in's nonce": ("nonce", {}, "did not work", "no identity"),
    "another state": ("state", {}, "did not work", "no identity"),
    "another key": ("key", {}, "did not work", "no identity"),
    "no signature": ("unsigned", {}, "did not work", "no identity"),
    "no identity at all": ("no identity", {}, "did not work", "no identity"),
    "the code refused": ("token refused", {}, "did not work", "no identity"),
    "the person refused": ("denied", {}, "did not work", "no identity"),
}
"""Fault or claims, what the page says, and what the audit log says; nothing said: it is no fault."""


@pytest.mark.parametrize(("fault", "claims", "said", "logged"), FAULTS.values(), ids=FAULTS)
def test_a_faulty_answer_gives_no_session(server, provider, access, context, fault, claims, said, logged):
    provider.reset(fault, **claims)
    there, before = context(), len(refusals(access))
    page = there.new_page()
    through_the_institution(server, page)
    if not said:
        expect(page.get_by_role("link", name="Continue")).to_be_visible()
        return
    expect(page.get_by_role("alert")).to_contain_text(said)
    expect(page.get_by_role("link", name="Continue")).to_have_count(0)
    (refused,) = refusals(access)[before:]
    assert logged in refused
    page.goto(f"{server.url}/console")
    expect(page.get_by_role("link", name="Sign in")).to_be_visible()
    assert SESSION not in cookies(there)


def test_a_disabled_account_stays_closed(server, provider, access, context):
    account = access.store.named(OLGA)[0]
    access.disable(owner(access), account)
    page = context().new_page()
    try:
        through_the_institution(server, page)
        expect(page.get_by_role("alert")).to_contain_text("not invited")
    finally:
        access.disable(owner(access), account, disabled=False)
    assert refusals(access)[-1] == f"default: not_invited: {OLGA}"


def test_disabled_between_the_two_clicks(server, provider, access, context):
    account = access.store.named(OLGA)[0]
    there = context()
    page = there.new_page()
    through_the_institution(server, page)
    link = page.get_by_role("link", name="Continue")
    expect(link).to_be_visible()
    access.disable(owner(access), account)
    try:
        link.click()
        expect(page.get_by_role("alert")).to_contain_text("used already or has run out")
    finally:
        access.disable(owner(access), account, disabled=False)
    assert SESSION not in cookies(there)


def test_a_provider_that_is_down_is_said(server, provider, access, context):
    provider.reset("down")
    page = context().new_page()
    page.goto(f"{server.url}/sign-in")
    page.get_by_role("link", name="through your institution").click()
    expect(page.get_by_role("alert")).to_contain_text("cannot be reached")
    # The password still works: the form is there.
    expect(page.get_by_label("Password")).to_be_visible()
    assert provider.asked == []


@pytest.mark.parametrize("fault", ["no sign-out", "down"])
def test_signing_out_ends_ours_whatever_the_provider_does(server, provider, access, context, fault):
    there = context()
    page = there.new_page()
    through_the_institution(server, page)
    page.get_by_role("link", name="Continue").click()
    page.get_by_role("button", name=f"Continue as {OLGA}").click()
    expect(page.get_by_text("Signed in as")).to_be_visible()
    session = cookies(there)[SESSION]["value"]
    provider.reset(fault)
    page.goto(f"{server.url}/sign-out")
    page.get_by_role("button", name="Sign out").click()
    expect(page.get_by_role("heading", name="Sign in")).to_be_visible()
    assert access.who(session) is None
    assert not {SESSION, "_streamlit_user", "_streamlit_user_tokens"} & set(cookies(there))
    assert provider.ended == []


def test_one_of_several_by_name_whose_provider_never_says_verified(provider, tmp_path, context):
    """The setting is that provider's own; the other one of the same server still refuses."""
    url = f"sqlite:///{tmp_path / 'answers.sqlite'}"
    running = RunningServer(url, STUDIES / "tea_breaks.yaml", folder=tmp_path)
    shared, own = provider.settings(running.url).split("client_id", 1)
    own = f"client_id{own}"
    (tmp_path / ".streamlit").mkdir()
    (tmp_path / ".streamlit" / "secrets.toml").write_text(
        f'{shared}[auth.physics]\ntitle = "Physics"\naccept_missing_email_verified = true\n{own}'
        f'[auth.history]\ntitle = "History"\n{own}'
    )
    before, provider.redirect = provider.redirect, f"{running.url}/oauth2callback"
    provider.reset(email_verified=None)
    with running:
        access = open_access(url)
        signed_in(context(), running)
        access.invite(owner(access), OLGA, Role.ANALYST)
        page = context().new_page()
        for title, said in (("History", "does not confirm"), ("Physics", f"you are {OLGA}")):
            page.goto(f"{running.url}/sign-in")
            page.get_by_role("link", name=title).click()
            page.get_by_role("link", name="I am Olga").click()
            expect(page.get_by_text(said)).to_be_visible()
        access.store.close()
    provider.redirect = before


def test_settings_that_cannot_be_used_end_the_start(tmp_path):
    (tmp_path / ".streamlit").mkdir()
    (tmp_path / ".streamlit" / "secrets.toml").write_text('[auth]\nclient_id = "x"\n')
    command = [sys.executable, "-m", "analysis.cli", "serve", "--port", str(free_port())]
    environment = os.environ | {"PYTHONPATH": str(ROOT)}
    ended = subprocess.run(
        command, cwd=tmp_path, env=environment, capture_output=True, text=True, timeout=120
    )
    assert ended.returncode == 1
    assert ".streamlit/secrets.toml, [auth], redirect_uri: missing" in ended.stderr
    assert "Traceback" not in ended.stderr


def test_nothing_of_a_sign_in_can_be_used_again(server, provider, access, context):
    """The answer's address, the page, the cookie and the link."""
    there = context()
    page = there.new_page()
    answers = []
    page.on("request", lambda one: answers.append(one.url) if "/oauth2callback" in one.url else None)
    through_the_institution(server, page)
    link = page.get_by_role("link", name="Continue")
    expect(link).to_be_visible()
    address = f"{server.url}/{link.get_attribute('href')[2:]}"
    # The cookie, by a second page of the same browser or by a thief of it.
    thief = context()
    thief.add_cookies(there.cookies())
    again = thief.new_page()
    again.goto(f"{server.url}/institution?back=1")
    expect(again.get_by_role("alert")).to_contain_text("used already")
    # The answer's address, with the cookies it came with and without them.
    again.goto(answers[0])
    expect(again.get_by_role("alert")).to_contain_text("did not work")
    stranger = context().new_page()
    stranger.goto(answers[0])
    expect(stranger.get_by_role("alert")).to_contain_text("did not work")
    # The link, once it was used.
    link.click()
    page.get_by_role("button", name=f"Continue as {OLGA}").click()
    expect(page.get_by_text("Signed in as")).to_be_visible()
    stranger.goto(address)
    expect(stranger.get_by_role("alert")).to_contain_text("used already or has run out")


def test_a_cookie_of_ones_own_making_is_nobody(server, access, context):
    there = context()
    for value in ("forged", "2|1:0|10:1700000000|15:_streamlit_user|8:e30=|" + "0" * 64):
        there.add_cookies([{"name": "_streamlit_user", "value": value, "url": server.url}])
        page = there.new_page()
        page.goto(f"{server.url}/institution?back=1")
        expect(page.get_by_role("alert")).to_contain_text("did not work")


def test_a_session_planted_before_is_not_the_one_that_is_used(server, provider, access, context):
    there = context()
    planted = "p" * 43
    there.add_cookies([{"name": SESSION, "value": planted, "url": server.url}])
    page = there.new_page()
    through_the_institution(server, page)
    page.get_by_role("link", name="Continue").click()
    page.get_by_role("button", name=f"Continue as {OLGA}").click()
    expect(page.get_by_text("Signed in as")).to_be_visible()
    assert cookies(there)[SESSION]["value"] != planted
    assert access.who(planted) is None


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [1280, 390])
@pytest.mark.parametrize(
    ("locale", "button"), [("en", "through your institution"), ("zh-CN", "通过所在机构")]
)
def test_its_pages_are_accessible(server, provider, context, locale, button, width, scheme):
    page = context(width, locale, color_scheme=scheme).new_page()
    provider.reset(email="eve@uni.example")
    for name, claims in (("refused", {"email": "eve@uni.example"}), ("welcome", {})):
        provider.reset(**claims)
        page.goto(f"{server.url}/sign-in")
        if name == "refused":
            assert violations(page) == []
        page.get_by_role("link", name=button).click()
        page.get_by_role("link", name="I am Olga").click()
        page.locator("a[href^='./auth'], a[href^='./welcome']").wait_for()
        assert violations(page) == []
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
        picture(page, f"institution-{name}-{locale}-{width}-{scheme}")
