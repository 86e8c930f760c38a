"""Fielding in memory: what the real stores must do, said simply."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace

from questionnaire.admission.invitations import Invitation
from questionnaire.admission.quota import Claim, Fill
from questionnaire.admission.window import Window
from questionnaire.recruitment import Cell
from questionnaire.storage.field import NumbersTakenError
from questionnaire.storage.interface import UnknownStudyError, UnknownTokenError


@dataclass(frozen=True, slots=True)
class _Place:
    touched_at: str
    finished: bool


class MemoryField:
    """See :class:`~questionnaire.storage.field.FieldStorage`; the store's lock guards every change.

    ``codes`` are the studies that the store has, ``status`` tells a respondent's, ``count`` the finished.
    """

    def __init__(
        self, codes: Callable[[], set[str]], status: Callable[[str], str], count: Callable[[str], int]
    ) -> None:
        self._codes, self._status, self.finished = codes, status, count
        self._windows: dict[str, Window] = {}
        self._invitations: dict[str, Invitation] = {}
        self._cells: dict[tuple[str, str], Cell] = {}
        self._places: dict[tuple[str, str, str], _Place] = {}
        self._contacts: dict[tuple[str, str], str] = {}

    def window(self, content_hash: str) -> Window | None:
        """See FieldStorage."""
        return self._windows.get(content_hash)

    def windows(self, study_code: str) -> tuple[Window, ...]:
        """See FieldStorage."""
        found = [window for window in self._windows.values() if window.study_code == study_code]
        return tuple(sorted(found, key=lambda window: (window.opened_at, window.content_hash)))

    def put_window(self, window: Window) -> None:
        """See FieldStorage."""
        self._known(window.study_code)
        old = self._windows.get(window.content_hash, window)
        self._windows[window.content_hash] = replace(window, opened_at=old.opened_at, plan_hash=old.plan_hash)

    def invite(self, batch: Sequence[Invitation]) -> tuple[Invitation, ...]:
        """See FieldStorage."""
        if not batch:
            return ()
        self._known(batch[0].study_code)
        known = self.invitations(batch[0].study_code)
        last = max((one.number for one in known), default=0)
        numbered = tuple(replace(one, number=last + n) for n, one in enumerate(batch, start=1))
        people = [(one.wave, one.person) for one in (*known, *numbered) if one.person]
        if len(people) != len(set(people)):
            raise NumbersTakenError("someone in this batch is invited to that wave already")
        self._invitations |= {one.token_hash: one for one in numbered}
        return numbered

    def invitation(self, token_hash: str) -> Invitation | None:
        """See FieldStorage."""
        found = self._invitations.get(token_hash)
        return replace(found, status=self._status(found.token)) if found and found.token else found

    def invitations(self, study_code: str) -> tuple[Invitation, ...]:
        """See FieldStorage."""
        found = (self.invitation(key) for key in list(self._invitations))
        return tuple(one for one in found if one and one.study_code == study_code)

    def cells(self, study_code: str) -> tuple[Cell, ...]:
        """See FieldStorage."""
        return tuple(cell for (code, _), cell in sorted(self._cells.items()) if code == study_code)

    def put_cell(self, study_code: str, cell: Cell) -> None:
        """See FieldStorage."""
        self._known(study_code)
        self._cells[study_code, cell.name] = cell

    def drop_cell(self, study_code: str, name: str) -> None:
        """See FieldStorage."""
        self._cells.pop((study_code, name), None)
        self._places = {key: place for key, place in self._places.items() if key[:2] != (study_code, name)}

    def fill(self, study_code: str, cutoff: str) -> tuple[Fill, ...]:
        """See FieldStorage."""
        fills = []
        for cell in self.cells(study_code):
            live = self._live(study_code, cell.name, cutoff)
            done = sum(place.finished for place in live.values())
            fills.append(Fill(cell, done, len(live) - done))
        return tuple(fills)

    def put_contact(self, study_code: str, contact: str, sealed: str) -> None:
        """See FieldStorage."""
        self._contacts[study_code, contact] = sealed

    def contacts(self, study_code: str) -> dict[str, str]:
        """See FieldStorage."""
        return {contact: sealed for (code, contact), sealed in self._contacts.items() if code == study_code}

    def drop_contact(self, study_code: str, contact: str) -> None:
        """See FieldStorage."""
        self._contacts.pop((study_code, contact), None)

    # What a step adds; the store calls these under its lock.

    def entering(self, token_hash: str) -> Invitation:
        """The invitation someone enters with; UnknownTokenError for none."""
        if token_hash not in self._invitations:
            raise UnknownTokenError(token_hash)
        return self._invitations[token_hash]

    def use(self, token_hash: str, token: str, at: str) -> None:
        """The invitation leads to this respondent from now on."""
        self._invitations[token_hash] = replace(self._invitations[token_hash], token=token, used_at=at)

    def take_places(self, token: str, claim: Claim) -> bool:
        """Take or keep a place in every cell claimed and give back all others; False when one is full."""
        code = claim.study_code
        self._places = {key: p for key, p in self._places.items() if (key[0], key[2]) != (code, token)}
        for cell in claim.cells:
            if len(self._live(code, cell.name, claim.cutoff)) >= cell.target:
                return False
        for cell in claim.cells:
            self._places[code, cell.name, token] = _Place(claim.at, claim.finished)
        return True

    def forget(self, token: str) -> None:
        """Who withdraws leaves no place taken and no contact data."""
        self._places = {key: place for key, place in self._places.items() if key[2] != token}
        gone = {(i.study_code, i.contact) for i in self._invitations.values() if i.token == token}
        self._contacts = {key: sealed for key, sealed in self._contacts.items() if key not in gone}

    def _live(self, code: str, name: str, cutoff: str) -> Mapping[str, _Place]:
        return {
            token: place
            for (study, cell, token), place in self._places.items()
            if (study, cell) == (code, name) and (place.finished or place.touched_at >= cutoff)
        }

    def _known(self, study_code: str) -> None:
        if study_code not in self._codes():
            raise UnknownStudyError(study_code)
