"""What someone under way has allowed, and what less there is to allow."""

from __future__ import annotations

from typing import Any

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from questionnaire.piping import say
from questionnaire.service import Fielding
from questionnaire.storage import StorageUnavailableError, UnknownTokenError
from questionnaire.web.bodies import Answered, RefusedError, answer, read_body, text
from questionnaire.web.site import Site


def routes(site: Site) -> list[Route]:
    """For every study POST …/data-use. Taking consent back and deleting are steps like any other."""

    async def serve(request: Request) -> Response:
        fielding = site.fieldings.get(request.path_params["study"])
        if fielding is None:
            return answer(404, {"error": "unknown_study"})
        try:
            token = text(await read_body(request), "token", 64)
        except RefusedError as refused:
            return answer(refused.status, {"error": str(refused)})
        return answer(*await run_in_threadpool(look, fielding, token))

    return [Route("/api/{study}/data-use", serve, methods=["POST"])]


def look(fielding: Fielding, token: str) -> Answered:
    """The present tier and all tiers in the respondent's language, and the version a change starts from."""
    try:
        study, progress = fielding.data_use(token)
    except UnknownTokenError:
        return 404, {"error": "unknown_token"}
    except StorageUnavailableError:
        return 503, {"error": "unavailable"}
    if progress.consent_level is None:
        return 409, {"error": "withdrawn"}
    tiers: list[dict[str, Any]] = [
        {"value": tier.level, "label": say(tier.label, progress.language, study.languages[0])}
        for tier in study.consent.tiers
    ]
    return 200, {"level": progress.consent_level, "tiers": tiers, "version": progress.version}
