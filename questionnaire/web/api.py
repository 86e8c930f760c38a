"""What a respondent's browser asks of a study: to look, to keep an answer, to take a step."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from typing import Any

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from questionnaire.drafts import Draft
from questionnaire.journey import InvalidAnswersError, JourneyError
from questionnaire.request import Request as Step
from questionnaire.request import read_changes, read_request
from questionnaire.service import Fielding, utc_now
from questionnaire.storage import StaleVersionError, StorageUnavailableError, UnknownTokenError
from questionnaire.web import data_use, receipts, resuming
from questionnaire.web.bodies import Answered, RefusedError, answer
from questionnaire.web.clerk import Clerk
from questionnaire.web.opening import look, page_number, preferred_language, problem
from questionnaire.web.posts import Work, study_post
from questionnaire.web.site import Site

_UNCHANGED = ("already_consented", "not_asking", "page_not_reached", "no_page_before", "not_in_review")
"""The respondent's state does not allow the step, so the answer is that state."""


_NO_ENTRY = ("closed", "invited_only")
"""The study takes nobody, or nobody this way: the answer is a page that says so."""

_STATUS = {"unknown_token": 404, "unavailable": 503}
"""The status of a view that shows a problem instead of a page."""


def routes(site: Site) -> list[Route]:
    """For every study GET …/view, what receipts and codes do; and GET /health."""

    async def view(request: Request) -> Response:
        fielding = site.fieldings.get(request.path_params["study"])
        if fielding is None:
            return answer(404, {"error": "unknown_study"})
        query = request.query_params
        accepted = request.headers.get("accept-language", "")
        language = preferred_language(fielding.study, query.get("lang"), accepted)
        invitation = query.get("i", "")
        page = page_number(query.get("p"))
        shown = await run_in_threadpool(look, fielding, query.get("t"), page, language, invitation)
        return answer(_STATUS.get(shown.get("reason", ""), 200), {"view": shown})

    async def health(_: Request) -> Response:
        ready = await run_in_threadpool(reachable, site)
        return answer(200 if ready else 503, {"status": "ok" if ready else "the database is out of reach"})

    return [
        Route("/api/{study}/view", view, methods=["GET"]),
        Route("/health", health, methods=["GET"]),
        *receipts.routes(site),
        *resuming.routes(site),
        *data_use.routes(site),
    ]


def writing(site: Site) -> list[Route]:
    """For every study POST …/steps and …/drafts: what respondents ask most."""
    clerk = Clerk(site.storage)

    def steps(fielding: Fielding, body: dict[str, Any]) -> Work:
        step, token = read_request(body), body.get("token")
        if token is not None and not isinstance(token, str):
            raise RefusedError(400, "token: text")
        return partial(take, fielding, token, step)

    def drafts(fielding: Fielding, body: dict[str, Any]) -> Work:
        changes, token = read_changes(body, utc_now()), body.get("token")
        if not isinstance(token, str):
            raise RefusedError(400, "token: text")
        return partial(keep, fielding, token, changes)

    return [study_post(site, "steps", steps, clerk), study_post(site, "drafts", drafts, clerk)]


def take(fielding: Fielding, token: str | None, step: Step) -> Answered:
    """Take one step and show where it leads."""
    try:
        if token is None and step.action != "consent":
            return 400, {"error": "token: missing"}
        ack = fielding.consent(step) if token is None else fielding.step(token, step)
        shown = _where_it_leads(fielding, ack.token, step.language)
    except InvalidAnswersError as error:
        problems = [{"code": problem.code, "reason": problem.reason} for problem in error.problems]
        return 422, {"error": error.code, "problems": problems}
    except StaleVersionError:
        return 409, {"error": "stale", "view": _seen(fielding, token)}
    except JourneyError as error:
        if error.code in _NO_ENTRY:
            return 409, {"error": error.code, "view": problem(fielding, error.code, step.language)}
        if token is not None and error.code in _UNCHANGED:
            return 409, {"error": error.code, "view": _seen(fielding, token)}
        return 400, {"error": error.code}
    except UnknownTokenError:
        return 404, {"error": "unknown_token"}
    except StorageUnavailableError:
        return 503, {"error": "unavailable"}
    return 200, {"token": ack.token, "version": ack.version, "repeated": ack.repeated, "view": shown}


def _where_it_leads(fielding: Fielding, token: str, language: str) -> dict[str, Any]:
    """What is shown after a stored step; closed to those under way meanwhile, it was stored all the same."""
    try:
        return fielding.see(token)
    except JourneyError as refused:
        return problem(fielding, refused.code, language)


def keep(fielding: Fielding, token: str, changes: Sequence[Draft]) -> Answered:
    """Keep answers of a page that is not sent yet; says which came too late."""
    try:
        return 200, {"stale": list(fielding.keep(token, changes))}
    except JourneyError as error:
        return (409 if error.code in _UNCHANGED else 400), {"error": error.code}
    except UnknownTokenError:
        return 404, {"error": "unknown_token"}
    except StorageUnavailableError:
        return 503, {"error": "unavailable"}


def _seen(fielding: Fielding, token: str | None) -> dict[str, Any] | None:
    try:
        return fielding.see(token) if token else None
    except (JourneyError, StorageUnavailableError, UnknownTokenError):
        return None


def reachable(site: Site) -> bool:
    """Whether the store of every study answers."""
    try:
        for fielding in list(site.fieldings.values()):
            fielding.storage.study(fielding.study.content_hash)
    except StorageUnavailableError:
        return False
    return True
