"""Signing in at an institution: there by ``st.login``, and back with what it says of the person."""

from __future__ import annotations

import html
from collections.abc import Mapping

import streamlit as st
from streamlit.errors import StreamlitSecretNotFoundError

from questionnaire.access import institution_settings
from questionnaire.access.errors import AccessError
from questionnaire.access.institution import Institution, admit
from questionnaire.storage import StorageUnavailableError
from questionnaire.web.sign_in_words import preferred, sign_in_words
from questionnaire.web.site import Site

_DECIDED = "institution_decided"


def configured() -> tuple[Institution, ...]:
    """The institutions of ``[auth]`` in ``.streamlit/secrets.toml``; none when there is no such section.

    Raises SettingsError for a file or a section that cannot be used.
    """
    try:
        if "auth" not in st.secrets:
            return ()
        section = st.secrets["auth"].to_dict()
    except StreamlitSecretNotFoundError as error:
        if error.error_id == "no-secrets-found":
            return ()
        raise institution_settings.SettingsError(str(error)) from error
    return institution_settings.institutions(section)


def render(site: Site) -> None:
    """Send to the institution asked for, or say what became of the sign-in that comes back from it."""
    accepted = st.context.headers.get("accept-language", "")
    words = sign_in_words(preferred(accepted, st.query_params.get("lang")))
    known = {one.name: one for one in site.institutions}
    st.title(words["sign_in"])
    if "back" in st.query_params:
        _back(site, known, words)
        return
    chosen = known.get(st.query_params.get("at", "default"))
    if chosen is None:
        st.error(words["institution_failed"])
        _link("./sign-in", words["back_to_sign_in"])
        return
    st.write(words["institution_going"])
    _link("./sign-in", words["back_to_sign_in"])
    st.login(None if chosen.name == "default" else chosen.name)


def _back(site: Site, known: Mapping[str, Institution], words: Mapping[str, str]) -> None:
    # Decided once a visit: what was brought can be used once, and a page runs again for many reasons.
    if _DECIDED not in st.session_state:
        st.session_state[_DECIDED] = _decide(site, known)
    secret, reason = st.session_state[_DECIDED]
    if secret:
        said = words["institution_knows"].format(address=str(st.user.get("email", "")))
        st.html(f"<p>{html.escape(said)}</p>")
        _link(f"./welcome/{secret}", words["go_on_here"])
        return
    st.error(words[reason])
    _link("./sign-in", words["back_to_sign_in"])
    _link("./auth/logout", words["institution_leave"])


def _decide(site: Site, known: Mapping[str, Institution]) -> tuple[str, str]:
    """The secret of the link to go on with, or why there is none."""
    claims = st.user.to_dict()
    institution = known.get(str(claims.get("provider")))
    if claims.get("is_logged_in") is not True or institution is None:
        return "", "institution_failed"
    try:
        return admit(site.access, institution, claims, st.context.ip_address or ""), ""
    except AccessError as error:
        return "", error.reason
    except StorageUnavailableError:
        return "", "unavailable"


def _link(where: str, said: str) -> None:
    st.html(f'<p><a href="{html.escape(where)}">{html.escape(said)}</a></p>')
