"""What people do with accounts: join by a link, sign in, be asked who they are, manage the others."""

from __future__ import annotations

import hashlib
import secrets
import time
import unicodedata
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from questionnaire.access import passwords
from questionnaire.access.audit import Note, first_broken
from questionnaire.access.errors import AccessError, ForbiddenError, TooManyAttemptsError
from questionnaire.access.roles import Account, Permission, Role

if TYPE_CHECKING:
    from questionnaire.access.audit import Entry
    from questionnaire.access.store import AccessStore

IDLE_SECONDS = 2 * 3600
ABSOLUTE_SECONDS = 12 * 3600
"""A session ends after two hours without use and after twelve in any case (OWASP ASVS 3.3)."""

TOUCH_SECONDS = 60
"""Being used is written down at most once a minute."""

LINK_SECONDS = 7 * 86_400
FIRST_OWNER_SECONDS = 86_400
HAND_OVER_SECONDS = 120
"""Between the institution's sign-in and our own session lies one click."""

WINDOW_SECONDS = 900
PER_ACCOUNT = 10
PER_ADDRESS = 50
"""Attempts in a quarter of an hour: a person who mistypes has enough, a guesser does not."""


@dataclass(frozen=True, slots=True)
class Access:
    """Everything about accounts over one store. Every method may raise StorageUnavailableError."""

    store: AccessStore
    clock: Callable[[], float] = time.time

    # Joining

    def first_owner_link(self) -> str | None:
        """The secret of a link that makes the first owner; None when there is one."""
        if self.store.has_owner():
            return None
        return self._link("", "first owner", FIRST_OWNER_SECONDS, Note("", "link for the first owner"))

    def link(self, secret: str) -> tuple[str, Account | None]:
        """The kind of a link and whom it is for; AccessError when it does not hold (any more)."""
        found = self.store.link(_hash(secret), self.clock())
        if found is None:
            raise AccessError("link_used")
        return found

    def welcome(self, secret: str, name: str, password: str) -> str:
        """Accept an invitation with a password of one's own; returns the new session's cookie value.

        The first owner chooses a ``name`` too; otherwise it is the invited account's.
        """
        kind, account = self.link(secret)
        if kind == "handed over":
            raise AccessError("link_used")
        first = None
        if account is None:
            name = tidy_name(name)
            first = Account(secrets.token_hex(16), name, Role.OWNER, False, False, self._now())
        passwords.check(password, account.name if account else name)
        note = Note("", "joined", detail="as the first owner" if first else "")
        hashed = passwords.hashed(password)
        joined = self.store.use_link(_hash(secret), self.clock(), hashed, note, first)
        return self._start(joined)

    # Signing in and out

    def sign_in(self, name: str, password: str, address: str) -> str:
        """The new session's cookie value.

        AccessError("not_known") says the same for an unknown name, a wrong password and a disabled account,
        after the same work. TooManyAttemptsError from an address or for a name that tried too often.
        """
        name = _folded(name)[:254]
        for bucket, limit in ((f"name {name}", PER_ACCOUNT), (f"address {address}", PER_ADDRESS)):
            if self.attempt(bucket) > limit:
                raise TooManyAttemptsError
        found = self.store.named(name)
        matches = passwords.verify(found[1] if found else "", password)
        if not matches or found is None or found[0].disabled or not found[0].joined:
            raise AccessError("not_known")
        return self._start(found[0])

    def hand_over(self, name: str) -> str:
        """A link's secret for someone whose institution has just vouched for this e-mail address.

        AccessError when no account of that name was invited or it is disabled.
        """
        found = self.store.named(_folded(name))
        if found is None or found[0].disabled:
            raise AccessError("not_invited")
        note = Note(found[0].name, "signed in at the institution")
        return self._link(found[0].id, "handed over", HAND_OVER_SECONDS, note)

    def take_over(self, secret: str) -> str:
        """Use up a link of :meth:`hand_over`; returns the new session's cookie value."""
        if self.link(secret)[0] != "handed over":
            raise AccessError("link_used")
        return self._start(self.store.use_link(_hash(secret), self.clock(), None, Note("", "took over")))

    def who(self, cookie: str | None) -> Account | None:
        """Whose session this is, as the store says at this moment; None when it is nobody's."""
        if not cookie or len(cookie) > 100:
            return None
        now = self.clock()
        limits = {"started_after": now - ABSOLUTE_SECONDS, "seen_after": now - IDLE_SECONDS}
        found = self.store.session(_hash(cookie), **limits)
        if found is None:
            return None
        account, seen = found
        if now - seen > TOUCH_SECONDS:
            self.store.touch(_hash(cookie), now)
        return account

    def sign_out(self, cookie: str) -> None:
        """End the session."""
        account = self.who(cookie)
        self.store.end_session(
            _hash(cookie), self.clock(), Note(account.name if account else "", "signed out")
        )

    # The others

    def invite(self, by: Account, name: str, role: Role) -> str:
        """A new account; returns the secret of the link to give to that person."""
        _need(by)
        account = Account(secrets.token_hex(16), tidy_name(name), role, False, False, self._now())
        secret, now = secrets.token_urlsafe(32), self.clock()
        note = Note(by.name, "invited", detail=f"{account.name} as {role}")
        self.store.add(account, _hash(secret), now + LINK_SECONDS, now, note)
        return secret

    def new_link(self, by: Account, account: Account) -> str:
        """Another link, for who lost theirs or forgot the password; earlier links of the account end."""
        _need(by)
        return self._link(account.id, "invited", LINK_SECONDS, Note(by.name, "new link", detail=account.name))

    def change_role(self, by: Account, account: Account, role: Role) -> None:
        """Another role, at once: the account's sessions end. AccessError for the last owner."""
        _need(by)
        note = Note(by.name, "changed role", detail=f"{account.name}: {account.role} to {role}")
        self.store.change(account.id, self.clock(), note, role=role)

    def disable(self, by: Account, account: Account, disabled: bool = True) -> None:
        """Close the account and end its sessions, or open it again. AccessError for the last owner."""
        _need(by)
        note = Note(by.name, "disabled" if disabled else "enabled", detail=account.name)
        self.store.change(account.id, self.clock(), note, disabled=disabled)

    def people(self, by: Account) -> tuple[Account, ...]:
        """Every account."""
        _need(by)
        return self.store.accounts()

    # The audit log

    def record(self, who: Account | None, action: str, study: str = "", detail: str = "") -> None:
        """Append to the audit log: a read of personal data, an export, a change."""
        self.store.record(Note(who.name if who else "", action, study, detail), self.clock())

    def log(self, by: Account) -> tuple[tuple[Entry, ...], int | None]:
        """The audit log, and where its chain is broken (None: nowhere)."""
        _need(by)
        entries = self.store.entries()
        return entries, first_broken(entries)

    # Limits

    def attempt(self, bucket: str, step: int = 1) -> int:
        """Count one attempt; how many there were in this quarter of an hour, in all processes."""
        return self.store.count(_hash(bucket), int(self.clock() // WINDOW_SECONDS), step)

    def attempts(self, bucket: str) -> int:
        """How many there were, without counting one."""
        return self.store.counted(_hash(bucket), int(self.clock() // WINDOW_SECONDS))

    def _start(self, account: Account) -> str:
        # Always a new value: one that was there before signing in could be known to someone else.
        cookie, now = secrets.token_urlsafe(32), self.clock()
        self.store.clear(now - ABSOLUTE_SECONDS, now - IDLE_SECONDS, now)
        self.store.add_session(_hash(cookie), account.id, now, Note(account.name, "signed in"))
        return cookie

    def _link(self, account_id: str, kind: str, seconds: float, note: Note) -> str:
        secret, now = secrets.token_urlsafe(32), self.clock()
        self.store.add_link(_hash(secret), account_id, kind, now + seconds, now, note)
        return secret

    def _now(self) -> str:
        moment = datetime.fromtimestamp(self.clock(), UTC)
        return moment.isoformat(timespec="milliseconds").replace("+00:00", "Z")


def tidy_name(name: str) -> str:
    """A sign-in name as it is kept; AccessError when it is not one."""
    folded = _folded(name)
    if not 3 <= len(folded) <= 254 or any(not c.isprintable() or c.isspace() for c in folded):
        raise AccessError("name_shape")
    return folded


def _folded(name: str) -> str:
    return unicodedata.normalize("NFKC", name).strip().casefold()


def _hash(secret: str) -> str:
    return hashlib.sha256(secret.encode("utf-8", "surrogatepass")).hexdigest()


def _need(by: Account) -> None:
    if not by.may(Permission.MANAGE_PEOPLE):
        raise ForbiddenError
