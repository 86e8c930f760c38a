"""Downloads: who may have them is asked when they are clicked, and each leaves its entry."""

import ast
from pathlib import Path

import pytest
from people import session

from analysis.pages import offering
from analysis.pages.bench import Bench, Chosen
from analysis.pages.sources import InFile, Live, Uploaded
from questionnaire.access.errors import ForbiddenError
from questionnaire.access.roles import Permission, Role
from questionnaire.pages import handing_out
from questionnaire.storage import StorageUnavailableError
from questionnaire.web import site as site_module
from questionnaire.web.site import publish

ROOT = Path(__file__).parents[2]


@pytest.fixture
def signed_in(site, monkeypatch):
    """Publishes the site; gives a browser the session of a role, whose cookie it returns."""
    publish(site)

    def sign_in(role):
        cookie = session(site.access, role)
        cookies = property(lambda _: {"synergy_session": cookie})
        monkeypatch.setattr("streamlit.runtime.context.ContextProxy.cookies", cookies)
        monkeypatch.setattr("streamlit.runtime.context.ContextProxy.headers", property(lambda _: {}))
        return cookie

    yield sign_in
    site_module._current.clear()


@pytest.fixture
def offered(monkeypatch):
    """What the framework was given to call when a download is clicked."""
    found = []

    def button(label, data, *_, **__):
        found.append(data)

    monkeypatch.setattr("streamlit.download_button", button)
    return found


def exports(site):
    return [(one.who, one.study, one.detail) for one in site.access.store.entries() if one.action == "export"]


@pytest.mark.parametrize("role", Role)
def test_a_click_is_asked_about_and_recorded(site, signed_in, offered, role):
    cookie = signed_in(role)
    who = site.access.who(cookie)
    handing_out.hand_out(
        "x", lambda account: account.name, "links.csv", needs=Permission.CHANGE_STUDIES, study="tea"
    )
    (click,) = offered
    if who.may(Permission.CHANGE_STUDIES):
        assert click() == who.name
        assert exports(site) == [(who.name, "tea", "links.csv")]
    else:
        with pytest.raises(ForbiddenError):
            click()
        assert exports(site) == []
    before = exports(site)
    site.access.sign_out(cookie)
    with pytest.raises(ForbiddenError):
        click()
    assert exports(site) == before


def test_without_an_entry_there_is_no_file(site, signed_in, offered, monkeypatch):
    def gone(*_, **__):
        raise StorageUnavailableError("no route to host")

    signed_in(Role.OWNER)
    made = []
    handing_out.hand_out("x", made.append, "f", needs=Permission.CHANGE_STUDIES, study="")
    monkeypatch.setattr(type(site.access.store), "record", gone)
    with pytest.raises(StorageUnavailableError):
        offered[0]()
    assert made == []


def bench_with(site, monkeypatch, source):
    fielding = site.fieldings["tea_breaks"]
    bench = Bench(fielding.study, "", str, "memory:", 0, "")
    monkeypatch.setattr(Bench, "chosen", property(lambda _: Chosen("key", "name", source, 1)))
    return bench


def test_files_made_from_live_answers_are_recorded(site, signed_in, offered, monkeypatch):
    who = site.access.who(signed_in(Role.ANALYST))
    bench = bench_with(site, monkeypatch, Live("memory:"))
    offering.offer(bench, "x", lambda: b"1", "flags.csv")
    assert offered[0]() == b"1"
    assert exports(site) == [(who.name, "tea_breaks", "flags.csv")]
    offering.analysed(bench, "model lab")
    last = site.access.store.entries(1)[0]
    assert (last.who, last.action, last.study, last.detail) == (
        *(who.name, "analysis"),
        *("tea_breaks", "model lab"),
    )


@pytest.mark.parametrize("source", [InFile(Path("demo.csv")), Uploaded(None)])
def test_synthetic_answers_and_ones_own_are_not(site, signed_in, offered, monkeypatch, source):
    signed_in(Role.ANALYST)
    before = len(site.access.store.entries())
    bench = bench_with(site, monkeypatch, source)
    offering.offer(bench, "x", lambda: b"1", "flags.csv")
    offering.analysed(bench)
    assert offered[0]() == b"1"
    assert len(site.access.store.entries()) == before


WITHOUT_ANSWERS = {f"analysis/pages/{name}.py" for name in ("importer", "import_corrections", "lab_again")}
"""What someone has just uploaded, how its columns are read, the text of a model."""


def test_no_page_offers_a_file_past_the_log():
    """A download of the framework's is made in two places only, and where no stored answer is in it."""
    found = {
        path.relative_to(ROOT).as_posix()
        for folder in ("analysis", "questionnaire")
        for path in (ROOT / folder).rglob("*.py")
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.Attribute) and node.attr == "download_button"
    }
    assert found == {"analysis/pages/offering.py", "questionnaire/pages/handing_out.py"} | WITHOUT_ANSWERS
