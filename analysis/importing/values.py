"""What a written answer means on a scale: a number, a label in any language, or both."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass

from questionnaire.instrument import Question, Scale

_NUMBER_AND_LABEL = re.compile(
    r"^(?P<first>\d+)\s*[-–—.、:：)）=]?\s*(?P<after>\D.*)$|^(?P<before>.*\D)\s*[(（-]?\s*(?P<last>\d+)\s*[)）]?$"
)
_SECONDS = re.compile(r"^(?:(\d+)\s*(?:分|min)\S*?)?\s*(\d+(?:\.\d+)?)\s*(?:秒|s|sec\w*)?$", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Reading:
    """``rating`` 1…points, 0 for missing, None where it cannot be read, then with the reason."""

    rating: int | None
    how: str


def normal(text: str) -> str:
    """One width, one case, single spaces, nothing around."""
    text = unicodedata.normalize("NFKC", text).casefold().strip().strip(" .。!！\"'“”")
    return re.sub(r"\s+", " ", text)


def labels_of(scale: Scale) -> dict[str, int | None]:
    """Label in any language → rating; None where two points share it."""
    found: dict[str, int | None] = {}
    for labels in scale.labels.values():
        for rating, label in enumerate(labels, start=1):
            key = normal(label)
            found[key] = rating if found.get(key, rating) == rating else None
    return found


def read_rating(text: str, scale: Scale, missing: frozenset[str]) -> Reading:
    """``text`` on ``scale``; never guesses between two readings."""
    key = normal(text)
    if not key or key in missing or text.strip().casefold() in missing:
        return Reading(0, "missing")
    labels = labels_of(scale)
    if key in labels:
        rating = labels[key]
        return (
            Reading(rating, "label") if rating else Reading(None, "two points of the scale have this label")
        )
    if re.fullmatch(r"-?\d+(\.0+)?", key):
        value = int(float(key))
        if 1 <= value <= scale.points:
            return Reading(value, "number")
        return Reading(None, f"outside 1 to {scale.points}")
    if both := _NUMBER_AND_LABEL.match(key):
        value = int(both["first"] or both["last"])
        label = normal((both["after"] or both["before"]).strip("()[]-–—. "))
        if labels.get(label) == value:
            return Reading(value, "number and label")
        if label in labels:
            return Reading(None, f"the number says {value}, the label {labels[label]}")
    return Reading(None, "no label of the scale in any of its languages")


def read_option(text: str, question: Question) -> str | None:
    """The option's code for a code or a label in any language; None where none fits."""
    key = normal(text)
    for option in question.options:
        if key == option.code.casefold() or key in {normal(label) for label in option.label.values()}:
            return option.code
    return None


def read_seconds(text: str) -> str | None:
    """Seconds out of ``235``, ``235秒`` or ``3分55秒``; None where it is something else."""
    found = _SECONDS.match(text.strip())
    if found is None:
        return None
    return f"{60 * int(found[1] or 0) + float(found[2]):g}"
