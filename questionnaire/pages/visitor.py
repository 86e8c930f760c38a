"""Who looks at a page, asked of the store each time: a page does not remember what someone was allowed."""

from __future__ import annotations

import os
from collections.abc import Callable

import streamlit as st

from questionnaire.access.errors import ForbiddenError
from questionnaire.access.roles import Account, Permission, Visitor
from questionnaire.web.cookies import SESSION
from questionnaire.web.site import Site, current, is_at_the_machine


def visitor(site: Site) -> Visitor:
    """The account behind the browser's session, and whether this is a demonstration at the machine."""
    demonstration = site.local and demo_is_on() and is_at_the_machine(st.context.headers)
    return Visitor(site.access.who(_cookie()), demonstration)


def may(site: Site, permission: Permission) -> bool:
    """Whether whoever looks may do this now. Ask right before doing it, not only before offering it."""
    return visitor(site).may(permission)


def at_the_moment(site: Site, permission: Permission) -> Callable[[], Account]:
    """Asks again when called, for what happens outside a page's run, such as a download that was offered.

    The call returns the account or raises ForbiddenError.
    """
    cookie = _cookie()

    def ask() -> Account:
        account = site.access.who(cookie)
        if account is None or not account.may(permission):
            raise ForbiddenError
        return account

    return ask


def _cookie() -> str | None:
    value = st.context.cookies.get(SESSION)
    return value if isinstance(value, str) else None


def note(action: str, study: str, detail: str = "") -> None:
    """Record in the audit log what whoever looks has just done to a study."""
    site = current()
    site.access.record(visitor(site).account, action, study, detail)


def demo_is_on() -> bool:
    """Whether the server was started with the synthetic demo answers."""
    return bool(os.environ.get("SYNERGY_DEMO"))
