"""The framework's addresses for signing in elsewhere, as strangers and faults find them."""

import pytest
from asgi_call import call
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.responses import PlainTextResponse, RedirectResponse
from starlette.routing import Route
from streamlit.web.server.starlette import starlette_server_config

from questionnaire.access.institution import REFUSED, Institution
from questionnaire.access.service import PER_ADDRESS
from questionnaire.storage import StorageUnavailableError
from questionnaire.web import institution, sign_in

PLACE = Institution("default", "", "https://id.example", "ours")
KEPT = '_streamlit_user="2|1:0|abc"; HttpOnly; Max-Age=2592000; Path=/; SameSite=lax'
DROPPED = '_streamlit_user=""; expires=Thu, 01 Jan 1970 00:00:00 GMT; Max-Age=0; Path=/; SameSite=lax'


@pytest.fixture
def app(site):
    """What the framework answers is set by ``answers``; the rest is ours."""

    def make(institutions=(PLACE,), answer=None):
        async def framework(request):
            return answer or RedirectResponse("/", 302)

        paths = (institution.LOGIN, institution.LOGOUT, institution.CALLBACK)
        return Starlette(
            routes=[*sign_in.routes(site.access, institutions), *(Route(one, framework) for one in paths)],
            middleware=[
                Middleware(institution.InstitutionRoutes, access=site.access, institutions=institutions)
            ],
        )

    return make


def redirection(where, *cookies):
    answer = RedirectResponse(where, 302)
    for cookie in cookies:
        answer.headers.append("set-cookie", cookie)
    return answer


def test_the_cookie_is_called_as_the_framework_calls_it():
    assert starlette_server_config.USER_COOKIE_NAME == institution.IDENTITY


@pytest.mark.parametrize("path", ["/auth/login?provider=x", "/auth/logout", "/oauth2callback?code=1&state=2"])
def test_without_settings_there_is_nothing(app, path):
    assert call(app(()), "GET", path).status == 404
    assert "institution" not in call(app(()), "GET", "/sign-in").text


@pytest.mark.parametrize(
    ("path", "answer", "where"),
    [
        ("/auth/login", redirection("https://id.example/authorize?x=1"), "https://id.example/authorize?x=1"),
        ("/auth/login", redirection("/"), "../sign-in?problem=institution_down"),
        (
            "/auth/login",
            PlainTextResponse("Authentication error", 400),
            "../sign-in?problem=institution_down",
        ),
        ("/auth/login", redirection("//evil.example"), "../sign-in?problem=institution_down"),
        ("/auth/logout", redirection("https://id.example/logout"), "https://id.example/logout"),
        ("/auth/logout", redirection("/", DROPPED), "../sign-in"),
        ("/oauth2callback", redirection("/"), "./sign-in"),
        ("/oauth2callback?code=1&state=2", redirection("/", KEPT), "./institution?back=1"),
        ("/oauth2callback?code=1&state=2", redirection("/"), "./sign-in?problem=institution_failed"),
        ("/oauth2callback?code=1&state=2", redirection("/", DROPPED), "./sign-in?problem=institution_failed"),
        ("/oauth2callback?error=<b>", redirection("/"), "./sign-in?problem=institution_failed"),
        ("/oauth2callback?next=https://evil.example", redirection("/"), "./sign-in"),
    ],
)
def test_every_answer_leads_to_a_page_that_says_something(app, path, answer, where):
    got = call(app(answer=answer), "GET", path)
    assert (got.status, got.headers["location"]) == (303, where)
    assert got.headers["cache-control"] == "no-store"


def test_what_is_kept_ends_with_the_browser_and_over_https_stays_there(app, monkeypatch):
    def kept():
        answer = redirection("/", KEPT)
        return call(app(answer=answer), "GET", "/oauth2callback?code=1&state=2").headers["set-cookie"]

    assert "max-age" not in kept().lower()
    assert "Secure" not in kept()
    monkeypatch.setattr("starlette.datastructures.URL.scheme", "https")
    assert kept().endswith("; Secure")


def test_one_address_is_limited(app, site):
    limited = app()
    for _ in range(2 * PER_ADDRESS):
        call(limited, "GET", "/oauth2callback?code=1&state=2")
    before = len(site.access.store.entries())
    for path in ("/oauth2callback?code=1&state=2", "/auth/login"):
        assert call(limited, "GET", path).headers["location"].endswith("sign-in?problem=too_many")
    assert len(site.access.store.entries()) == before
    assert site.access.store.entries(1)[0].action == REFUSED


def test_a_store_that_is_gone_is_said(app, site, monkeypatch):
    def gone(*_, **__):
        raise StorageUnavailableError("no route to host")

    monkeypatch.setattr(type(site.access.store), "count", gone)
    assert call(app(), "GET", "/auth/login").headers["location"] == "../sign-in?problem=unavailable"


@pytest.mark.parametrize("problem", ["<script>", "sign_in", "name_hint", "../x", ""])
def test_only_known_problems_are_said(app, problem):
    page = call(app(), "GET", f"/sign-in?problem={problem}").text
    assert "alert" not in page
    assert "<script" not in page


def test_each_institution_has_a_button_in_plain_letters(app):
    several = (Institution("uni", "<Uni & Co>", "https://a", "a"), Institution("b", "", "https://b", "b"))
    page = call(app(several), "GET", "/sign-in").text
    assert 'href="./institution?at=uni&amp;lang=en">Sign in through &lt;Uni &amp; Co&gt;</a>' in page
    assert 'href="./institution?at=b&amp;lang=en">Sign in through your institution</a>' in page


def test_signing_out_without_a_session_offers_to_end_the_other_one(app):
    page = call(app(), "GET", "/sign-out", headers={"cookie": "_streamlit_user=x"}).text
    assert 'href="./auth/logout"' in page
    assert 'href="./auth/logout"' not in call(app(), "GET", "/sign-out").text
