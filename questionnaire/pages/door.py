"""What stands at the root for anyone without an account: a sentence, and nothing about any study."""

from __future__ import annotations

import html

import streamlit as st

from questionnaire.pages.words import console_words
from questionnaire.wording import wording


def render() -> None:
    """Ask to use the link that was given; researchers sign in."""
    accepted = st.context.headers.get("accept-language", "")
    st.write(wording(accepted.split(",")[0])["unknown_study"])
    sign_in = html.escape(console_words(accepted)["sign_in"])
    st.html(f'<a href="./sign-in">{sign_in}</a>')
