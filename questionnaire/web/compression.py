"""A file's bytes as they go over the wire: compressed once, kept in memory, sent many times."""

from __future__ import annotations

import gzip
from collections.abc import Mapping
from dataclasses import dataclass

from starlette.datastructures import Headers
from starlette.responses import Response

LEVEL = 9
SMALLEST = 512
"""Below this many bytes compression saves less than its own header costs."""

FOR_EVER = "public, max-age=31536000, immutable"
"""For addresses that hold a hash of what they serve."""

_TYPES: Mapping[str, str] = {
    "js": "text/javascript; charset=utf-8",
    "css": "text/css; charset=utf-8",
    "html": "text/html; charset=utf-8",
    "json": "application/json",
    "svg": "image/svg+xml",
}


def compressible(path: str) -> bool:
    """Whether the file is text; fonts and pictures are compressed already."""
    return path.rpartition(".")[2] in _TYPES


@dataclass(frozen=True, slots=True)
class Packed:
    """Bytes with their compressed form (None when compressing does not pay) and media type."""

    plain: bytes
    zipped: bytes | None
    media_type: str

    @classmethod
    def of(cls, plain: bytes, path: str) -> Packed:
        """Compress ``plain``, typed by the ending of ``path``."""
        media_type = _TYPES.get(path.rpartition(".")[2], "application/octet-stream")
        zipped = gzip.compress(plain, LEVEL, mtime=0) if len(plain) >= SMALLEST else None
        return cls(plain, zipped if zipped and len(zipped) < len(plain) else None, media_type)

    def respond(self, request_headers: Headers, cache: str, status: int = 200) -> Response:
        """The response for a browser that accepts these encodings."""
        accepted = request_headers.get("accept-encoding", "")
        headers = {"Cache-Control": cache, "Vary": "Accept-Encoding"}
        if self.zipped is not None and "gzip" in accepted:
            headers["Content-Encoding"] = "gzip"
            return Response(self.zipped, status, headers, self.media_type)
        return Response(self.plain, status, headers, self.media_type)
