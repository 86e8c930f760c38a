"""Contact data on the page that makes links: a list taken in, shown on request, and reminders with it."""

from __future__ import annotations

from collections.abc import Sequence

import streamlit as st

from questionnaire.admission.invitations import Invitation, reminders_csv, to_remind
from questionnaire.fielding.contacts import KEY, MAKE_KEY, Contact, Safe, read_contacts
from questionnaire.pages.side import Side

SHOWN_MAX = 1_000
"""Rows on the screen; a longer list is for the download."""


def upload(side: Side, safe: Safe | None) -> list[Contact]:
    """The rows of a contact list that was chosen; empty when there is none. Raises ContactError."""
    words = side.words
    if not side.may_read_contacts():
        return []
    if safe is None:
        st.caption(words["contacts_need_key"].format(key=KEY, make=MAKE_KEY))
        return []
    given = st.file_uploader(
        words["contacts_file"], type=["csv"], help=words["contacts_help"], key=f"contacts-{side.study.code}"
    )
    if given is None:
        return []
    people = read_contacts(given.getvalue(), given.name)
    columns = ", ".join(people[0])
    st.caption(words["contacts_found"].format(n=len(people), columns=columns))
    return list(people)


def reminders(side: Side, sent: Sequence[Invitation], safe: Safe | None) -> None:
    """Who has not begun or not finished, with contact data for those who may read it."""
    words, code = side.words, side.study.code
    reader = None
    if safe is not None and side.may_read_contacts() and any(one.contact for one in sent):
        reader = side.contact_reader(safe, "reminders")
    side.hand_out(
        words["remind"].format(n=len(to_remind(sent))),
        lambda: reminders_csv(sent, reader() if reader else None),
        f"{code}_reminders.csv",
    )
    if safe is not None and reader is not None and st.toggle(words["show_contacts"]):
        _people(side, sent, safe)


def _people(side: Side, sent: Sequence[Invitation], safe: Safe) -> None:
    words = side.words
    people = side.contact_reader(safe, "shown on the page")()
    known = [one for one in sent if one.contact in people]
    rows = [
        {
            words["number"]: one.number,
            words["state"]: words[one.status or "unused"],
            words["batch"]: one.batch,
            **people[one.contact],
        }
        for one in known[:SHOWN_MAX]
    ]
    st.dataframe(rows, hide_index=True)
    if len(known) > SHOWN_MAX:
        st.caption(words["more_contacts"].format(n=len(known) - SHOWN_MAX))
