"""What is asked at the moment of use, before the page framework or a route sees it."""

from __future__ import annotations

from collections.abc import Callable

from starlette.concurrency import run_in_threadpool
from starlette.datastructures import Headers
from starlette.requests import Request
from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from questionnaire.access.service import Access
from questionnaire.storage import StorageUnavailableError
from questionnaire.web.cookies import session_value

RECEIPTS_WRONG = 60
"""Receipts that lead nowhere, from one address in a quarter of an hour: a class behind one address may
mistype some; a guesser gets nowhere near 31^16."""

_FILES = ("/media/", "/_stcore/upload_file/")
"""What the page framework keeps for its pages: downloads, pictures, uploads. No respondent's page has any."""

_RECEIPTS = ("/receipt", "/withdrawal")


class Gate:
    """ASGI middleware around the whole application.

    Every message on an open connection that began with a session is taken only while that session holds:
    signing out, disabling and running out end what is open, not only what is opened next. ``ended`` makes
    of a message that comes later one that asks for nothing; ``demonstration`` says from a request's headers
    whether synthetic answers are shown without an account.
    """

    def __init__(
        self,
        app: ASGIApp,
        access: Access,
        demonstration: Callable[[Headers], bool],
        ended: Callable[[bytes], bytes],
    ) -> None:
        self._app = app
        self._access = access
        self._demonstration = demonstration
        self._ended = ended

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Refuse, or pass on."""
        if scope["type"] == "websocket":
            await self._connection(scope, receive, send)
        elif scope["type"] == "http" and scope["path"].startswith(_FILES):
            await self._file(scope, receive, send)
        elif scope["type"] == "http" and scope["method"] == "POST" and _asks_for_a_receipt(scope["path"]):
            await self._receipt(scope, receive, send)
        else:
            await self._app(scope, receive, send)

    async def _holds(self, cookie: str | None) -> bool:
        try:
            return await run_in_threadpool(self._access.who, cookie) is not None
        except StorageUnavailableError:
            return False

    async def _connection(self, scope: Scope, receive: Receive, send: Send) -> None:
        cookie = session_value(Headers(scope=scope))
        if not cookie or not await self._holds(cookie):
            # A respondent, or a cookie that ran out before: whoever it is, pages show nothing to nobody.
            await self._app(scope, receive, send)
            return
        ended = False

        async def checked() -> Message:
            nonlocal ended
            message = await receive()
            if message["type"] == "websocket.receive":
                # Once ended it stays so: another session of the same browser has its own connection.
                ended = ended or not await self._holds(cookie)
                if ended:
                    return {"type": message["type"], "bytes": self._ended(message.get("bytes") or b"")}
            return message

        await self._app(scope, checked, send)

    async def _file(self, scope: Scope, receive: Receive, send: Send) -> None:
        headers = Headers(scope=scope)
        if self._demonstration(headers) or await self._holds(session_value(headers)):
            await self._app(scope, receive, send)
        else:
            await PlainTextResponse("sign in first", 403, _NO_STORE)(scope, receive, send)

    async def _receipt(self, scope: Scope, receive: Receive, send: Send) -> None:
        client = Request(scope).client
        bucket = f"receipts {client.host if client else ''}"
        try:
            if await run_in_threadpool(self._access.attempts, bucket) >= RECEIPTS_WRONG:
                headers = _NO_STORE | {"Retry-After": "900"}
                await PlainTextResponse("too many attempts", 429, headers)(scope, receive, send)
                return
        except StorageUnavailableError:
            pass  # the route says so itself, in the respondent's words
        status = 0

        async def noting(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
            await send(message)

        await self._app(scope, receive, noting)
        if status == 404:
            try:
                await run_in_threadpool(self._access.attempt, bucket)
            except StorageUnavailableError:
                return


_NO_STORE = {"Cache-Control": "no-store"}


def _asks_for_a_receipt(path: str) -> bool:
    return path.startswith("/api/") and path.endswith(_RECEIPTS)
