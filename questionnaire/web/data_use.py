"""What someone under way has allowed, and what less there is to allow."""

from __future__ import annotations

from functools import partial
from typing import Any

from starlette.routing import Route

from questionnaire.piping import say
from questionnaire.service import Fielding
from questionnaire.storage import StorageUnavailableError, UnknownTokenError
from questionnaire.web.bodies import Answered, text
from questionnaire.web.posts import study_post
from questionnaire.web.site import Site


def routes(site: Site) -> list[Route]:
    """For every study POST …/data-use. Taking consent back and deleting are steps like any other."""
    return [study_post(site, "data-use", lambda study, body: partial(look, study, text(body, "token", 64)))]


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
