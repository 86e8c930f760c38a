"""The page framework's own addresses for signing in elsewhere, with what it leaves open closed.

``st.login`` sends the browser to /auth/login, the institution sends it back to /oauth2callback, ``st.logout``
goes through /auth/logout. The framework answers whatever goes wrong there by the start page without a word.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from urllib.parse import parse_qs

from starlette.concurrency import run_in_threadpool
from starlette.datastructures import MutableHeaders
from starlette.requests import Request
from starlette.responses import PlainTextResponse, RedirectResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from questionnaire.access.institution import REFUSED, Institution
from questionnaire.access.service import PER_ADDRESS, Access
from questionnaire.storage import StorageUnavailableError

LOGIN, LOGOUT, CALLBACK = "/auth/login", "/auth/logout", "/oauth2callback"
PAGE = "institution"
"""Our page that starts the sign-in, and that takes up what it brought when its address says ``back``."""

IDENTITY = "_streamlit_user"
"""The cookie in which the framework keeps what the institution said; signed, not encrypted."""

PROBLEMS = ("institution_failed", "institution_down", "too_many", "unavailable")
"""What may be said on the page for signing in after a return from here."""

_LASTS = re.compile(r";\s*(?:max-age|expires)=[^;]*", re.IGNORECASE)


class InstitutionRoutes:
    """ASGI middleware around those addresses: 404 when nothing is configured, limited when something is.

    A return that brought an identity goes to our page, everything else to the page for signing in with what
    went wrong. The framework's cookies end with the browser's session and, over https, stay there.
    """

    def __init__(self, app: ASGIApp, access: Access, institutions: Sequence[Institution]) -> None:
        self._app = app
        self._access = access
        self._institutions = institutions

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer, or pass on."""
        if scope["type"] != "http" or scope["path"].rstrip("/") not in (LOGIN, LOGOUT, CALLBACK):
            await self._app(scope, receive, send)
        elif not self._institutions:
            await PlainTextResponse("not found", 404)(scope, receive, send)
        else:
            await self._guarded(scope, receive, send)

    async def _guarded(self, scope: Scope, receive: Receive, send: Send) -> None:
        path = scope["path"].rstrip("/")
        up = "../" if path.count("/") > 1 else "./"
        problem = None if path == LOGOUT else await self._limit(scope)
        if problem:
            await _to(f"{up}sign-in?problem={problem}")(scope, receive, send)
            return
        started: list[Message] = []

        async def hold(message: Message) -> None:
            # These answers are redirections; their bodies say nothing.
            if message["type"] == "http.response.start":
                started.append(message)

        await self._app(scope, receive, hold)
        headers = MutableHeaders(scope=started[0])
        where = headers.get("location", "")
        cookies = headers.getlist("set-cookie")
        if path == LOGIN:
            elsewhere = where.startswith(("https://", "http://"))
            where = where if elsewhere else f"{up}sign-in?problem=institution_down"
        elif path == LOGOUT:
            where = where if where.startswith(("https://", "http://")) else f"{up}sign-in"
        elif any(_brings(cookie) for cookie in cookies):
            where = f"{up}{PAGE}?back=1"
        else:
            where = await self._nothing_brought(scope, up)
        answer = _to(where)
        for cookie in cookies:
            answer.headers.append("set-cookie", _held(cookie, secure=Request(scope).url.scheme == "https"))
        await answer(scope, receive, send)

    async def _limit(self, scope: Scope) -> str | None:
        client = Request(scope).client
        try:
            count = await run_in_threadpool(
                self._access.attempt, f"institution's page {client.host if client else ''}"
            )
        except StorageUnavailableError:
            return "unavailable"
        return "too_many" if count > 2 * PER_ADDRESS else None

    async def _nothing_brought(self, scope: Scope, up: str) -> str:
        asked = parse_qs(scope["query_string"].decode("latin-1"))
        if not asked.keys() & {"state", "code", "error"}:
            return f"{up}sign-in"  # back from signing out
        # Neither names nor reasons: whatever stands in this address, anyone may have written.
        try:
            await run_in_threadpool(self._access.record, None, REFUSED, "", "no identity came back")
        except StorageUnavailableError:
            return f"{up}sign-in?problem=unavailable"
        return f"{up}sign-in?problem=institution_failed"


def _to(where: str) -> RedirectResponse:
    return RedirectResponse(where, 303, {"Cache-Control": "no-store"})


def _brings(cookie: str) -> bool:
    """Whether it keeps an identity; one that is deleted is sent as an empty value."""
    name, _, rest = cookie.partition("=")
    return name == IDENTITY and rest.partition(";")[0].strip('" ') != ""


def _held(cookie: str, *, secure: bool) -> str:
    if cookie.startswith(IDENTITY) and cookie.partition("=")[2].partition(";")[0].strip('" '):
        cookie = _LASTS.sub("", cookie)
    return f"{cookie}; Secure" if secure and "secure" not in cookie.lower() else cookie
