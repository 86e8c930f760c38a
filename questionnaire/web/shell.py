"""The page framework's own files made fit for a survey: compressed, in its language, without web fonts."""

from __future__ import annotations

import html
import re
from collections.abc import Iterable
from pathlib import Path
from urllib.parse import quote

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response
from starlette.types import ASGIApp, Receive, Scope, Send

from questionnaire.web import assets
from questionnaire.web.compression import FOR_EVER, Packed, compressible
from questionnaire.wording import wording

_FONT_PRELOAD = re.compile(r"<link\s+rel=\"preload\"[^>]*as=\"font\"[^>]*/?>")
_NOSCRIPT = re.compile(r"<noscript>.*?</noscript>", re.DOTALL)
_AGENT_LINK = re.compile(r"<!--[^<]*-->\s*<link rel=\"service-desc\"[^>]*/>")
_IMPORT = re.compile(r'from"\./([\w.-]+\.js)"')
_TITLE = re.compile(r"<title>.*?</title>")


class Shell:
    """The single HTML file every page starts from, once per language and page.

    ``ahead`` are files the survey's page will ask for as soon as scripts run, announced to the browser.
    """

    def __init__(self, index_html: str, ahead: Iterable[str] = ()) -> None:
        self.html = _AGENT_LINK.sub("", _FONT_PRELOAD.sub("", index_html))
        own = (assets.prefix() + name for name in assets.MODULES)
        later = [name for name in ahead if name not in self.html]
        self._survey_head = "".join(f'<link rel="modulepreload" href="./{file}">' for file in (*own, *later))
        self._survey_head += f'<link rel="stylesheet" href="./{assets.prefix()}host.css">'

    def page(self, language: str, title: str, light: str | None) -> Packed:
        """The file in ``language``; ``light`` is a link to the light shell, shown until scripts take over."""
        words = wording(language)
        noscript = f"<noscript><p>{html.escape(words['needs_script'])}</p></noscript>"
        text = self.html.replace('<html lang="en">', f'<html lang="{html.escape(language)}">', 1)
        text = _TITLE.sub(lambda _: f"<title>{html.escape(title)}</title>", text, count=1)
        text = _NOSCRIPT.sub(lambda _: noscript, text, count=1)
        if light is not None:
            link = f'<a href="{html.escape(light)}">{html.escape(words["light"])}</a>'
            wait = f'<p style="font-family:system-ui,sans-serif;padding:1rem">{words["loading"]} {link}</p>'
            text = text.replace("</head>", f"{self._survey_head}</head>", 1)
            text = text.replace('<div id="root"></div>', f'<div id="root">{wait}</div>', 1)
        return Packed.of(text.encode(), "index.html")


def component_files(static: Path) -> list[str]:
    """What the framework loads when a page has a component of its own: the script and what it imports."""
    files = sorted((static / "static" / "js").glob("BidiComponent.*.js"))
    found = [f"static/js/{name}" for file in files for name in _IMPORT.findall(file.read_text("utf-8"))]
    return [*(f"static/js/{file.name}" for file in files), *found]


def light_address(study: str, query: str) -> str:
    """The light shell's address for what was asked of the other one, relative to the app's root."""
    return f"s/{quote(study)}{'?' + query if query else ''}"


class CompressedStatic:
    """ASGI middleware: the framework's text files compressed; it sends them plain, 3 times as long.

    Files are compressed when first asked for and kept: a survey needs about 2 MB of the 26 there are.
    """

    def __init__(self, app: ASGIApp, folder: Path) -> None:
        self._app = app
        self._folder = folder.resolve()
        self._packed: dict[str, Packed] = {}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer GET /static/…; pass everything else on."""
        path = scope["path"] if scope["type"] == "http" and scope["method"] == "GET" else ""
        if path.startswith("/static/") and compressible(path):
            packed = self._packed.get(path) or await run_in_threadpool(self._pack, path)
            if packed is not None:
                await self._respond(packed, Request(scope))(scope, receive, send)
                return
        await self._app(scope, receive, send)

    def _pack(self, path: str) -> Packed | None:
        file = (self._folder / path.lstrip("/")).resolve()
        if not file.is_relative_to(self._folder) or not file.is_file():
            return None
        packed = Packed.of(file.read_bytes(), file.name)
        self._packed[path] = packed
        return packed

    @staticmethod
    def _respond(packed: Packed, request: Request) -> Response:
        return packed.respond(request.headers, FOR_EVER)
