"""How numbers are printed: the one place that rounds."""

from __future__ import annotations

import math
from collections.abc import Sequence

NONE = "–"
"""What stands where there is no number; the reason stands in the table's note or a column of its own."""


def number(value: object, digits: int = 3) -> str:
    """A number with a true minus sign, or a dash where there is none."""
    if isinstance(value, bool) or not isinstance(value, int | float) or not math.isfinite(value):
        return NONE
    text = f"{float(value):.{digits}f}"
    # −0.000 is a rounded zero and reads as a sign.
    return text.lstrip("-") if float(text) == 0 else text.replace("-", "−")


def bounded(value: object, digits: int = 3) -> str:
    """A number that cannot pass 1, without the zero before the point (APA 7, 6.36)."""
    text = number(value, digits)
    return text.replace("0.", ".", 1) if text.startswith(("0.", "−0.")) else text


def pvalue(value: object) -> str:
    """A p value: exact to three digits, < .001 below that."""
    if isinstance(value, int | float) and 0 <= value < 0.001:
        return "< .001"
    return bounded(value)


def interval(lower: object, upper: object, digits: int = 3) -> str:
    """An interval in brackets, or a dash where there is none."""
    low, high = number(lower, digits), number(upper, digits)
    return NONE if NONE in (low, high) else f"[{low}, {high}]"


def whole(value: object) -> str:
    """A count."""
    finite = isinstance(value, int | float) and math.isfinite(value)
    return f"{int(value):,}" if finite else NONE  # type: ignore[call-overload]


def listing(values: Sequence[str], language: str) -> str:
    """Names in a row, with the language's own comma."""
    return ("、" if language.startswith("zh") else ", ").join(values)
