from pathlib import Path

import pytest
from starlette.applications import Starlette
from starlette.middleware import Middleware

from questionnaire.web import api, assets, light, security
from questionnaire.web.site import open_site

STUDIES = Path(__file__).parents[2] / "data" / "studies"


@pytest.fixture(scope="module")
def browser():
    from browsing import chromium

    with chromium() as launched:
        yield launched


@pytest.fixture
def context(browser):
    """New browsers of people who have nothing to do with each other."""
    from browsing import WAIT_MS
    from playwright.sync_api import expect

    expect.set_options(WAIT_MS)
    made = []

    def new(width=1280, locale="en", **options):
        viewport = {"width": width, "height": 844}
        made.append(browser.new_context(viewport=viewport, locale=locale, **options))
        made[-1].set_default_timeout(WAIT_MS)
        return made[-1]

    yield new
    for each in made:
        each.close()


@pytest.fixture
def site():
    """The small study on a store in memory."""
    return open_site("memory:", (STUDIES / "tea_breaks.yaml",), "127.0.0.1")


@pytest.fixture
def routes(site):
    """The survey's own routes with their headers, without the page framework."""
    return Starlette(
        routes=[*api.routes(site), *api.writing(site), *light.routes(site), *assets.routes()],
        middleware=[Middleware(security.SecurityHeaders, page_policy=security.policy("<script>1</script>"))],
    )


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.postgres)])
def durable_url(request, tmp_path):
    """An empty database of each durable kind."""
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path}/answers.sqlite"
    return request.getfixturevalue("empty_postgres")()
