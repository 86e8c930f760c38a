"""Signing in and out and joining by a link: small pages of our own, without any script."""

from __future__ import annotations

import html
import secrets
from collections.abc import Mapping
from urllib.parse import parse_qs, urlsplit

from starlette.concurrency import run_in_threadpool
from starlette.requests import ClientDisconnect, Request
from starlette.responses import HTMLResponse, RedirectResponse, Response
from starlette.routing import Route

from questionnaire.access.errors import AccessError, TooManyAttemptsError
from questionnaire.access.service import PER_ADDRESS, Access
from questionnaire.storage import StorageUnavailableError
from questionnaire.web import assets
from questionnaire.web.cookies import FORM, SESSION, drop, keep, session_value
from questionnaire.web.security import FORM_PAGE
from questionnaire.web.sign_in_words import preferred, sign_in_words

BODY_MAX = 8 * 1024

_PAGE = """<!DOCTYPE html>
<html lang="{language}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>{title}</title>
<link rel="icon" href="data:,">
<link rel="stylesheet" href="{base}{assets}account.css">
</head>
<body>
<nav><a href="?lang=en" lang="en">English</a> <a href="?lang=zh-CN" lang="zh-CN">简体中文</a></nav>
<main>
<h1>{title}</h1>
{content}
</main>
</body>
</html>
"""


class _Form:
    """One request to one of the pages: its words, its answer."""

    def __init__(self, request: Request, title: str) -> None:
        self.request, self.title = request, title
        accepted = request.headers.get("accept-language", "")
        self.language = preferred(accepted, request.query_params.get("lang"))
        self.words = sign_in_words(self.language)
        self.base = "../" if request.url.path.count("/") > 1 else "./"

    def page(self, content: str, status: int = 200, problem: str = "") -> Response:
        """The page around ``content``, with what went wrong first."""
        if problem:
            content = f'<p role="alert">{html.escape(self.words[problem])}</p>\n{content}'
        text = _PAGE.format(
            language=self.language,
            title=html.escape(self.words[self.title]),
            base=self.base,
            assets=assets.prefix(),
            content=content,
        )
        headers = {"Cache-Control": "no-store", "Content-Security-Policy": FORM_PAGE}
        # Under no-referrer browsers send a form's Origin as "null", which would be anyone's.
        headers["Referrer-Policy"] = "same-origin"
        return HTMLResponse(text, status, headers)

    def form(
        self,
        fields: str,
        button: str,
        status: int = 200,
        problem: str = "",
        *,
        above: str = "",
        below: str = "",
    ) -> Response:
        """A page with a form that posts to its own address."""
        mark = self.request.cookies.get(FORM, "")
        fresh = len(mark) != 43
        mark = secrets.token_urlsafe(32) if fresh else mark
        content = (
            f'{above}<form method="post"><input type="hidden" name="mark" value="{html.escape(mark)}">'
            f"{fields}<button>{html.escape(button)}</button></form>{below}"
        )
        response = self.page(content, status, problem)
        if fresh:
            keep(response, self.request, FORM, mark)
        return response

    def field(self, name: str, kind: str, complete: str, value: str = "", hint: str = "") -> str:
        """A labelled field."""
        note = f'<small id="{name}-hint">{html.escape(self.words[hint])}</small>' if hint else ""
        described = f' aria-describedby="{name}-hint"' if hint else ""
        return (
            f'<label for="{name}">{html.escape(self.words[name])}</label>{note}'
            f'<input id="{name}" name="{name}" type="{kind}" value="{html.escape(value)}" required '
            f'maxlength="256" autocomplete="{complete}" autocapitalize="none"{described}>'
        )

    def signed_in(self, cookie: str) -> Response:
        """To the start page, with a session that did not exist before."""
        response = RedirectResponse(self.base, 303, {"Cache-Control": "no-store"})
        keep(response, self.request, SESSION, cookie)
        drop(response, self.request, FORM)
        return response

    async def sent(self) -> Mapping[str, str] | None:
        """What the form sent; None when it is not from this page or too long."""
        if not _same_origin(self.request):
            return None
        received = bytearray()
        try:
            async for chunk in self.request.stream():
                received += chunk
                if len(received) > BODY_MAX:
                    return None
            fields = parse_qs(bytes(received).decode(), max_num_fields=10, keep_blank_values=True)
        except (ClientDisconnect, ValueError):
            return None
        sent = {name: values[0] for name, values in fields.items()}
        mark = self.request.cookies.get(FORM, "")
        matches = mark and secrets.compare_digest(mark.encode(), sent.get("mark", "").encode())
        return sent if matches else None


def _same_origin(request: Request) -> bool:
    """Whether the browser says that a page of this site sent it; every browser that matters says so."""
    if request.headers.get("sec-fetch-site", "same-origin") not in ("same-origin", "none"):
        return False
    origin = request.headers.get("origin")
    return origin is None or urlsplit(origin).netloc == request.headers.get("host", "")


def _address(request: Request) -> str:
    return request.client.host if request.client else ""


def _status(error: AccessError) -> int:
    return 429 if isinstance(error, TooManyAttemptsError) else 400


def routes(access: Access, institution: str | None = None) -> list[Route]:
    """/sign-in, /sign-out and /welcome/{secret}; ``institution`` is the page that signs in elsewhere."""

    async def sign_in(request: Request) -> Response:
        page = _Form(request, "sign_in")
        name, problem, status = "", "", 200
        if request.method == "POST":
            sent = await page.sent()
            if sent is None:
                problem, status = "form_old", 403
            else:
                name = sent.get("name", "")[:256]
                password = sent.get("password", "")
                try:
                    cookie = await run_in_threadpool(access.sign_in, name, password, _address(request))
                    return page.signed_in(cookie)
                except AccessError as error:
                    problem, status = error.reason, _status(error)
                except StorageUnavailableError:
                    problem, status = "unavailable", 503
        below = f"<p>{html.escape(page.words['ask_owner'])}</p>"
        if institution:
            link = f'<a href="{html.escape(institution)}">{html.escape(page.words["institution"])}</a>'
            below = f"<p>{link}</p>{below}"
        fields = page.field("name", "text", "username", name)
        fields += page.field("password", "password", "current-password")
        return page.form(fields, page.words["sign_in"], status, problem, below=below)

    async def sign_out(request: Request) -> Response:
        page = _Form(request, "sign_out")
        cookie = session_value(request.headers)
        home = f'<p><a href="{page.base}">{html.escape(page.words["home"])}</a></p>'
        try:
            account = await run_in_threadpool(access.who, cookie)
            if account is None or cookie is None:
                return page.page(f"<p>{html.escape(page.words['not_signed_in'])}</p>{home}")
            problem, status = "", 200
            if request.method == "POST":
                if await page.sent() is not None:
                    await run_in_threadpool(access.sign_out, cookie)
                    response = RedirectResponse(page.base + "sign-in", 303, {"Cache-Control": "no-store"})
                    drop(response, request, SESSION)
                    return response
                problem, status = "form_old", 403
        except StorageUnavailableError:
            return page.page(home, 503, "unavailable")
        said = f"<p>{html.escape(page.words['signed_in_as'].format(name=account.name))}</p>"
        return page.form("", page.words["sign_out"], status, problem, above=said, below=home)

    async def welcome(request: Request) -> Response:
        page = _Form(request, "welcome")
        secret, bucket = request.path_params["secret"], f"links {_address(request)}"
        try:
            if await run_in_threadpool(access.attempts, bucket) >= PER_ADDRESS:
                return page.page("", 429, "too_many")
            try:
                kind, account = await run_in_threadpool(access.link, secret)
            except AccessError as error:
                await run_in_threadpool(access.attempt, bucket)
                return page.page("", 404, error.reason)
            name, problem, status = "", "", 200
            if request.method == "POST":
                sent = await page.sent()
                if sent is None:
                    problem, status = "form_old", 403
                else:
                    name = sent.get("name", "")[:256]
                    try:
                        if kind == "handed over":
                            return page.signed_in(await run_in_threadpool(access.take_over, secret))
                        password = sent.get("password", "")
                        return page.signed_in(await run_in_threadpool(access.welcome, secret, name, password))
                    except AccessError as error:
                        problem, status = error.reason, _status(error)
        except StorageUnavailableError:
            return page.page("", 503, "unavailable")
        if kind == "handed over" and account is not None:
            return page.form("", page.words["go_on"].format(name=account.name), status, problem)
        key = "invited_as" if account else "first_owner"
        said = page.words[key].format(name=account.name if account else "")
        fields = "" if account else page.field("name", "text", "username", name, "name_hint")
        fields += page.field("password", "password", "new-password", hint="password_hint")
        return page.form(fields, page.words["join"], status, problem, above=f"<p>{html.escape(said)}</p>")

    both = ["GET", "POST"]
    return [
        Route("/sign-in", sign_in, methods=both),
        Route("/sign-out", sign_out, methods=both),
        Route("/welcome/{secret}", welcome, methods=both),
    ]
