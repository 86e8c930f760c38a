"""What an institution says of someone who signed in there (OpenID Connect), and when it is believed.

The page framework exchanges the code and checks signature, state and nonce; what it does not check is checked
here again or for the first time: issuer, audience, age, that the sign-in was not used before, and that the
institution itself says the e-mail address is the person's (OpenID Connect Core 1.0, 3.1.3.7 and 5.7).
"""

from __future__ import annotations

import hashlib
import json
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from questionnaire.access.errors import AccessError, TooManyAttemptsError
from questionnaire.access.service import PER_ADDRESS

if TYPE_CHECKING:
    from questionnaire.access.service import Access

FRESH_SECONDS = 300
"""Between the institution's sign-in and our page lies one redirect; the browser keeps what it brought for
much longer, and on a shared machine that must open nothing."""

SKEW_SECONDS = 120
"""The institution's clock may be ahead by as much."""

REMEMBERED_SECONDS = 2 * (FRESH_SECONDS + SKEW_SECONDS)
"""A used sign-in is remembered for longer than it could be offered again."""


@dataclass(frozen=True, slots=True)
class Institution:
    """One provider as the settings describe it; ``name`` is ``default`` for ``[auth]`` itself.

    ``trusts_unsaid`` takes an address as verified when the provider says nothing about that.
    """

    name: str
    title: str
    issuer: str
    client_id: str
    trusts_unsaid: bool = False


class NotVouchedError(AccessError):
    """What the institution sent is not believed; ``claim`` names what was wrong, for the audit log."""

    def __init__(self, reason: str, claim: str) -> None:
        super().__init__(reason)
        self.args, self.claim = (reason, claim), claim


def admit(access: Access, institution: Institution, claims: Mapping[str, object], address: str) -> str:
    """The secret of a link that makes a session of ours for whoever these claims are about.

    ``address`` is the browser's. Raises AccessError: not believed, used before, not invited, disabled, or too
    many attempts; each but the last leaves an entry in the audit log.
    """
    if access.attempt(f"institution {address}") > PER_ADDRESS:
        raise TooManyAttemptsError
    try:
        email, sign_in = vouched(institution, claims, access.clock())
        access.store.use_once(sign_in, access.clock(), access.clock() + REMEMBERED_SECONDS)
        return access.hand_over(email)
    except AccessError as error:
        claim = error.claim if isinstance(error, NotVouchedError) else error.reason
        access.record(None, REFUSED, detail=f"{institution.name}: {claim}: {_shown(claims.get('email'))}")
        raise


REFUSED = "refused at the institution"


def vouched(institution: Institution, claims: Mapping[str, object], now: float) -> tuple[str, str]:
    """The e-mail address and a digest of this one sign-in; NotVouchedError says what was wrong."""
    if _text(claims, "iss").rstrip("/") != institution.issuer.rstrip("/"):
        raise NotVouchedError("institution_wrong", "iss")
    audience = claims.get("aud")
    several = audience if isinstance(audience, list) else [audience]
    party = claims.get("azp", None if len(several) > 1 else institution.client_id)
    if institution.client_id not in several or party != institution.client_id:
        raise NotVouchedError("institution_wrong", "aud")
    nonce = _text(claims, "nonce")
    subject = _text(claims, "sub")
    issued, expires = _seconds(claims, "iat"), _seconds(claims, "exp")
    if not -SKEW_SECONDS <= now - issued <= FRESH_SECONDS or expires < now - SKEW_SECONDS:
        raise NotVouchedError("institution_stale", "iat")
    verified = claims.get("email_verified")
    # "true" as text is not taken: who sends text here may send "false" as well, which is true to many.
    if verified is not True and not (verified is None and institution.trusts_unsaid):
        raise NotVouchedError("institution_unverified", "email_verified")
    email = _text(claims, "email").strip()
    # Names are kept folded: an address that is another one only after folding is not that address.
    if unicodedata.normalize("NFKC", email).casefold() != email.lower():
        raise NotVouchedError("institution_unverified", "email")
    sign_in = json.dumps([institution.issuer, subject, issued, nonce])
    return email, hashlib.sha256(sign_in.encode()).hexdigest()


def _text(claims: Mapping[str, object], name: str) -> str:
    value = claims.get(name)
    if not isinstance(value, str) or not value:
        raise NotVouchedError("institution_wrong", name)
    return value


def _seconds(claims: Mapping[str, object], name: str) -> float:
    value = claims.get(name)
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise NotVouchedError("institution_wrong", name)
    return float(value)


def _shown(email: object) -> str:
    """The address as the log keeps it: so that an owner can invite it, and no longer than one can be."""
    text = email if isinstance(email, str) else "no address"
    return "".join(c for c in text if c.isprintable())[:254]
