"""Roles and what each may do: one table, so that it can be read and tested as one."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum


class Role(StrEnum):
    """From everything to results only."""

    OWNER = "owner"
    RESEARCHER = "researcher"
    ANALYST = "analyst"
    VIEWER = "viewer"


class Permission(StrEnum):
    """What a page, a route or an export asks for."""

    TRY_DEMO = "try_demo"
    """Analyse the synthetic answers that come with the product."""
    SEE_RESULTS = "see_results"
    """Counts and results about groups; nothing about one respondent."""
    READ_ANSWERS = "read_answers"
    """Answers under pseudonyms, and what is computed for each respondent."""
    READ_CONTACTS = "read_contacts"
    """Contact data, and free text before it was checked for names."""
    CHANGE_STUDIES = "change_studies"
    """Add, edit, open and close studies; invite respondents; quotas."""
    MANAGE_PEOPLE = "manage_people"
    """Accounts and their roles; the audit log."""


_VIEWER = frozenset({Permission.TRY_DEMO, Permission.SEE_RESULTS})
_ANALYST = _VIEWER | {Permission.READ_ANSWERS}
_RESEARCHER = _ANALYST | {Permission.READ_CONTACTS, Permission.CHANGE_STUDIES}

GRANTS: Mapping[Role, frozenset[Permission]] = {
    Role.VIEWER: _VIEWER,
    Role.ANALYST: _ANALYST,
    Role.RESEARCHER: _RESEARCHER,
    Role.OWNER: _RESEARCHER | {Permission.MANAGE_PEOPLE},
}


@dataclass(frozen=True, slots=True)
class Account:
    """Who someone is here. ``name`` signs in and stands in the audit log; it may be an e-mail address.

    ``joined`` says whether the invitation was accepted. Times are UTC in ISO 8601.
    """

    id: str
    name: str
    role: Role
    disabled: bool
    joined: bool
    created_at: str

    def may(self, permission: Permission) -> bool:
        """Whether the role grants it; a disabled account may nothing."""
        return self.joined and not self.disabled and permission in GRANTS[self.role]


@dataclass(frozen=True, slots=True)
class Visitor:
    """Whoever asks for a page: an account or nobody, perhaps at a machine that shows a demonstration."""

    account: Account | None
    demonstration: bool = False

    def may(self, permission: Permission) -> bool:
        """What the account may; at a demonstration, the synthetic answers without an account."""
        if self.demonstration and permission is Permission.TRY_DEMO:
            return True
        return self.account is not None and self.account.may(permission)

    @property
    def name(self) -> str:
        """For the audit log; empty without an account."""
        return self.account.name if self.account else ""
