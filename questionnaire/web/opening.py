"""What a shell needs to open a respondent's page: the view, or the problem in its place, as plain data."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from questionnaire.journey import JourneyError, known_language
from questionnaire.panel import kept, parameters
from questionnaire.service import Fielding
from questionnaire.storage import StorageUnavailableError, UnknownTokenError
from questionnaire.study import Study
from questionnaire.view import View
from questionnaire.web import assets


def preferred_language(study: Study, asked: str | None, accept_language: str) -> str:
    """The language named in the address, else the browser's first that the study speaks, else its first."""
    if asked:
        return known_language(study, asked)
    for wish in accept_language.split(","):
        tag = wish.split(";")[0].strip()
        known = known_language(study, tag) if tag and tag != "*" else ""
        if known and known.split("-")[0].lower() == tag.split("-")[0].lower():
            return known
    return study.languages[0]


def look(
    fielding: Fielding, token: str | None, page: int | None, language: str, invitation: str = ""
) -> View:
    """What to show to whoever holds ``token``, or to a newcomer. Stores nothing, whatever is asked."""
    try:
        if token:
            return fielding.see(token, page)
        fielding.admit(invitation)
        return fielding.welcome(language)
    except JourneyError as refused:
        return problem(fielding, refused.code, language)
    except UnknownTokenError:
        return problem(fielding, "unknown_token", language)
    except StorageUnavailableError:
        return problem(fielding, "unavailable", language)


def problem(fielding: Fielding, reason: str, language: str) -> View:
    """A view that says what is wrong; ``reason`` is a key of the wording."""
    shown = fielding.welcome(language)
    return shown | {"kind": "problem", "reason": reason, "stem": "", "tiers": [], "version": -1}


def boot(fielding: Fielding, query: Mapping[str, str], accept_language: str, base: str) -> dict[str, Any]:
    """The data a shell hands to the renderer for an address with these parameters.

    ``base`` leads from the page's address to the app's root. Raises JourneyError for a form or wave that
    the study does not have.
    """
    form, wave = query.get("form") or None, query.get("wave", "")
    known_waves = {known.code for known in fielding.study.waves}
    if form not in {None, *(known.code for known in fielding.study.forms)}:
        raise JourneyError("unknown_form", f"the study has no form {form!r}")
    if wave and wave not in known_waves:
        raise JourneyError("unknown_wave", f"the study has no wave {wave!r}")
    language = preferred_language(fielding.study, query.get("lang"), accept_language)
    invitation = query.get("i", "")
    token = query.get("t") or invited_before(fielding, invitation)
    return {
        "view": look(fielding, token, page_number(query.get("p")), language, invitation),
        "token": token,
        "invitation": invitation,
        "study": fielding.study.code,
        "form": form,
        "wave": wave,
        "panel": kept(panel_parameters(fielding), query),
        "base": base,
        "assets": assets.prefix(),
    }


def invited_before(fielding: Fielding, invitation: str) -> str | None:
    """The token of the respondent who used this invitation; None when there is none (or no answer)."""
    try:
        known = fielding.admit(invitation) if invitation else None
    except (JourneyError, UnknownTokenError, StorageUnavailableError):
        return None
    return known.token or None if known is not None else None


def panel_parameters(fielding: Fielding) -> tuple[str, ...]:
    """What is kept of the link; by the study file alone when the store does not answer."""
    try:
        return fielding.panel_parameters()
    except StorageUnavailableError:
        return (*fielding.study.panel, *parameters(*fielding.study.addresses))


def page_number(text: str | None) -> int | None:
    """The page's index from its number in the address, counted there from 1; None when it is not one."""
    return int(text) - 1 if text and text.isascii() and text.isdigit() and len(text) < 6 else None
