"""The page of an edited study as respondents will see it, for the editor's frame."""

from __future__ import annotations

from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route

from questionnaire.editing.preview import PREVIEWS, preview
from questionnaire.journey import known_language
from questionnaire.web import assets
from questionnaire.web.light import page, send
from questionnaire.web.opening import page_number


def routes() -> list[Route]:
    """GET /preview/{key} with form, lang and p; the key is the permission."""

    async def show(request: Request) -> Response:
        study = PREVIEWS.get(request.path_params["key"])
        if study is None:
            return PlainTextResponse("This preview is over; go on editing to see a new one.", 404)
        query = request.query_params
        language = known_language(study, query.get("lang") or study.languages[0])
        form = query.get("form", "")
        if form not in {known.code for known in study.forms}:
            form = study.forms[0].code
        shown = preview(study, form, language, page_number(query.get("p")) or 0)
        data = {"view": shown, "study": study.code, "base": "../", "assets": assets.prefix()}
        return send(request, page(data, "preview.js"))

    return [Route("/preview/{key}", show, methods=["GET"])]
