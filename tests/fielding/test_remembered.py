"""What is remembered for a moment is read again when the moment is over or it was changed here."""

import pytest

from questionnaire.storage.remembered import SECONDS, Remembered


def test_read_once_a_moment_and_again_after_a_change():
    now, asked = [0.0], []
    found = Remembered(lambda key: asked.append(key) or len(asked), clock=lambda: now[0])
    assert [found("a"), found("a"), found("b")] == [1, 1, 2]
    now[0] += SECONDS / 2
    assert found("a") == 1
    now[0] += SECONDS / 2
    assert found("a") == 3
    found.forget()
    assert (found("a"), asked) == (4, ["a", "b", "a", "a"])


def test_a_failure_is_not_remembered():
    def fail(_):
        raise OSError

    found = Remembered(fail)
    for _ in range(2):
        with pytest.raises(OSError):
            found("a")
