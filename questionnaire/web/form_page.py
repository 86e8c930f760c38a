"""One of our own small pages with a form: its words, its answer, and what may be taken from it."""

from __future__ import annotations

import html
import secrets
from collections.abc import Mapping
from urllib.parse import parse_qs, urlsplit

from starlette.requests import ClientDisconnect, Request
from starlette.responses import HTMLResponse, RedirectResponse, Response

from questionnaire.web import assets
from questionnaire.web.cookies import FORM, SESSION, drop, keep
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
<link rel="stylesheet" href="{base}{assets}account.css">{head}
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


class FormPage:
    """One request to one of the pages: its words, its answer."""

    def __init__(self, request: Request, title: str) -> None:
        self.request, self.title = request, title
        accepted = request.headers.get("accept-language", "")
        self.language = preferred(accepted, request.query_params.get("lang"))
        self.words = sign_in_words(self.language)
        self.base = "../" if request.url.path.count("/") > 1 else "./"

    def page(self, content: str, status: int = 200, problem: str = "", *, onward: str = "") -> Response:
        """The page around ``content``, with what went wrong first; goes on to ``onward`` by itself."""
        if problem:
            content = f'<p role="alert">{html.escape(self.words[problem])}</p>\n{content}'
        text = _PAGE.format(
            language=self.language,
            title=html.escape(self.words[self.title]),
            base=self.base,
            assets=assets.prefix(),
            head=f'\n<meta http-equiv="refresh" content="0;url={html.escape(onward)}">' if onward else "",
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
