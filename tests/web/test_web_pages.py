"""Pages as the framework runs them: who sees which, and what they say when the store is gone."""

import ast
from dataclasses import replace
from pathlib import Path

import pytest
from people import session
from streamlit.testing.v1 import AppTest

import app as application
from questionnaire.access.roles import GRANTS, Permission, Role
from questionnaire.pages.words import console_words
from questionnaire.storage import StorageUnavailableError
from questionnaire.web import site as site_module
from questionnaire.web.site import publish

APP = Path(__file__).parents[2] / "app.py"


@pytest.fixture
def published(site):
    publish(site)
    yield site
    site_module._current.clear()


@pytest.fixture
def run(monkeypatch):
    """The application's page for someone with these headers and this session."""

    def look(headers, cookie=None):
        context = "streamlit.runtime.context.ContextProxy"
        monkeypatch.setattr(f"{context}.headers", property(lambda _: headers))
        cookies = {"synergy_session": cookie} if cookie else {}
        monkeypatch.setattr(f"{context}.cookies", property(lambda _: cookies))
        return AppTest.from_file(str(APP), default_timeout=20).run()

    return look


HERE = {"Host": "localhost:8501"}
ELSEWHERE = {"Host": "survey.example"}


def test_the_console_counts_and_links(published, run):
    page = run(ELSEWHERE, session(published.access))
    assert not page.exception
    assert [title.value for title in page.title] == ["Studies"]
    assert [metric.value for metric in page.metric] == ["0"] * 5
    assert "/s/tea_breaks?lang=de" in page.markdown[0].value


def test_the_replication_bundle_is_made_on_request_and_handed_out(published, run, monkeypatch):
    publish(replace(published, database="sqlite:///elsewhere.sqlite"))
    asked = []

    def in_own_process(function, *args, **_):
        asked.append((function.__name__, *args))
        if len(asked) == 1:
            raise ValueError("nobody has finished")
        return b"the archive"

    monkeypatch.setattr("questionnaire.pages.console.in_own_process", in_own_process)
    words = console_words("en")
    page = run(ELSEWHERE, session(published.access))

    def make():
        next(button for button in page.button if button.label == words["make_bundle"]).click().run()
        assert not page.exception
        return [button.proto.label for button in page.get("download_button")]

    assert words["download_bundle"] not in make()
    assert "nobody has finished" in page.error[0].value
    assert words["download_bundle"] in make()
    assert asked == [("stored_bundle", "sqlite:///elsewhere.sqlite", "tea_breaks")] * 2


@pytest.mark.parametrize("headers", [ELSEWHERE, HERE, HERE | {"X-Forwarded-For": "9.9.9.9"}])
@pytest.mark.parametrize("cookie", [None, "guessed"])
def test_without_an_account_there_is_a_sentence(published, run, headers, cookie):
    page = run(headers, cookie)
    assert not page.exception
    assert not page.title
    assert "no survey at this address" in page.markdown[0].value


def test_a_session_that_ended_shows_nothing_any_more(published, run):
    cookie = session(published.access, Role.RESEARCHER)
    assert run(ELSEWHERE, cookie).title
    published.access.sign_out(cookie)
    assert not run(ELSEWHERE, cookie).title


def test_the_console_says_that_the_store_is_gone(published, run, monkeypatch):
    def gone(*_):
        raise StorageUnavailableError("no route to host")

    cookie = session(published.access)
    monkeypatch.setattr(published.fieldings["tea_breaks"].storage, "respondents", gone)
    assert "out of reach" in run(ELSEWHERE, cookie).error[0].value


def test_without_the_store_nobody_is_someone(published, run, monkeypatch):
    def gone(*_, **__):
        raise StorageUnavailableError("no route to host")

    cookie = session(published.access)
    monkeypatch.setattr(type(published.access.store), "session", gone)
    page = run(ELSEWHERE, cookie)
    assert not page.exception
    assert not page.title


@pytest.fixture
def offered(published, run, monkeypatch):
    """The addresses of the pages that exist for someone."""

    def look(headers, cookie=None):
        seen = []
        real = application.st.navigation

        def navigation(pages, **kwargs):
            # By title: the framework empties the address of the page that stands at the root.
            seen[:] = [page.title for page in pages]
            return real(pages, **kwargs)

        monkeypatch.setattr("streamlit.navigation", navigation)
        assert not run(headers, cookie).exception
        titles = {console_words("en")[page.title]: page.path for page in application.PAGES}
        return {titles[title] for title in seen if title not in ("synergy", "Survey")}

    return look


def paths(*permissions):
    return {page.path for page in application.PAGES if page.needs in permissions}


@pytest.mark.parametrize("role", Role)
def test_each_role_has_its_pages_and_no_other(published, offered, role):
    assert offered(ELSEWHERE, session(published.access, role)) == paths(*GRANTS[role])


def test_without_an_account_no_page_exists(published, offered):
    assert offered(HERE) == set()


@pytest.mark.parametrize(
    ("headers", "local", "demo", "pages"),
    [
        (HERE, True, True, paths(Permission.TRY_DEMO)),
        (HERE, True, False, set()),
        (HERE, False, True, set()),
        (ELSEWHERE, True, True, set()),
        (HERE | {"X-Forwarded-For": "9.9.9.9"}, True, True, set()),
    ],
)
def test_the_demonstration_is_for_this_machine_only(
    published, offered, monkeypatch, headers, local, demo, pages
):
    publish(replace(published, local=local))
    if demo:
        monkeypatch.setenv("SYNERGY_DEMO", "1")
    else:
        monkeypatch.delenv("SYNERGY_DEMO", raising=False)
    assert offered(headers) == pages


def test_every_page_is_in_the_table():
    """A page is made from the table, or is the survey, the door or a way: to the first page, or back."""
    made = [
        node
        for node in ast.walk(ast.parse(APP.read_text(encoding="utf-8")))
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr == "Page"
    ]
    assert [ast.unparse(call.args[0]) for call in made] == [
        "_respond",
        "_institution",
        "page.render",
        "home",
        "_door",
    ]
    assert len({page.path for page in application.PAGES}) == len(application.PAGES)
    assert all(isinstance(page.needs, Permission) for page in application.PAGES)


def test_the_demonstration_never_shows_what_respondents_said():
    assert {page.path for page in application.PAGES if page.needs is Permission.TRY_DEMO} == {"workbench"}


def test_nothing_is_served_before_a_site_is_published():
    site_module._current.clear()
    with pytest.raises(RuntimeError, match="synergy serve"):
        site_module.current()
