"""How single values are written: codes, numbers and booleans, and words for what a type expects."""

from __future__ import annotations

import math
import re
import types
from collections.abc import Hashable, Mapping
from enum import StrEnum
from functools import cache
from typing import Any, Union, get_args, get_origin, get_type_hints

CODE = re.compile(r"[A-Za-z][A-Za-z0-9_]{0,39}")
"""A code names a column, a model variable and a database value, so it is a plain word."""
LANGUAGE = re.compile(r"[a-z]{2,3}(-[A-Za-z0-9]{2,8})*")
NUMBER = re.compile(r"[+-]?(\d{1,18}(\.\d{0,40})?|\.\d{1,40})([eE][+-]?\d{1,3})?", re.ASCII)
INTEGER = re.compile(r"[+-]?\d{1,18}", re.ASCII)
CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f\ud800-\udfff]")
BOOLEANS = {"true": True, "false": False}
ABSENT = {"", "~", "null"}


def hints(kind: Any) -> dict[str, Any]:
    """Field types of a dataclass."""
    return _hints(kind)


@cache
def _hints(kind: Hashable) -> dict[str, Any]:
    return get_type_hints(kind)


NOT_FINITE = {".nan", "nan", ".inf", "-.inf", "+.inf", "inf", "-inf"}


def _number(text: str) -> float | None:
    if not NUMBER.fullmatch(text):
        return None
    value = float(text)
    return value if math.isfinite(value) else None


def _integer(text: str) -> int | None:
    return int(text) if INTEGER.fullmatch(text) else None


READERS: dict[Any, Any] = {bool: BOOLEANS.get, int: _integer, float: _number}


def alternatives(kind: Any) -> tuple[Any, ...]:
    """The members of a union, without None."""
    if get_origin(kind) not in (Union, types.UnionType):
        return ()
    return tuple(k for k in get_args(kind) if k is not type(None))


def describe(kind: Any) -> str:
    """What a reader of the file would write for this type."""
    options = alternatives(kind)
    if options:
        return " or ".join(describe(option) for option in options)
    if isinstance(kind, type) and issubclass(kind, StrEnum):
        return "one of " + ", ".join(kind)
    if get_origin(kind) is Mapping and get_args(kind)[1] is str:
        return "a text for each language"
    words = {str: "a text", bool: "true or false", int: "a whole number", float: "a finite number"}
    return words.get(kind, "a list" if get_origin(kind) is tuple else "a mapping of keys and values")
