"""How numbers are printed: the one place that rounds."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence

NONE = "–"
"""What stands where there is no number; the reason stands in the table's note or a column of its own."""


def number(value: object, digits: int = 3) -> str:
    """A number with a true minus sign and commas between thousands, or a dash where there is none."""
    if isinstance(value, bool) or not isinstance(value, int | float) or not math.isfinite(value):
        return NONE
    text = f"{float(value):,.{digits}f}"
    # −0.000 is a rounded zero and reads as a sign.
    return text.lstrip("-") if float(text.replace(",", "")) == 0 else text.replace("-", "−")


def bounded(value: object, digits: int = 3) -> str:
    """A number that cannot pass 1, without the zero before the point (APA 7, 6.36)."""
    text = number(value, digits)
    return text.replace("0.", ".", 1) if text.startswith(("0.", "−0.")) else text


def pvalue(value: object) -> str:
    """A p value to three digits; < .001 and > .999 where it would round to 0 or 1 (APA 7, 6.36)."""
    if isinstance(value, int | float) and 0 <= value < 0.001:
        return "< .001"
    if isinstance(value, int | float) and 0.9995 <= value <= 1:
        return "> .999"
    return bounded(value)


def agreement(value: object) -> str:
    """A distance in standard errors to four digits; < 0.0001 is where two engines agree."""
    if isinstance(value, int | float) and 0 <= value < 0.0001:
        return "< 0.0001"
    return number(value, 4)


def equals(value: object) -> str:
    """A p value with its sign of equality or inequality, as it stands in a sentence."""
    text = pvalue(value)
    return text if text.startswith(("<", ">")) else f"= {text}"


def interval(
    lower: object, upper: object, digits: int = 3, look: Callable[[object, int], str] = number
) -> str:
    """An interval in brackets, its bounds printed as their estimate is, or a dash where there is none."""
    low, high = look(lower, digits), look(upper, digits)
    return NONE if NONE in (low, high) else f"[{low}, {high}]"


def whole(value: object) -> str:
    """A count."""
    finite = isinstance(value, int | float) and math.isfinite(value)
    return f"{int(value):,}" if finite else NONE  # type: ignore[call-overload]


def degrees(value: object) -> str:
    """Degrees of freedom, which have no commas (APA 7, 6.38)."""
    return whole(value).replace(",", "")


def listing(values: Sequence[str], language: str) -> str:
    """Names in a row, with the language's own comma."""
    return ("、" if language.startswith("zh") else ", ").join(values)
