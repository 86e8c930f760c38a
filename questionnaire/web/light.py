"""Small pages of their own, without the page framework: the light shell and the receipt page."""

from __future__ import annotations

import html
import json
from typing import Any

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route

from questionnaire.journey import JourneyError
from questionnaire.web import assets
from questionnaire.web.compression import Packed
from questionnaire.web.opening import boot, preferred_language
from questionnaire.web.security import STRICT
from questionnaire.web.site import Site

_PAGE = """<!DOCTYPE html>
<html lang="{language}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>{title}</title>
<link rel="icon" href="data:,">
<link rel="stylesheet" href="{assets}survey.css">
{modules}
<script type="module" src="{assets}{script}"></script>
</head>
<body class="survey-page">
<div id="survey"></div>
<noscript><p>{needs_script}</p></noscript>
<script type="application/json" id="boot">{boot}</script>
</body>
</html>
"""


def page(data: dict[str, Any], script: str) -> str:
    """The HTML around ``data``, which stands in it as JSON that cannot end its own element."""
    view = data["view"]
    address = data["base"] + data["assets"]
    modules = "\n".join(f'<link rel="modulepreload" href="{address}{name}">' for name in assets.MODULES)
    text = json.dumps(data, ensure_ascii=False, separators=(",", ":"))
    for character in "<>&":
        text = text.replace(character, f"\\u{ord(character):04x}")
    return _PAGE.format(
        language=html.escape(view["language"]),
        title=html.escape(view["study_title"]),
        needs_script=html.escape(view["words"]["needs_script"]),
        assets=address,
        modules=modules,
        script=script,
        boot=text,
    )


def routes(site: Site) -> list[Route]:
    """GET /s/{study}, with the same parameters as the other shell, and GET /r/{study}."""

    async def survey(request: Request) -> Response:
        fielding = site.fieldings.get(request.path_params["study"])
        if fielding is None:
            return PlainTextResponse("There is no such survey.", 404)
        accepted = request.headers.get("accept-language", "")
        try:
            data = await run_in_threadpool(boot, fielding, request.query_params, accepted, "../")
        except JourneyError as error:
            return PlainTextResponse(f"This link is not complete: {error}.", 400)
        return send(request, page(data, "light.js"))

    async def receipt(request: Request) -> Response:
        fielding = site.fieldings.get(request.path_params["study"])
        if fielding is None:
            return PlainTextResponse("There is no such survey.", 404)
        accepted = request.headers.get("accept-language", "")
        language = preferred_language(fielding.study, request.query_params.get("lang"), accepted)
        welcome = fielding.welcome(language)
        view = welcome | {"stem": "", "tiers": []}
        about = {"tiers": welcome["tiers"], "profile": fielding.study.profile}
        data = about | {"view": view, "study": fielding.study.code, "base": "../", "assets": assets.prefix()}
        return send(request, page(data, "receipt.js"))

    return [Route("/s/{study}", survey, methods=["GET"]), Route("/r/{study}", receipt, methods=["GET"])]


def send(request: Request, text: str) -> Response:
    """``text`` as a page with the strict policy, compressed, never kept."""
    response = Packed.of(text.encode(), "page.html").respond(request.headers, "no-store")
    response.headers["Content-Security-Policy"] = STRICT
    return response
