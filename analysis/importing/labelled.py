"""Codes stored with labels (.sav): read by the label, because codes may start and run anywhere."""

from __future__ import annotations

from analysis.importing.values import Reading, read_rating, whole
from questionnaire.instrument import Scale

BY_NEIGHBOURS = "number, counted as the labelled codes beside it"


class Labelled:
    """The labels of one column's codes, read once."""

    def __init__(self, labels: dict[str, str], scale: Scale, missing: frozenset[str]) -> None:
        self._labels, self._scale, self._missing = labels, scale, missing
        self._read = {code: read_rating(label, scale, missing) for code, label in labels.items()}
        points = [
            (code, reading.rating)
            for text, reading in self._read.items()
            if reading.rating and (code := whole(text)) is not None
        ]
        self._line = _line(points)
        self.known = bool(points)

    def __call__(self, text: str, codes_first: bool) -> Reading:
        """What ``text`` means in this column."""
        by_label = self._read.get(text)
        if by_label is not None and by_label.rating is not None:
            return by_label
        number = whole(text)
        plain = read_rating(text, self._scale, self._missing, codes_first)
        if number is None or (not plain.rating and plain.rating is not None):
            return plain
        if not self.known:
            if by_label is None or plain.rating is None:
                return plain
            return Reading(plain.rating, f"number; its label “{self._labels[text]}” is not one of the scale")
        if self._line is None:
            return Reading(None, "the code has no known label, and the others do not run as the scale does")
        slope, start = self._line
        rating = start + slope * number
        if by_label is not None:
            return Reading(None, f"its label “{self._labels[text]}” is not one of the scale")
        if not 1 <= rating <= self._scale.points:
            return Reading(None, f"outside 1 to {self._scale.points}")
        return Reading(rating, "number" if self._line == (1, 0) else BY_NEIGHBOURS)


def _line(points: list[tuple[int, int]]) -> tuple[int, int] | None:
    """Slope (1 or −1) and start of rating = start + slope · code through all points; None for none such."""
    for slope in (1, -1) if len({code for code, _ in points}) > 1 else (1,):
        starts = {rating - slope * code for code, rating in points}
        if len(starts) == 1:
            return slope, starts.pop()
    return None
