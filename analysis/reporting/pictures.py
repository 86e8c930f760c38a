"""Drawings as pictures for programs that do not read SVG."""

from __future__ import annotations

import vl_convert

DPI = 300
"""Print resolution. A drawing's pixel is 1/96 inch; the converter counts 72 to the inch."""


def png_of(svg: str) -> bytes:
    """A PNG of the drawing at 300 dots per inch; text is set in the machine's own fonts."""
    return vl_convert.svg_to_png(svg, scale=1.0, ppi=72.0 * DPI / 96.0)
