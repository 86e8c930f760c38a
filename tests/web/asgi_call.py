"""Calls an ASGI application directly: no server, no client library."""

import asyncio
import gzip
import json as json_module
from dataclasses import dataclass
from urllib.parse import urlsplit


@dataclass(frozen=True)
class Answer:
    status: int
    headers: dict[str, str]
    content: bytes

    @property
    def text(self) -> str:
        plain = (
            gzip.decompress(self.content) if self.headers.get("content-encoding") == "gzip" else self.content
        )
        return plain.decode()

    def json(self):
        return json_module.loads(self.text)


def call(app, method, address, *, headers=None, json=None, body=b"") -> Answer:
    """One request; ``json`` is sent as a browser's fetch from the same site sends it."""
    sent = {"host": "localhost:8501", **(headers or {})}
    if json is not None:
        body = json_module.dumps(json).encode()
        sent = {"content-type": "application/json", "sec-fetch-site": "same-origin", **sent}
    parts = urlsplit(address)
    scope = {
        "type": "http",
        "asgi": {"version": "3.0", "spec_version": "2.3"},
        "http_version": "1.1",
        "method": method,
        "scheme": "http",
        "path": parts.path,
        "raw_path": parts.path.encode(),
        "query_string": parts.query.encode(),
        "root_path": "",
        "headers": [(name.lower().encode(), value.encode()) for name, value in sent.items()],
        "client": ("127.0.0.1", 50000),
        "server": ("localhost", 8501),
        "state": {},
    }
    messages = [{"type": "http.request", "body": body, "more_body": False}]
    out = []

    async def receive():
        return messages.pop(0) if messages else {"type": "http.disconnect"}

    async def send(message):
        out.append(message)

    asyncio.run(app(scope, receive, send))
    start = next(message for message in out if message["type"] == "http.response.start")
    content = b"".join(m.get("body", b"") for m in out if m["type"] == "http.response.body")
    received: dict[str, str] = {}
    for name, value in start["headers"]:
        known = received.get(name.decode())
        # Only Set-Cookie may be sent twice without being one list: a line each.
        received[name.decode()] = f"{known}\n{value.decode()}" if known else value.decode()
    return Answer(start["status"], received, content)
