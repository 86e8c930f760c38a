"""The line under every researcher's page: who is signed in, and the way out."""

from __future__ import annotations

import html
from collections.abc import Mapping

import streamlit as st

from questionnaire.access.roles import Visitor

LOOK = """<style>
.foot { border-top: 1px solid #8886; margin: 2rem 0 0; padding-top: .75rem; font-size: .875rem }
.foot a { color: inherit; white-space: nowrap }
@media (prefers-color-scheme: dark) { [data-testid^="stBaseButton-primary"] * { color: #0c1a1a } }
</style>"""
"""Small, after a line. The framework writes white on the dark theme's light accent, which nobody with weak
sight can read."""


def render(visitor: Visitor, words: Mapping[str, str]) -> None:
    """Name, role and the link to sign out; or that this is a demonstration, and the link to sign in."""
    if visitor.account is None:
        said, link, where = words["demonstration"], words["sign_in"], "./sign-in"
    else:
        role = words[f"role_{visitor.account.role}"]
        said = words["signed_in"].format(name=visitor.account.name, role=role)
        link, where = words["sign_out"], "./sign-out"
    st.html(LOOK)
    st.html(f'<p class="foot">{html.escape(said)} <a href="{where}">{html.escape(link)}</a></p>')
