"""The survey's own scripts and styles under an address that changes when they do."""

from __future__ import annotations

import hashlib
from functools import cache
from pathlib import Path

from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route

from questionnaire.web.compression import FOR_EVER, Packed, compressible

FOLDER = Path(__file__).parent / "static"

MODULES = (
    *("survey.js", "page.js", "store.js", "keeping.js", "keyboard.js", "marks.js"),
    *("parts.js", "elsewhere.js", "ending.js", "mine.js"),
)
"""What a shell announces, so that the browser fetches all at once instead of import by import."""


@cache
def _files() -> dict[str, Packed]:
    paths = sorted(path for path in FOLDER.iterdir() if compressible(path.name))
    return {path.name: Packed.of(path.read_bytes(), path.name) for path in paths}


@cache
def prefix() -> str:
    """Where the files are served, relative to the app's root: ``assets/<hash of all of them>/``."""
    digest = hashlib.sha256()
    for name, packed in _files().items():
        digest.update(name.encode() + b"\0" + packed.plain)
    return f"assets/{digest.hexdigest()[:16]}/"


def text(name: str) -> str:
    """A file's content, for a shell that has to carry it."""
    return _files()[name].plain.decode()


async def _serve(request: Request) -> Response:
    packed = _files().get(request.path_params["name"])
    if packed is None or request.path_params["digest"] != prefix().split("/")[1]:
        # Another version's file may not answer for this one: the browser would keep it for a year.
        return PlainTextResponse("no such file", 404, {"Cache-Control": "no-store"})
    return packed.respond(request.headers, FOR_EVER)


def routes() -> list[Route]:
    """The route of the static files."""
    return [Route("/assets/{digest}/{name}", _serve)]
