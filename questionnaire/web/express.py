"""The short way to what respondents ask most, past everything that only pages need."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping, Sequence
from typing import Any

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route
from starlette.types import ASGIApp, Receive, Scope, Send

Endpoint = Callable[[Request], Awaitable[Response]]


class Express:
    """ASGI middleware, outermost: the ``routes`` are answered here, with ``headers`` on each response.

    The page framework's own layers (its sessions, its compression, its checks of paths to files) cost a step
    more than its answer; none of them has anything to do for these routes.
    """

    def __init__(self, app: ASGIApp, routes: Sequence[Route], headers: Mapping[str, str]) -> None:
        self._app = app
        self._routes: list[tuple[Any, set[str], Endpoint]] = [
            (route.path_regex, set(route.methods or ()), route.endpoint) for route in routes
        ]
        self._headers = [(name.lower().encode(), value.encode()) for name, value in headers.items()]

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one of the routes; pass everything else on."""
        endpoint = self._endpoint(scope) if scope["type"] == "http" else None
        if endpoint is None:
            await self._app(scope, receive, send)
            return
        response = await endpoint(Request(scope, receive))
        response.raw_headers.extend(self._headers)
        await response(scope, receive, send)

    def _endpoint(self, scope: Scope) -> Endpoint | None:
        for regex, methods, endpoint in self._routes:
            found = regex.match(scope["path"]) if scope["method"] in methods else None
            if found is not None:
                scope["path_params"] = found.groupdict()
                return endpoint
        return None
