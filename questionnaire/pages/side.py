"""What each side of the page on who is asked works with, and what it says after a change."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import streamlit as st

from questionnaire.access.roles import Permission
from questionnaire.fielding.contacts import Safe, opened
from questionnaire.fielding.from_file import Departure
from questionnaire.pages.handing_out import hand_out
from questionnaire.pages.visitor import at_the_moment, may, visitor
from questionnaire.service import Fielding
from questionnaire.storage import Storage
from questionnaire.study import Study
from questionnaire.web.site import Site

_SAID = "sampling-said"


@dataclass(frozen=True, slots=True)
class Side:
    """One study, the reader's language and words, and the way to the audit log."""

    site: Site
    fielding: Fielding
    language: str
    words: Mapping[str, str]

    @property
    def study(self) -> Study:
        """The version served."""
        return self.fielding.study

    @property
    def storage(self) -> Storage:
        """The store behind it."""
        return self.fielding.storage

    def note(self, action: str, detail: str) -> None:
        """Append to the audit log; before the act, so that none goes unnoted."""
        self.site.access.record(visitor(self.site).account, action, self.study.code, detail)

    def may_read_contacts(self) -> bool:
        """Whether whoever looks may see names and addresses."""
        return may(self.site, Permission.READ_CONTACTS)

    def identities_read(self, detail: str) -> Callable[[], None]:
        """To be called before identities are opened: asks whether that is still allowed and notes it."""
        asker = at_the_moment(self.site, Permission.READ_CONTACTS)

        def note() -> None:
            self.site.access.record(asker(), "read contacts", self.study.code, detail)

        return note

    def contact_reader(self, safe: Safe, detail: str) -> Callable[[], dict[str, dict[str, str]]]:
        """Opens contact data when called, as :meth:`identities_read` allows."""
        noted = self.identities_read(detail)

        def read() -> dict[str, dict[str, str]]:
            noted()
            return opened(self.storage, self.study.code, safe)

        return read

    def hand_out(
        self, label: str, content: Callable[[], bytes | str], file_name: str, mime: str = "text/csv"
    ) -> None:
        """A file for whoever may invite, with an entry in the audit log when it is clicked."""
        hand_out(
            label,
            lambda _: content(),
            file_name,
            mime,
            needs=Permission.CHANGE_STUDIES,
            study=self.study.code,
        )

    def said(self, key: str) -> None:
        """Say after the next run that something was done: the page is drawn anew with what is stored now."""
        st.session_state[_SAID] = self.words[key]
        st.rerun()


def say_what_was_done() -> None:
    """Show what the run before has done, once."""
    said = st.session_state.pop(_SAID, "")
    if said:
        st.success(said)


def say_what_differs(side: Side, differing: Sequence[Departure]) -> None:
    """What is otherwise in the field than in the study file, as a table."""
    words = side.words
    st.caption(words["differs"])
    rows = [
        {
            words["what"]: one.name if one.cell else words[one.name],
            words["in_file"]: one.file or words["nothing"],
            words["in_field"]: one.field or words["nothing"],
        }
        for one in differing
    ]
    st.dataframe(rows, hide_index=True)
