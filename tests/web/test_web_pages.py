"""Pages as the framework runs them: who sees which, and what they say when the store is gone."""

from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from questionnaire.storage import StorageUnavailableError
from questionnaire.web import site as site_module
from questionnaire.web.site import Site, publish

APP = Path(__file__).parents[2] / "app.py"


@pytest.fixture
def published(site):
    publish(site)
    yield site
    site_module._current.clear()


def run(headers, monkeypatch):
    monkeypatch.setattr("streamlit.runtime.context.ContextProxy.headers", property(lambda _: headers))
    return AppTest.from_file(str(APP), default_timeout=20).run()


HERE = {"Host": "localhost:8501"}
ELSEWHERE = {"Host": "survey.example"}


def test_the_console_counts_and_links(published, monkeypatch):
    page = run(HERE, monkeypatch)
    assert not page.exception
    assert [title.value for title in page.title] == ["Studies"]
    assert [metric.value for metric in page.metric] == ["0", "0", "0", "0"]
    assert "/s/tea_breaks?lang=de" in page.markdown[0].value


@pytest.mark.parametrize("headers", [ELSEWHERE, HERE | {"X-Forwarded-For": "9.9.9.9"}])
def test_others_see_a_sentence(published, monkeypatch, headers):
    page = run(headers, monkeypatch)
    assert not page.title
    assert "no survey at this address" in page.markdown[0].value


def test_no_console_on_an_address_others_can_reach(site, monkeypatch):
    publish(Site(site.database, site.fieldings, console=False))
    assert not run(HERE, monkeypatch).title
    site_module._current.clear()


def test_the_console_says_that_the_store_is_gone(published, monkeypatch):
    def gone(*_):
        raise StorageUnavailableError("no route to host")

    monkeypatch.setattr(published.fieldings["tea_breaks"].storage, "respondents", gone)
    page = run(HERE, monkeypatch)
    assert "out of reach" in page.error[0].value


def test_nothing_is_served_before_a_site_is_published():
    site_module._current.clear()
    with pytest.raises(RuntimeError, match="synergy serve"):
        site_module.current()
