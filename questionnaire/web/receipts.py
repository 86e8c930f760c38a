"""What a receipt is good for: to check, to see one's profile, to take consent back, to delete."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import asdict
from functools import partial
from typing import Any

from starlette.routing import Route

from questionnaire.journey import JourneyError, known_language
from questionnaire.service import Fielding
from questionnaire.storage import StaleVersionError, StorageUnavailableError, UnknownTokenError
from questionnaire.web.bodies import Answered, text
from questionnaire.web.posts import Read, Work, study_post
from questionnaire.web.site import Site

RECEIPT_MAX = 64

Act = Callable[[Fielding, str, dict[str, Any]], dict[str, Any]]
"""What is done with a receipt and the rest of the body; its answer."""


def routes(site: Site) -> list[Route]:
    """For every study POST …/receipt, …/profile, …/tier and …/withdrawal."""

    def reading(act: Act) -> Read:
        def read(fielding: Fielding, body: dict[str, Any]) -> Work:
            return partial(_with_receipt, act, fielding, text(body, "receipt", RECEIPT_MAX), body)

        return read

    acts = {"receipt": check, "profile": profile, "tier": lower_tier, "withdrawal": withdraw}
    return [study_post(site, name, reading(act)) for name, act in acts.items()]


def _with_receipt(act: Act, fielding: Fielding, typed: str, body: dict[str, Any]) -> Answered:
    try:
        return 200, act(fielding, typed, body)
    except UnknownTokenError:
        return 404, {"error": "unknown_receipt"}
    except (JourneyError, StaleVersionError) as error:
        return 409, {"error": getattr(error, "code", "stale")}
    except StorageUnavailableError:
        return 503, {"error": "unavailable"}


def check(fielding: Fielding, receipt: str, _: dict[str, Any]) -> dict[str, Any]:
    """What the receipt proves."""
    return asdict(fielding.check_receipt(receipt))


def profile(fielding: Fielding, receipt: str, body: dict[str, Any]) -> dict[str, Any]:
    """The respondent's scores on the study's dimensions and the mean of those who have finished."""
    lines, people = fielding.profile(receipt)
    study = fielding.study
    language = known_language(study, str(body.get("lang", "")))
    names = {dimension.code: dimension.name[language] for dimension in study.dimensions}
    shown = [{**asdict(line), "name": names.get(line.code, line.code)} for line in lines]
    return {"lines": shown, "people": people}


def lower_tier(fielding: Fielding, receipt: str, body: dict[str, Any]) -> dict[str, Any]:
    """Take back part of the consent."""
    level = body.get("level")
    if isinstance(level, bool) or not isinstance(level, int):
        raise JourneyError("unknown_tier", "level: a whole number")
    fielding.lower_tier(receipt, level)
    return {"level": level}


def withdraw(fielding: Fielding, receipt: str, _: dict[str, Any]) -> dict[str, Any]:
    """Delete the answers behind the receipt; a receipt that leads nowhere (any more) is not found."""
    fielding.withdraw(receipt)
    return {"withdrawn": True}
