"""Whether this machine can draw Chinese letters, and what to say where it cannot."""

from __future__ import annotations

import unicodedata
from functools import cache

import vl_convert

_TRY = (
    '<svg xmlns="http://www.w3.org/2000/svg" width="40" height="40"><text x="4" y="30" font-size="28" '
    'font-family="sans-serif">{}</text></svg>'
)


class ChineseFontMissingError(Exception):
    """A drawing has Chinese letters, and this machine has no font for them."""


@cache
def draws_chinese() -> bool:
    """Whether two different Chinese letters come out different: without a font both are the same box.

    This asks the very library that draws the figures, so it cannot disagree with what they look like.
    """
    one, other = (vl_convert.svg_to_png(_TRY.format(letter), scale=1.0, ppi=72.0) for letter in "中文")
    return bool(one != other)


def is_chinese(text: str) -> bool:
    """Whether any letter is Chinese, Japanese or Korean, or one of their full-width marks."""
    return any(unicodedata.east_asian_width(letter) in "WF" for letter in text)


def can_draw(svg: str) -> bool:
    """Whether every letter of a drawing would come out."""
    return not is_chinese(svg) or draws_chinese()
