"""Passwords: what is refused, how they are kept, and that names cannot be told by the time taken."""

import statistics
import time

import pytest
from access_tools import PASSWORD

from questionnaire.access import passwords
from questionnaire.access.errors import AccessError

RATIO = 3.0
"""An unknown name may take this many times longer or shorter than a wrong password: a lookup without a hash
would be hundreds of times shorter, and a machine that does other work makes single timings vary."""


@pytest.mark.parametrize(
    ("password", "reason"),
    [
        ("short", "password_short"),
        ("x" * 300, "password_long"),
        ("aaaaaaaaaaaaaa", "password_common"),
        ("abababababab", "password_common"),
        ("123456789012", "password_common"),
        ("qwertyuiopas", "password_common"),
        ("password1234!", "password_common"),
        ("P@ssw0rd2026!!", "password_common"),
        ("correcthorsebatterystaple", "password_common"),
        ("woaini1314woaini", "password_common"),
        ("annika.berg2026!", "password_common"),
    ],
)
def test_guessable_passwords_are_refused(password, reason):
    with pytest.raises(AccessError, match=f"^{reason}$"):
        passwords.check(password, "annika.berg@uni.example")


@pytest.mark.parametrize("password", [PASSWORD, "长江后浪推前浪一代新人胜旧人", "kV9#tm2Lq!xw"])
def test_good_passwords_are_taken(password):
    passwords.check(password, "annika.berg@uni.example")


def test_the_hash_is_argon2id_with_a_salt_of_its_own():
    first, second = passwords.hashed(PASSWORD), passwords.hashed(PASSWORD)
    assert first.startswith("$argon2id$v=19$m=65536,t=3,p=4$")
    assert first != second
    assert passwords.verify(first, PASSWORD)
    assert not passwords.verify(first, PASSWORD + " ")
    assert not passwords.verify("", PASSWORD)
    assert not passwords.verify("damaged", PASSWORD)


def test_an_unknown_name_takes_as_long_as_a_wrong_password():
    stored = passwords.hashed(PASSWORD)
    passwords.verify("", "warm")

    def seconds(kept):
        times = []
        for _ in range(5):
            start = time.perf_counter()
            passwords.verify(kept, "wrong password")
            times.append(time.perf_counter() - start)
        return statistics.median(times)

    assert 1 / RATIO < seconds("") / seconds(stored) < RATIO
