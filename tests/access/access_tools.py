"""Accounts for the tests: a clock that can be turned, and people of every role."""

from dataclasses import dataclass

from questionnaire.access.roles import Role
from questionnaire.access.service import Access

PASSWORD = "a long walk along the river"


@dataclass
class Clock:
    now: float = 1_800_000_000.0

    def __call__(self):
        return self.now


def owner_of(access: Access, name="olga@uni.example"):
    """The first owner, and their session."""
    cookie = access.welcome(access.first_owner_link(), name, PASSWORD)
    return access.who(cookie), cookie


def member(access: Access, owner, role: Role, name=None):
    """Someone who has joined in this role, and their session."""
    cookie = access.welcome(access.invite(owner, name or f"{role}@uni.example", role), "", PASSWORD)
    return access.who(cookie), cookie
