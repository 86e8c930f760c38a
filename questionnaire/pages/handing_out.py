"""Every download of what a study holds: asked for again when it is clicked, and in the audit log."""

from __future__ import annotations

from collections.abc import Callable

import streamlit as st

from questionnaire.access.roles import Account, Permission
from questionnaire.pages.visitor import at_the_moment
from questionnaire.web.site import current


def hand_out(
    label: str,
    content: Callable[[Account], bytes | str],
    file_name: str,
    mime: str | None = None,
    *,
    needs: Permission,
    study: str,
    detail: Callable[[Account], str] | None = None,
    key: str | None = None,
) -> None:
    """A button for a file; when it is clicked, whoever clicks needs the permission then.

    ``content`` makes the file for that account, after the entry was written: an entry without a file is
    seen, a file without an entry is not. ``detail`` says more than the file's name does.
    """
    site = current()
    ask = at_the_moment(site, needs)

    def make() -> bytes | str:
        account = ask()
        site.access.record(account, "export", study, detail(account) if detail else file_name)
        return content(account)

    st.download_button(label, make, file_name, mime, key=key, on_click="ignore")
