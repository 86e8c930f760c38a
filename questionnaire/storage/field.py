"""What every store can do for fielding; it shares its transactions with the answers."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

from questionnaire.admission.invitations import Invitation
from questionnaire.admission.quota import Fill
from questionnaire.admission.window import Window
from questionnaire.recruitment import Cell


class NumbersTakenError(Exception):
    """An invitation for that person and wave is there already; none of the batch was kept."""


class FieldStorage(Protocol):
    """Field times, invitations, quotas and sealed contacts, by study code.

    Every method raises StorageUnavailableError when the store is out of reach. Respondents enter by
    ``Storage.start`` and take places in ``Storage.submit``, in the transaction of the step itself.
    """

    def window(self, content_hash: str) -> Window | None:
        """The field time of a version; None when it was never opened."""

    def windows(self, study_code: str) -> tuple[Window, ...]:
        """Field times of all versions of a study, in order of opening."""

    def put_window(self, window: Window) -> None:
        """Keep a field time; when it was first opened and with which plan never changes."""

    def finished(self, study_code: str) -> int:
        """How many respondents of all versions have finished."""

    def invite(self, invitations: Sequence[Invitation]) -> tuple[Invitation, ...]:
        """Keep a batch of one study whole or not at all; comes back with numbers that follow the last.

        Raises NumbersTakenError when a person would be invited twice to one wave.
        """

    def invitation(self, token_hash: str) -> Invitation | None:
        """The invitation whose token has this hash."""

    def invitations(self, study_code: str) -> tuple[Invitation, ...]:
        """All invitations of a study, by number."""

    def cells(self, study_code: str) -> tuple[Cell, ...]:
        """The quota cells of a study, by name."""

    def put_cell(self, study_code: str, cell: Cell) -> None:
        """Keep a cell; one of that name is replaced and its places stay taken."""

    def drop_cell(self, study_code: str, name: str) -> None:
        """Remove a cell and its places."""

    def fill(self, study_code: str, cutoff: str) -> tuple[Fill, ...]:
        """Every cell with its places; those not touched since ``cutoff`` are free again."""

    def put_contact(self, study_code: str, contact: str, sealed: str) -> None:
        """Keep sealed contact data; the same ``contact`` again replaces it."""

    def contacts(self, study_code: str) -> dict[str, str]:
        """Sealed contact data by contact."""

    def drop_contact(self, study_code: str, contact: str) -> None:
        """Delete contact data for good."""
