"""The way of everything a respondent's page sends to a study: read, refused or carried out, answered."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Any

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from questionnaire.request import RequestError
from questionnaire.service import Fielding
from questionnaire.web.bodies import Answered, RefusedError, answer, read_body
from questionnaire.web.site import Site

Work = Callable[[], Answered]
"""What is carried out once the body is known to be in order."""

Read = Callable[[Fielding, dict[str, Any]], Work]
"""The work a body asks of a study; raises RefusedError or RequestError for a body out of order."""

Carry = Callable[[Work], Awaitable[Answered]]


def study_post(site: Site, name: str, read: Read, carry: Carry = run_in_threadpool) -> Route:
    """POST …/``name`` of every study: what ``read`` makes of the body, done by ``carry``."""

    async def serve(request: Request) -> Response:
        fielding = site.fieldings.get(request.path_params["study"])
        if fielding is None:
            return answer(404, {"error": "unknown_study"})
        try:
            work = read(fielding, await read_body(request))
        except RefusedError as refused:
            return answer(refused.status, {"error": str(refused)})
        except RequestError as error:
            return answer(400, {"error": str(error)})
        return answer(*await carry(work))

    return Route(f"/api/{{study}}/{name}", serve, methods=["POST"])
