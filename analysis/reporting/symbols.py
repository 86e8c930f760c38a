"""Which letters of a text are statistical symbols and stand in italics (APA 7, table 6.5).

Greek letters and abbreviations such as CFI stay upright; so do codes of a study, which are no symbols.
"""

from __future__ import annotations

import re

from markupsafe import Markup, escape

_SYMBOL = r"p|n|N|M|SD|SE|df|z|r|t|B|d"
_IN_TEXT = re.compile(
    rf"(?<![\w*^.({{])(?:{_SYMBOL})(?=\s[=<>≥≤]\s?[\d.−])|(?<=\()(?:n|p)(?=\s[=<>≥≤]\s?[\d.−])"
)
_HEADING = re.compile(rf"^(?:{_SYMBOL})(?=$| adj\.$| \()")


def pieces(text: str, *, heading: bool = False) -> tuple[tuple[str, bool], ...]:
    """The text in order, each piece with whether it is a symbol; ``heading``: of a column, where one may
    stand alone."""
    found, place = [], 0
    pattern = _HEADING if heading else _IN_TEXT
    for match in pattern.finditer(text):
        found += [(text[place : match.start()], False), (match.group(), True)]
        place = match.end()
    return tuple((piece, slanted) for piece, slanted in (*found, (text[place:], False)) if piece)


def marked(text: str, heading: bool = False) -> Markup:
    """The text for a page, escaped, with its symbols in italics."""
    parts = (Markup("<i>{}</i>").format(piece) if slanted else escape(piece)
             for piece, slanted in pieces(text, heading=heading))  # fmt: skip
    return Markup("").join(parts)
