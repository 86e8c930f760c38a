"""Passwords: which are taken, and how they are kept (argon2id, RFC 9106).

The hashing library is imported when a password is hashed, not before: a respondent's server never needs it.
"""

from __future__ import annotations

import threading
import unicodedata
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from questionnaire.access.errors import AccessError

if TYPE_CHECKING:
    from argon2 import PasswordHasher

SHORTEST, LONGEST = 12, 256
"""Length beats rules about kinds of characters (NIST SP 800-63B, 5.1.1); the upper bound bounds the work."""

DISTINCT = 6
"""Fewer different characters are a pattern, not a password."""

AT_ONCE = 2
"""Hashes computed at the same time. Each takes 64 MiB: without a bound, sign-ins could fill the memory."""

_COMMON = frozenset(Path(__file__).with_name("common_passwords.txt").read_text("utf-8").split())
_LONGEST_WORD = max(map(len, _COMMON))
_RUNS = (
    "01234567890123456789",
    "98765432109876543210",
    "abcdefghijklmnopqrstuvwxyz",
    "zyxwvutsrqponmlkjihgfedcba",
    "qwertyuiopasdfghjklzxcvbnm",
    "1qaz2wsx3edc4rfv5tgb6yhn7ujm",
    "1q2w3e4r5t6y7u8i9o0p",
)
_LEET = str.maketrans("0134578@$!", "oieastbasi")

_working = threading.BoundedSemaphore(AT_ONCE)


def check(password: str, name: str) -> None:
    """AccessError when the password is too short, too long or one that is guessed first."""
    text = unicodedata.normalize("NFKC", password)
    if len(text) < SHORTEST:
        raise AccessError("password_short")
    if len(text) > LONGEST:
        raise AccessError("password_long")
    if _is_guessed_first(text.casefold(), name):
        raise AccessError("password_common")


def _is_guessed_first(text: str, name: str) -> bool:
    if len(set(text)) < DISTINCT or any(text in run for run in _RUNS):
        return True
    own = name.partition("@")[0].casefold()
    left = text.replace(own, "") if len(own) > 2 else text
    around = "0123456789!?.,;:-_#*+ "
    for spelled in (left, left.strip(around).translate(_LEET)):
        letters = "".join(character for character in spelled if character.isalpha())
        if _made_of_common(letters):
            return True
    return False


def _made_of_common(letters: str) -> bool:
    """Whether the letters are common words one after the other (digits and signs around do not help)."""
    reachable = {0}
    for end in range(1, len(letters) + 1):
        if any(
            start in reachable and letters[start:end] in _COMMON for start in range(max(0, end - 26), end)
        ):
            reachable.add(end)
    return len(letters) in reachable


def hashed(password: str) -> str:
    """The argon2id hash with its own salt and parameters."""
    with _working:
        return _hasher().hash(unicodedata.normalize("NFKC", password))


def verify(stored: str, password: str) -> bool:
    """Whether ``password`` is the one behind ``stored``.

    An empty ``stored`` (nobody, or an account without a password) costs as much as a wrong password, so
    that the time taken does not tell which names exist.
    """
    from argon2.exceptions import InvalidHashError, VerificationError

    if len(password) > 4 * LONGEST:
        password = ""
    with _working:
        try:
            matches = _hasher().verify(stored or _nobody(), unicodedata.normalize("NFKC", password))
        except (VerificationError, InvalidHashError):
            return False
    return matches and bool(stored)


@cache
def _hasher() -> PasswordHasher:
    from argon2 import PasswordHasher

    return PasswordHasher()


@cache
def _nobody() -> str:
    return _hasher().hash("the password of nobody")
