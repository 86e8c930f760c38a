"""Several processes on one store: what one keeps as a new version, the others serve within seconds."""

from __future__ import annotations

import sys
import threading

from questionnaire.loading import StudyError
from questionnaire.storage import StorageUnavailableError
from questionnaire.web.site import Site

SECONDS = 1.0
"""Between two looks. A version is served at the second look that finds it, so within twice as long."""


class Follower:
    """Asks the store which versions are newest and serves them.

    A version is kept first and opened next; served between the two it would turn newcomers away. So it is
    taken only when it has been there for a whole look.
    """

    def __init__(self, site: Site) -> None:
        self._site = site
        self._seen: dict[str, str] = {}
        self._unusable: set[str] = set()

    def look(self) -> None:
        """One look. A store out of reach is asked again at the next one."""
        try:
            behind = self._site.behind()
            for code, content_hash in behind.items():
                if self._seen.get(code) == content_hash and content_hash not in self._unusable:
                    self._take(content_hash)
            self._seen = behind
        except StorageUnavailableError:
            return

    def _take(self, content_hash: str) -> None:
        try:
            self._site.serve_stored(content_hash)
        except StudyError as error:
            # Kept by another release. The version served so far goes on; it is said once.
            self._unusable.add(content_hash)
            print(f"a new version cannot be served here: {error}", file=sys.stderr, flush=True)


def follow(site: Site) -> None:
    """Look every second for as long as the process lives."""
    follower, never = Follower(site), threading.Event()

    def go_on() -> None:
        while not never.wait(SECONDS):
            follower.look()

    threading.Thread(target=go_on, name="follow-versions", daemon=True).start()
