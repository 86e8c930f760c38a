"""The language that researchers' pages speak to whoever looks at them."""

from __future__ import annotations

import streamlit as st

_CHOSEN = "language chosen"


def spoken() -> str:
    """The language chosen on a page of this session, else what the browser asks for (``Accept-Language``)."""
    return str(st.session_state.get(_CHOSEN) or st.context.headers.get("accept-language") or "")


def speak(language: str) -> None:
    """Keep the choice for every page of this session."""
    st.session_state[_CHOSEN] = language
