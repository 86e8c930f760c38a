"""What a written answer means on a scale: a number, a label in any language, or both."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass

from questionnaire.instrument import Question, Scale

USUAL_CODES = frozenset({-7, -8, -9, -77, -88, -99, -777, -888, -999, -9999, 77, 88, 99, 777, 888, 999, 9999})
"""What data files carry for “no answer”; an answer only where the scale itself reaches so far."""
NO_ANSWER = frozenset(
    {
        "n/a",
        "noanswer",
        "notanswered",
        "notapplicable",
        "don'tknow",
        "don’tknow",
        "dontknow",
        "refused",
        "refusal",
        "prefernottosay",
        "prefernottoanswer",
        "keineangabe",
        "k.a",
        "weißnicht",
        "weissnicht",
        "不知道",
        "不清楚",
        "拒绝回答",
        "不愿回答",
        "不适用",
        "未作答",
        "未回答",
        "无回答",
        "缺失",
    }
)
"""Words for “no answer” beside a scale, without spaces."""
USUAL, SAID_MISSING = "a usual code for no answer", "says that there is no answer"
_UNITS = frozenset({"分", "星", "级", "点", "point", "points", "pts", "star", "stars"})
_NUMBER_AND_LABEL = re.compile(
    r"^[\[(]?\s*(?P<first>\d+)\s*[\])]?\s*[-–—.、:：)）=_]?\s*(?P<after>\D.*)$"
    r"|^(?P<before>.*\D)\s*[(（\[=-]?\s*(?P<last>\d+)\s*[)）\]]?$"
)
_LETTERED = re.compile(r"^[a-z]\s*[.、)）:：]\s*(?P<label>.+)$")
_WHOLE = re.compile(r"[-+]?\d{1,9}([.,]0*)?")
_FRACTION = re.compile(r"[-+]?\d*[.,]\d+")


@dataclass(frozen=True, slots=True)
class Reading:
    """``rating`` 1…points, 0 for missing, None where it cannot be read, then with the reason."""

    rating: int | None
    how: str


def normal(text: str) -> str:
    """One width, one case, single spaces, nothing around."""
    text = unicodedata.normalize("NFKC", text).casefold().strip().strip(" .。!！\"'“”")
    return re.sub(r"\s+", " ", text.replace("−", "-"))


def closed_up(text: str) -> str:
    """:func:`normal` without any space: “非常 同意” is “非常同意”."""
    return normal(text).replace(" ", "")


def whole(text: str) -> int | None:
    """The whole number a text is, whatever its digits and decimal mark; None for anything else."""
    key = normal(text)
    return int(re.split(r"[.,]", key)[0]) if _WHOLE.fullmatch(key) else None


def labels_of(scale: Scale) -> dict[str, int | None]:
    """Label in any language → rating; None where two points share it."""
    found: dict[str, int | None] = {}
    for labels in scale.labels.values():
        for rating, label in enumerate(labels, start=1):
            key = closed_up(label)
            found[key] = rating if found.get(key, rating) == rating else None
    return found


def read_rating(text: str, scale: Scale, missing: frozenset[str], codes_first: bool = False) -> Reading:
    """``text`` on ``scale``; never guesses between two readings.

    ``codes_first`` reads a number as the point's code even where labels are numbers (0…10): so it is in
    this product's own tables.
    """
    key, number = closed_up(text), whole(text)
    if not key or key in missing or text.strip().casefold() in missing:
        return Reading(0, "missing")
    if codes_first and number is not None and 1 <= number <= scale.points:
        return Reading(number, "number")
    labels = labels_of(scale)
    if key in labels:
        rating = labels[key]
        return (
            Reading(rating, "label") if rating else Reading(None, "two points of the scale have this label")
        )
    if number is not None:
        if 1 <= number <= scale.points:
            return Reading(number, "number")
        return Reading(0, USUAL) if number in USUAL_CODES else Reading(None, f"outside 1 to {scale.points}")
    if _FRACTION.fullmatch(key):
        return Reading(None, "not a whole number")
    return _with_mark(normal(text), scale, labels)


def _with_mark(key: str, scale: Scale, labels: dict[str, int | None]) -> Reading:
    """A label with a number or a letter beside it, or words for “no answer”."""
    if (lettered := _LETTERED.match(key)) and (rating := labels.get(closed_up(lettered["label"]))):
        return Reading(rating, "label")
    if both := _NUMBER_AND_LABEL.match(key):
        value = int(both["first"] or both["last"])
        label = closed_up((both["after"] or both["before"]).strip("()[]（）=-–—._ "))
        if label in labels and labels[label] == value:
            return Reading(value, "number and label")
        if label in labels:
            return Reading(None, f"the number says {value}, the label {labels[label]}")
        if label in _UNITS and 1 <= value <= scale.points:
            return Reading(value, "number")
        if label in NO_ANSWER:
            return Reading(0, SAID_MISSING)
    if closed_up(key) in NO_ANSWER:
        return Reading(0, SAID_MISSING)
    return Reading(None, "no label of the scale in any of its languages")


def read_option(text: str, question: Question) -> str | None:
    """The option's code for a code or a label in any language; None where none fits."""
    key = closed_up(text)
    lettered = _LETTERED.match(normal(text))
    keys = {key, closed_up(lettered["label"])} if lettered else {key}
    for option in question.options:
        if keys & {option.code.casefold(), *(closed_up(label) for label in option.label.values())}:
            return option.code
    return None
