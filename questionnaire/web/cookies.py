"""The session's cookie, and whose it is."""

from __future__ import annotations

from http.cookies import CookieError, SimpleCookie

from starlette.datastructures import Headers
from starlette.requests import Request
from starlette.responses import Response

SESSION = "synergy_session"
FORM = "synergy_form"
"""Holds what a form must send back: another site can make a browser send cookies, but cannot read them."""


def session_value(headers: Headers) -> str | None:
    """The session's value among a request's cookies."""
    try:
        morsel = SimpleCookie(headers.get("cookie", "")).get(SESSION)
    except CookieError:
        return None
    return morsel.value if morsel else None


def keep(response: Response, request: Request, name: str, value: str) -> None:
    """Set a cookie that scripts cannot read, for this browser session, over https only where that is used."""
    # Lax, not Strict, for the session: with Strict a link from a mail to the console arrives signed out.
    site = "lax" if name == SESSION else "strict"
    secure = request.url.scheme == "https"
    response.set_cookie(name, value, path="/", httponly=True, secure=secure, samesite=site)  # type: ignore[arg-type]


def drop(response: Response, request: Request, name: str) -> None:
    """Make the browser forget it."""
    secure = request.url.scheme == "https"
    response.delete_cookie(name, path="/", httponly=True, secure=secure, samesite="lax")
