"""What every response says about itself, and what is never answered."""

from __future__ import annotations

import base64
import hashlib
import logging
import re
from collections.abc import Iterable

from starlette.datastructures import MutableHeaders
from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

BLOCKED = ("/_stcore/metrics", "/_stcore/agent", "/_stcore/script-health-check")
"""Paths of the framework that tell strangers about the server and that nothing here needs."""

_INLINE_SCRIPT = re.compile(r"<script>(.*?)</script>", re.DOTALL)

_FILES = ("/static/", "/assets/")
"""Scripts and styles: 70 of them make a page, and what only a document can use would cost 40 KB on them."""

_HEADERS = {
    # The token stands in the address: it must not travel to another site.
    "Referrer-Policy": "no-referrer",
    "X-Frame-Options": "SAMEORIGIN",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Permissions-Policy": "camera=(), microphone=(), geolocation=(), payment=(), usb=()",
    # A link in a chat or mail must not end up in a search engine.
    "X-Robots-Tag": "noindex, nofollow",
}


def policy(html: str, fonts: str = "'self' data:") -> str:
    """The content security policy for a page whose only inline scripts are those in ``html``.

    ``blob:`` is how the page framework loads a component's script; inline styles are how it styles. With
    ``fonts="'none'"`` its web fonts are not even fetched: half a megabyte that a survey does not use.
    """
    scripts = " ".join(["'self'", "blob:", *_hashes(_INLINE_SCRIPT.findall(html))])
    return (
        f"default-src 'self'; script-src {scripts}; style-src 'self' 'unsafe-inline'; "
        f"img-src 'self' data: blob:; font-src {fonts}; connect-src 'self'; worker-src 'self' blob:; "
        "frame-src 'self' data: blob:; object-src 'none'; base-uri 'self'; form-action 'self'; "
        "frame-ancestors 'self'"
    )


STRICT = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; "
    "base-uri 'none'; form-action 'none'; frame-ancestors 'self'"
)
"""For the light shell, which has no inline code at all."""


FORM_PAGE = (
    "default-src 'none'; style-src 'self'; img-src data:; base-uri 'none'; form-action 'self'; "
    "frame-ancestors 'none'"
)
"""For signing in: no script at all, and in nobody's frame."""

PLAIN = {"X-Content-Type-Options": "nosniff", **_HEADERS, "Content-Security-Policy": STRICT}
"""Every header of an answer that is data."""


def _hashes(scripts: Iterable[str]) -> list[str]:
    digests = (hashlib.sha256(script.encode()).digest() for script in scripts)
    return [f"'sha256-{base64.b64encode(digest).decode()}'" for digest in digests]


def keep_addresses_out_of_logs() -> None:
    """Leave only warnings in the server's logs.

    A request's address holds the respondent's token, a connection's the respondent's own. The page framework
    gives these loggers levels and handlers of its own while it starts, which undoes what the server is
    configured to do; a filter stays.
    """
    for name in ("uvicorn.access", "uvicorn.error"):
        logging.getLogger(name).addFilter(_is_a_warning)


def _is_a_warning(record: logging.LogRecord) -> bool:
    return record.levelno >= logging.WARNING


class SecurityHeaders:
    """ASGI middleware: the headers above on every response, and 404 for what is blocked."""

    def __init__(self, app: ASGIApp, page_policy: str) -> None:
        self._app = app
        self._policy = page_policy

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer blocked paths; otherwise pass on and complete the response's headers."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return

        path = scope["path"]

        async def complete(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                headers["X-Content-Type-Options"] = "nosniff"
                if not path.startswith(_FILES):
                    for name, value in _HEADERS.items():
                        headers.setdefault(name, value)
                    headers.setdefault("Content-Security-Policy", self._policy)
            await send(message)

        if any(path == blocked or path.startswith(f"{blocked}/") for blocked in BLOCKED):
            await PlainTextResponse("not found", 404)(scope, receive, complete)
            return
        await self._app(scope, receive, complete)
