"""Who looks at a page, asked of the store each time: a page does not remember what someone was allowed."""

from __future__ import annotations

import os
from collections.abc import Callable

import streamlit as st

from questionnaire.access.errors import ForbiddenError
from questionnaire.access.roles import Account, Permission, Visitor
from questionnaire.web.cookies import SESSION
from questionnaire.web.site import Site, is_at_the_machine


def visitor(site: Site) -> Visitor:
    """The account behind the browser's session, and whether this is a demonstration at the machine."""
    demonstration = site.local and demo_is_on() and is_at_the_machine(st.context.headers)
    return Visitor(site.access.who(st.context.cookies.get(SESSION)), demonstration)


def may(site: Site, permission: Permission) -> bool:
    """Whether whoever looks may do this now. Ask right before doing it, not only before offering it."""
    return visitor(site).may(permission)


def at_the_moment(site: Site, permission: Permission) -> Callable[[], Account]:
    """Asks again when called, for what happens outside a page's run, such as a download that was offered.

    The call returns the account or raises ForbiddenError.
    """
    cookie = st.context.cookies.get(SESSION)

    def ask() -> Account:
        account = site.access.who(cookie)
        if account is None or not account.may(permission):
            raise ForbiddenError
        return account

    return ask


def demo_is_on() -> bool:
    """Whether the server was started with the synthetic demo answers."""
    return bool(os.environ.get("SYNERGY_DEMO"))
