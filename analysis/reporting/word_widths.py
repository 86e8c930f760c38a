"""How wide the columns of a printed table are, and on which paper the table stands."""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass

from analysis.reporting.document import Table
from analysis.reporting.word_page import SIDEWAYS, UPRIGHT

SIZES = ((10.0, False), (9.0, False), (8.0, False), (10.0, True), (9.0, True), (8.0, True), (7.0, True))
"""Letters in points and whether the paper lies on its side, in the order in which they are tried."""

PADDING, SLACK = 0.28, 0.06
"""Centimetres: the margins of a cell, left and right together, and what rounding may take."""

WIDEST_TEXT, NARROWEST_TEXT = 22.0, 8.0
"""Ems a column of words asks for at most, and the longest word that may make it wider than its share."""

SQUEEZE = 0.55
"""A column of words may shrink to this share of what it asks for before the next size or paper is tried."""

BOLD = 1.1
"""How much wider bold letters are."""

_CENTIMETRES_PER_POINT = 2.54 / 72
_TIMES = (
    # Thousandths of an em of Times-Roman from space to tilde (Adobe Core 14 metrics).
    (250, 333, 408, 500, 500, 833, 778, 180, 333, 333, 500, 564, 250, 333, 250, 278)
    + (500,) * 10
    + (278, 278, 564, 564, 564, 444, 921)
    + (722, 667, 667, 722, 611, 556, 722, 722, 333, 389, 722, 611, 889)
    + (722, 722, 556, 722, 667, 556, 611, 722, 722, 944, 722, 722, 611)
    + (333, 278, 333, 469, 500, 333)
    + (444, 500, 444, 500, 444, 333, 500, 500, 278, 278, 500, 278, 778)
    + (500, 500, 500, 500, 333, 389, 278, 500, 500, 722, 500, 500, 444)
    + (480, 200, 480, 541)
)
_OTHER = {"−": 0.564, "–": 0.5, "×": 0.564, "→": 1.0}


@dataclass(frozen=True, slots=True)
class Plan:
    """Size of letters in points, column widths in centimetres, and whether the paper lies on its side."""

    size: float
    widths: tuple[float, ...]
    sideways: bool


def plan(table: Table) -> Plan:
    """The first size and paper on which no number is broken and words keep a readable width."""
    for size, sideways in SIZES:
        room = SIDEWAYS if sideways else UPRIGHT
        widths = _fit(table, size, room, SQUEEZE)
        if widths is not None:
            return Plan(size, widths, sideways)
    size, sideways = SIZES[-1]
    widths = _fit(table, size, SIDEWAYS, 0.0)
    if widths is None:
        asked = _needs(table, size)
        scale = SIDEWAYS / sum(least for least, _ in asked)
        widths = tuple(scale * least for least, _ in asked)
    return Plan(size, widths, sideways)


def ems(text: str) -> float:
    """How wide ``text`` is in a Times face, in ems; a Chinese letter is one em wide."""
    return sum(_em(letter) for letter in text)


def _em(letter: str) -> float:
    place = ord(letter) - 32
    if 0 <= place < len(_TIMES):
        return _TIMES[place] / 1000
    if unicodedata.east_asian_width(letter) in "WF":
        return 1.0
    return _OTHER.get(letter, 0.6)


def _fit(table: Table, size: float, room: float, squeeze: float) -> tuple[float, ...] | None:
    """Widths within ``room``, or None: least ones first, then what is left by what words ask for."""
    needs = _needs(table, size)
    least = [max(low, squeeze * asked) for low, asked in needs]
    spare = room - sum(least)
    if spare < 0:
        return None
    widths = list(least)
    asks = [asked for _, asked in needs]
    wishes = sorted((max(ask - base, 0.0), k) for k, (ask, base) in enumerate(zip(asks, least, strict=True)))
    # Small wishes are granted first, so that one long column does not make short ones wrap.
    for place, (wish, k) in enumerate(wishes):
        granted = min(wish, spare / (len(wishes) - place))
        widths[k] += granted
        spare -= granted
    return tuple(widths)


def _needs(table: Table, size: float) -> list[tuple[float, float]]:
    """For every column the least width and the one it would like, in centimetres."""
    em = size * _CENTIMETRES_PER_POINT
    needs = []
    for k, numeric in enumerate(table.numeric):
        cells = [row[k] for row in table.rows]
        longest = max((ems(cell) for cell in cells), default=0.0)
        word = max((_longest_word(cell) for cell in cells), default=0.0)
        head = BOLD * _longest_word(table.columns[k])
        if numeric:
            least = asked = max(longest, head)
        else:
            asked = max(min(longest, WIDEST_TEXT), head)
            least = max(min(word, NARROWEST_TEXT), head)
        needs.append((em * least + PADDING + SLACK, em * asked + PADDING + SLACK))
    return needs


def _longest_word(text: str) -> float:
    """The widest piece that is not to be broken; of Chinese words four letters stay together."""
    pieces = text.split()
    return max((min(ems(p), 4.0) if _is_chinese(p) else ems(p) for p in pieces), default=0.0)


def _is_chinese(text: str) -> bool:
    return any(unicodedata.east_asian_width(letter) in "WF" for letter in text)
