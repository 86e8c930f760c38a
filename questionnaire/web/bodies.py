"""What comes in and goes out of the API: JSON of our own pages, of bounded size, that no cache keeps."""

from __future__ import annotations

import json
from typing import Any

from starlette.requests import ClientDisconnect, Request
from starlette.responses import JSONResponse, Response

Answered = tuple[int, dict[str, Any]]
"""HTTP status and JSON content."""

BODY_MAX = 256 * 1024
"""Bytes of one step: some hundred answers with free text; more is not a page of a questionnaire."""


class RefusedError(Exception):
    """A request that is answered with a status and a reason, before anything reads the store."""

    def __init__(self, status: int, error: str) -> None:
        super().__init__(status, error)
        self.status, self.error = status, error

    def __str__(self) -> str:
        return self.error


def answer(status: int, content: dict[str, Any]) -> Response:
    """A JSON response that no cache keeps."""
    headers = {"Cache-Control": "no-store"}
    if status == 503:
        headers["Retry-After"] = "5"
    return JSONResponse(content, status, headers)


async def read_body(request: Request) -> dict[str, Any]:
    """The decoded JSON object of a request from our own pages; RefusedError otherwise.

    JSON and the browser's own word on where the request comes from keep other sites' forms out: neither
    can be had across sites without a permission that is never given.
    """
    if request.headers.get("content-type", "").split(";")[0].strip() != "application/json":
        raise RefusedError(415, "content-type: application/json")
    if request.headers.get("sec-fetch-site", "same-origin") not in ("same-origin", "none"):
        raise RefusedError(403, "requests from other sites are not taken")
    received = bytearray()
    try:
        async for chunk in request.stream():
            received += chunk
            if len(received) > BODY_MAX:
                raise RefusedError(413, f"at most {BODY_MAX} bytes")
    except ClientDisconnect as error:
        raise RefusedError(400, "the request broke off") from error
    try:
        body = json.loads(bytes(received))
    except (ValueError, RecursionError) as error:
        raise RefusedError(400, "the body is not JSON") from error
    if not isinstance(body, dict):
        raise RefusedError(400, "the body must be a JSON object")
    return body


def text(body: dict[str, Any], name: str, longest: int) -> str:
    """A text of the body; RefusedError when it is missing, of another type or too long."""
    value = body.get(name)
    if not isinstance(value, str) or len(value) > longest:
        raise RefusedError(400, f"{name}: text of at most {longest} characters")
    return value
