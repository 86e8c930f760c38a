"""What load-test respondents speak: HTTP on a kept connection, and Streamlit's protocol over a websocket."""

from __future__ import annotations

import asyncio
from urllib.parse import urlsplit

PATIENCE = 60.0
"""Seconds after which a request counts as an error."""


class Connection:
    """A keep-alive HTTP/1.1 connection, as small as can be, so that the client's own cost stays low."""

    def __init__(self, url: str) -> None:
        parts = urlsplit(url)
        self.host, self.port = parts.hostname or "", parts.port or 80
        if self.host not in ("localhost", "127.0.0.1", "::1"):
            raise ValueError(f"only this machine is a target, not {self.host}")
        self._streams: tuple[asyncio.StreamReader, asyncio.StreamWriter] | None = None

    async def __call__(self, method: str, path: str, body: bytes = b"") -> tuple[int, bytes]:
        for attempt in (0, 1):
            try:
                return await asyncio.wait_for(self._call(method, path, body), PATIENCE)
            except (asyncio.IncompleteReadError, ConnectionError):
                self.close()
                if attempt:
                    raise
        raise ConnectionError

    async def _call(self, method: str, path: str, body: bytes) -> tuple[int, bytes]:
        if self._streams is None:
            self._streams = await asyncio.open_connection(self.host, self.port)
        reader, writer = self._streams
        head = f"{method} {path} HTTP/1.1\r\nHost: {self.host}:{self.port}\r\nSec-Fetch-Site: same-origin\r\n"
        head += f"Content-Type: application/json\r\nContent-Length: {len(body)}\r\n\r\n"
        writer.write(head.encode() + body)
        lines = (await reader.readuntil(b"\r\n\r\n")).decode("latin1").split("\r\n")
        headers = {k.lower(): v.strip() for k, _, v in (line.partition(":") for line in lines[1:])}
        length = int(headers.get("content-length", 0))
        return int(lines[0].split(" ")[1]), await reader.readexactly(length) if length else b""

    def close(self) -> None:
        if self._streams is not None:
            self._streams[1].close()
            self._streams = None


class Session:
    """One Streamlit session over its own protocol: connect, run the page, keep what it shows."""

    def __init__(self, url: str, query: str, page: str) -> None:
        self._url, self._query, self._page = url, query, page
        self.radios: list[tuple[str, list[str]]] = []
        self.button = ""

    async def open(self) -> None:
        import websockets

        parts = urlsplit(self._url)
        self._socket = await websockets.connect(
            f"ws://{parts.netloc}/_stcore/stream",
            subprotocols=["streamlit"],  # type: ignore[list-item]
            compression=None,
            max_size=None,
            origin=f"http://{parts.netloc}",  # type: ignore[arg-type]
            open_timeout=PATIENCE,
            ping_interval=None,
        )
        self._hash = ""
        await self.run([])

    async def run(self, widgets: list[tuple[str, str, object]]) -> None:
        """One run of the script; returns when it has finished."""
        from streamlit.proto.BackMsg_pb2 import BackMsg

        message = BackMsg()
        rerun = message.rerun_script
        rerun.query_string, rerun.page_name = self._query, self._page
        rerun.context_info.timezone, rerun.context_info.locale = "UTC", "en-US"
        rerun.context_info.url = self._url
        if self._hash:
            rerun.page_script_hash = self._hash
        for key, kind, value in widgets:
            widget = rerun.widget_states.widgets.add()
            widget.id = key
            setattr(widget, kind, value)
        rerun.widget_states.SetInParent()
        await self._socket.send(message.SerializeToString())
        await self._drain()

    async def _drain(self) -> None:
        from streamlit.proto.ForwardMsg_pb2 import ForwardMsg

        while True:
            message = ForwardMsg()
            message.ParseFromString(await asyncio.wait_for(self._socket.recv(), PATIENCE))
            if self._read(message):
                return

    def _read(self, message: object) -> bool:
        kind = message.WhichOneof("type")  # type: ignore[attr-defined]
        if kind == "new_session":
            self._hash = message.new_session.page_script_hash  # type: ignore[attr-defined]
            self.radios, self.button = [], ""
        elif kind == "delta" and message.delta.WhichOneof("type") == "new_element":  # type: ignore[attr-defined]
            element = message.delta.new_element  # type: ignore[attr-defined]
            shown = element.WhichOneof("type")
            if shown == "radio":
                self.radios.append((element.radio.id, list(element.radio.options)))
            elif shown == "button":
                self.button = element.button.id
            elif shown == "exception":
                raise RuntimeError(element.exception.message[:100])
        # A run that ends early for another one (2) is not the last.
        return bool(kind == "script_finished" and message.script_finished in (0, 1, 3))  # type: ignore[attr-defined]

    async def close(self) -> None:
        await self._socket.close()
