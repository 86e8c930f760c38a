"""Going on from another device: a short code for a survey under way, and the survey for a code."""

from __future__ import annotations

import threading
import time
from collections import deque
from collections.abc import Callable
from functools import partial

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from questionnaire.journey import JourneyError
from questionnaire.service import Fielding
from questionnaire.storage import StorageUnavailableError, UnknownTokenError
from questionnaire.web.bodies import Answered, answer, text
from questionnaire.web.posts import study_post
from questionnaire.web.site import Site

WINDOW_SECONDS = 60.0
TRIES_A_CLIENT = 10
TRIES_OF_ALL = 120
"""A minute; behind a proxy all clients have one address, and then this is what a process answers."""


class Limiter:
    """At most so many tries a minute for each client and for all together, in this process."""

    def __init__(self, a_client: int, of_all: int, clock: Callable[[], float] = time.monotonic) -> None:
        self._most = {True: a_client, False: of_all}
        self._clock = clock
        self._tries: deque[tuple[float, str]] = deque()
        self._lock = threading.Lock()

    def allows(self, client: str) -> bool:
        """Whether this try may be made; one that may not is not counted."""
        with self._lock:
            now = self._clock()
            while self._tries and self._tries[0][0] <= now - WINDOW_SECONDS:
                self._tries.popleft()
            own = sum(who == client for _, who in self._tries)
            if own >= self._most[True] or len(self._tries) >= self._most[False]:
                return False
            self._tries.append((now, client))
            return True


def routes(site: Site) -> list[Route]:
    """For every study POST …/code (a token's code) and …/resume (a code's token)."""
    limiter = Limiter(TRIES_A_CLIENT, TRIES_OF_ALL)

    codes = study_post(site, "code", lambda study, body: partial(give, study, text(body, "token", 64)))
    resumed = study_post(site, "resume", lambda study, body: partial(take, study, text(body, "code", 64)))

    async def limited(request: Request) -> Response:
        if not limiter.allows(request.client.host if request.client else ""):
            return answer(429, {"error": "too_many"})
        response: Response = await resumed.endpoint(request)
        return response

    return [codes, Route(resumed.path, limited, methods=["POST"])]


def give(fielding: Fielding, token: str) -> Answered:
    """A new code for a survey under way."""
    try:
        return 200, {"code": fielding.resume_code(token)}
    except JourneyError as error:
        return 409, {"error": error.code}
    except UnknownTokenError:
        return 404, {"error": "unknown_token"}
    except StorageUnavailableError:
        return 503, {"error": "unavailable"}


def take(fielding: Fielding, code: str) -> Answered:
    """The token of the survey that a code leads to."""
    try:
        return 200, {"token": fielding.resume(code)}
    except UnknownTokenError:
        return 404, {"error": "unknown_code"}
    except StorageUnavailableError:
        return 503, {"error": "unavailable"}
