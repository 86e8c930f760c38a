"""Drawings as pictures for programs that do not read SVG."""

from __future__ import annotations

import struct
import zlib

import vl_convert

from analysis.reporting.fonts import ChineseFontMissingError, can_draw

DPI = 300
"""Print resolution. A drawing's pixel is 1/96 inch; the converter counts 72 to the inch."""


def png_of(svg: str) -> bytes:
    """A PNG of the drawing at 300 dots per inch; text is set in the machine's own fonts.

    Raises ChineseFontMissingError where the drawing has Chinese letters and the machine no font for them:
    a picture of boxes says nothing.
    """
    if not can_draw(svg):
        raise ChineseFontMissingError("no font for Chinese letters is installed")
    png = vl_convert.svg_to_png(svg, scale=1.0, ppi=72.0 * DPI / 96.0)
    return _with_resolution(png)


def _with_resolution(png: bytes) -> bytes:
    """The PNG with its resolution stated, so that a page shows it at its natural size (PNG 1.2, 11.3.5)."""
    per_metre = round(DPI / 0.0254)
    body = b"pHYs" + struct.pack(">IIB", per_metre, per_metre, 1)
    chunk = struct.pack(">I", 9) + body + struct.pack(">I", zlib.crc32(body))
    parts, start = [png[:8]], 8
    while start < len(png):
        end = start + 12 + struct.unpack(">I", png[start : start + 4])[0]
        kind = png[start + 4 : start + 8]
        if kind != b"pHYs":
            parts.append(png[start:end])
        if kind == b"IHDR":
            parts.append(chunk)
        start = end
    return b"".join(parts)
