"""The route that shows a page of a study being edited."""

from pathlib import Path

import pytest
from asgi_call import call
from starlette.applications import Starlette

from questionnaire.editing.preview import PREVIEWS
from questionnaire.loading import load_study
from questionnaire.web import assets, preview

STUDY = load_study(Path(__file__).parents[2] / "data" / "studies" / "tea_breaks.yaml")
APP = Starlette(routes=[*preview.routes(), *assets.routes()])


@pytest.mark.parametrize("query", ["lang=de&p=2", "lang=de&p=2&form=nothing", "lang=de-AT&p=02"])
def test_a_preview_is_a_page_of_the_survey(query):
    german = call(APP, "GET", f"/preview/{PREVIEWS.put(STUDY)}?{query}")
    assert german.status == 200
    assert '<html lang="de">' in german.text
    assert "Meinen Tee trinke ich allein" in german.text
    assert "frame-ancestors 'self'" in german.headers["content-security-policy"]
    assert call(APP, "GET", f"/{assets.prefix()}preview.js").status == 200


def test_its_address_is_the_only_way_to_it():
    key = PREVIEWS.put(STUDY)
    assert len(key) > 20
    assert call(APP, "GET", f"/preview/{key[:-1]}").status == 404
