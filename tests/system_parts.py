"""What only the system has: skipped loudly where absent, required where nothing may be skipped."""

import os

import pytest

NO_SKIP = os.environ.get("SYNERGY_NO_SKIP") == "1"


def require(found: object, what: str, how: str) -> None:
    """Skip loudly when a system part is absent; where nothing may be skipped, fail instead."""
    if found:
        return
    message = f"{what} is not on this machine; to run this test: {how}"
    if NO_SKIP:
        pytest.fail(message)
    pytest.skip(message)
