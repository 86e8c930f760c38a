"""The owners' page: accounts, their roles, and the audit log."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import asdict
from functools import partial

import streamlit as st

from questionnaire.access.audit import Entry
from questionnaire.access.errors import AccessError
from questionnaire.access.roles import Account, Permission, Role
from questionnaire.access.service import Access
from questionnaire.pages.handing_out import hand_out
from questionnaire.pages.people_words import action_words, people_words
from questionnaire.pages.plain_table import plain_table
from questionnaire.pages.spoken import spoken
from questionnaire.pages.visitor import visitor
from questionnaire.pages.words import console_words
from questionnaire.web.site import Site

SHOWN = 200
"""Entries of the log on the page; the file holds all."""


def render(site: Site) -> None:
    """Accounts, then the log. Every change asks the store anew whether whoever looks may make it."""
    accepted = spoken()
    words = people_words(accepted)
    me = visitor(site).account
    if me is None or not me.may(Permission.MANAGE_PEOPLE):
        st.error(words["forbidden"])
        return
    st.title(words["title"])
    st.write(words["intro"])
    access = site.access
    _said(words)
    everyone = access.people(me)
    roles = console_words(accepted)
    plain_table(
        [words["name"], words["role"], words["state"], words["since"]],
        [[one.name, roles[f"role_{one.role}"], words[_state(one)], one.created_at[:10]] for one in everyone],
        brief=(1, 2, 3),
    )
    _invite(access, me, words)
    _change(access, me, everyone, words)
    _log(site, me, words, accepted)


def _state(account: Account) -> str:
    return "disabled" if account.disabled else "active" if account.joined else "invited"


def _invite(access: Access, me: Account, words: Mapping[str, str]) -> None:
    st.header(words["invite"])
    with st.form("invite", clear_on_submit=True):
        name = st.text_input(words["invite_name"], max_chars=254)
        role = st.selectbox(words["role"], list(Role)[::-1], format_func=lambda one: words[f"role_{one}"])
        if st.form_submit_button(words["invite_button"]):
            _act(words, lambda: _link(name.strip(), access.invite(me, name, role), words))


def _change(access: Access, me: Account, everyone: tuple[Account, ...], words: Mapping[str, str]) -> None:
    st.header(words["change"])
    known = {one.id: one for one in everyone}
    chosen = st.selectbox(words["choose"], list(known), format_func=lambda one: known[one].name)
    account = known[chosen]
    role = st.selectbox(
        words["role"],
        list(Role),
        index=list(Role).index(account.role),
        format_func=lambda one: words[f"role_{one}"],
        key=f"role-{account.id}",
    )
    with st.container(horizontal=True):
        changes = st.button(words["change_role"], disabled=role is account.role)
        toggles = st.button(words["enable" if account.disabled else "disable"])
        links = st.button(words["new_link"], disabled=account.disabled)
    if changes:
        _act(words, lambda: access.change_role(me, account, role or account.role))
    if toggles:
        _act(words, lambda: access.disable(me, account, not account.disabled))
    if links:
        _act(words, lambda: _link(account.name, access.new_link(me, account), words))


def _act(words: Mapping[str, str], change: Callable[[], None]) -> None:
    """Make a change; what was refused is said, what was done is shown after a fresh look."""
    st.session_state["people_said"] = (words["done"], "")
    try:
        change()
    except AccessError as error:
        del st.session_state["people_said"]
        st.error(words[error.reason])
    else:
        st.rerun()


def _link(name: str, secret: str, words: Mapping[str, str]) -> None:
    address = st.context.url or ""
    root = address.split("?")[0].rstrip("/").removesuffix("/people")
    st.session_state["people_said"] = (words["link"].format(name=_plain(name)), f"{root}/welcome/{secret}")


def _said(words: Mapping[str, str]) -> None:
    """What the last change has to say, once."""
    said, link = st.session_state.pop("people_said", ("", ""))
    if said:
        st.success(said)
    if link:
        st.code(link, language=None, wrap_lines=True)


def _log(site: Site, me: Account, words: Mapping[str, str], accepted: str) -> None:
    st.header(words["log"])
    st.write(words["log_intro"])
    entries, broken = site.access.log(me)
    if broken is None:
        st.caption(words["log_whole"].format(count=len(entries), hash=entries[-1].hash if entries else "–"))
    else:
        st.error(words["log_broken"].format(place=broken))
    hand_out(
        words["log_download"],
        lambda owner: _lines(site.access.log(owner)[0]),
        "audit_log.jsonl",
        "application/jsonl",
        needs=Permission.MANAGE_PEOPLE,
        study="",
    )
    if len(entries) > SHOWN:
        st.caption(words["log_newest"].format(count=SHOWN))
    done = partial(action_words, accepted)
    plain_table(
        [words["when"], words["who"], words["what"], words["study"], words["detail"]],
        [
            [_moment(one.at), one.who or words["server"], done(one.action), one.study, one.detail]
            for one in entries[: -SHOWN - 1 : -1]
        ],
        brief=(0, 3),
    )


def _moment(at: str) -> str:
    """To the second; the file has it to the thousandth."""
    return at[:19].replace("T", " ")


def _lines(entries: tuple[Entry, ...]) -> bytes:
    return "".join(json.dumps(asdict(one), ensure_ascii=False) + "\n" for one in entries).encode()


def _plain(text: str) -> str:
    """Text whose every sign that markdown could read is escaped."""
    return "".join(f"\\{sign}" if sign in _MARKUP else " " if sign in "\r\n" else sign for sign in text)


_MARKUP = frozenset("\\`*_{}[]()<>#+!|~$:&@/")
