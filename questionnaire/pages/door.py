"""What stands at the root for anyone who is not at the server: a sentence, and nothing about any study."""

from __future__ import annotations

import streamlit as st

from questionnaire.wording import wording


def render() -> None:
    """Ask to use the link that was given."""
    accepted = st.context.headers.get("accept-language", "")
    st.write(wording(accepted.split(",")[0])["unknown_study"])
