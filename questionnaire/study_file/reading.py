"""Nodes to typed values: the dataclass itself says which keys there are and what each may hold."""

from __future__ import annotations

import dataclasses
import math
import re
import types
from collections.abc import Mapping
from enum import StrEnum
from functools import cache
from typing import TYPE_CHECKING, Any, Union, get_args, get_origin, get_type_hints

from questionnaire.study_file.nodes import ListNode, MapNode, Node, Scalar
from questionnaire.study_file.problems import suggestion

if TYPE_CHECKING:
    from questionnaire.study_file.problems import Collector

CODE = re.compile(r"[A-Za-z][A-Za-z0-9_]{0,39}")
"""A code names a column, a model variable and a database value, so it is a plain word."""
LANGUAGE = re.compile(r"[a-z]{2,3}(-[A-Za-z0-9]{2,8})*")
NUMBER = re.compile(r"[+-]?(\d{1,18}(\.\d{0,18})?|\.\d{1,18})([eE][+-]?\d{1,3})?")
INTEGER = re.compile(r"[+-]?\d{1,18}")
_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f\ud800-\udfff]")
_BOOLEANS = {"true": True, "false": False}
_ABSENT = {"", "~", "null"}


@cache
def hints(kind: type) -> dict[str, Any]:
    """Field types of a dataclass, resolved once."""
    return get_type_hints(kind)


class Reader:
    """Reads values of the types that study dataclasses use, recording every problem and going on.

    What cannot be read is replaced by an empty value of its type, so that one fault hides no other.
    """

    def __init__(self, problems: Collector) -> None:
        self.problems = problems
        self.languages: tuple[str, ...] = ()

    def record(self, node: Node, path: str, kind: type[Any], skip: frozenset[str] = frozenset()) -> Any:
        """A dataclass from a mapping; ``skip`` names the fields that no file states."""
        self.problems.locate(path, node.line)
        if not isinstance(node, MapNode):
            self._wrong(node, path, "a mapping of keys and values")
            return None
        fields = {f.name: f for f in dataclasses.fields(kind) if f.name not in skip}
        for key in node.members.keys() - fields.keys():
            line = node.key_lines[key]
            self.problems.add(_join(path, key), f'unknown key "{key}"', suggestion(key, fields), line=line)
        values: dict[str, Any] = {}
        for name, spec in fields.items():
            where, expected = _join(path, name), hints(kind)[name]
            if name in node.members:
                values[name] = self.value(node.members[name], where, expected)
            elif spec.default is dataclasses.MISSING and spec.default_factory is dataclasses.MISSING:
                self.problems.add(
                    where, f'the key "{name}" is missing', f"Add {name}: {_describe(expected)}."
                )
                values[name] = self._empty(where, expected)
        return kind(**values, **dict.fromkeys(skip, ""))

    def value(self, node: Node, path: str, kind: Any) -> Any:
        """A value of the annotated type ``kind``; problems are recorded, never raised."""
        self.problems.locate(path, node.line)
        options = _alternatives(kind)
        if options:
            kind = next((k for k in options if (k is str) == isinstance(node, Scalar)), options[0])
        origin, arguments = get_origin(kind), get_args(kind)
        if origin is tuple:
            return self._sequence(node, path, arguments[0])
        if origin is Mapping:
            return self._mapping(node, path, arguments[1])
        if dataclasses.is_dataclass(kind):
            return self.record(node, path, kind)  # type: ignore[arg-type]
        if kind is object:
            return self._free(node, path)
        return self._scalar(node, path, kind)

    def _sequence(self, node: Node, path: str, kind: Any) -> tuple[Any, ...]:
        if not isinstance(node, ListNode):
            self._wrong(node, path, "a list")
            return ()
        seen: dict[str, int] = {}
        values = []
        for index, member in enumerate(node.members):
            code = _code_of(member) if dataclasses.is_dataclass(kind) else ""
            where = f"{path}[{code}]" if code and code not in seen else f"{path}[{index}]"
            if code and code in seen:
                what = f'the code "{code}" is used a second time (first on line {seen[code]})'
                self.problems.add(where, what, "Give each its own code.", line=member.line)
            seen.setdefault(code, member.line)
            value = self.value(member, where, kind)
            if value is not None:
                values.append(value)
        return tuple(values)

    def _mapping(self, node: Node, path: str, kind: Any) -> dict[str, Any]:
        if not isinstance(node, MapNode):
            self._wrong(node, path, "a mapping of keys and values")
            return {}
        values = {key: self.value(member, _join(path, key), kind) for key, member in node.members.items()}
        if kind is str:
            self._translations(node, path)
        return values

    def _translations(self, node: MapNode, path: str) -> None:
        for language in self.languages:
            if language not in node.members:
                self.problems.add(
                    path, f'the translation into "{language}" is missing', f"Add {language}: with the text."
                )
        for key in node.members if self.languages else ():
            if key not in self.languages:
                what = f'"{key}" is not a language of this study'
                mend = "Add it to languages at the top, or remove it. " + suggestion(key, self.languages)
                self.problems.add(_join(path, key), what, mend, line=node.key_lines[key])

    def _scalar(self, node: Node, path: str, kind: Any) -> Any:
        if not isinstance(node, Scalar):
            self._wrong(node, path, _describe(kind))
            return self._empty(path, kind)
        text = node.text
        if _CONTROL.search(text):
            self.problems.add(path, "a control character in the text", "Remove it.", line=node.line)
            return self._empty(path, kind)
        if node.plain and text in _ABSENT:
            self.problems.add(path, "there is no value", f"Write {_describe(kind)}, or remove the key.")
            return self._empty(path, kind)
        if kind is str:
            return self._text(node, path)
        if isinstance(kind, type) and issubclass(kind, StrEnum):
            if text in set(kind):
                return kind(text)
            self.problems.add(path, f'"{text}" is not one of its values', suggestion(text, list(kind)))
            return next(iter(kind))
        read = _READERS[kind](text)
        if read is None:
            self._wrong(node, path, _describe(kind))
            return self._empty(path, kind)
        return read

    def _text(self, node: Scalar, path: str) -> str:
        last = path.rsplit(".", 1)[-1]
        if last == "code" and not CODE.fullmatch(node.text):
            self.problems.break_off(path)
            mend = "A code is a letter followed by letters, digits or _, at most 40 in all."
            self.problems.add(path, f'"{node.text[:60]}" is not a valid code', mend)
            return ""
        if not node.text.strip():
            self.problems.add(path, "the text is empty", "Write it, or remove the key if it may be left out.")
        return node.text

    def _free(self, node: Node, path: str) -> Any:
        """Data whose meaning only its reader knows: plain numbers and booleans are typed, the rest is text."""
        if isinstance(node, ListNode):
            return tuple(self.value(m, f"{path}[{i}]", object) for i, m in enumerate(node.members))
        if isinstance(node, MapNode):
            return {key: self.value(m, _join(path, key), object) for key, m in node.members.items()}
        if not node.plain:
            return self._scalar(node, path, str)
        for kind in (bool, int, float):
            read = _READERS[kind](node.text)
            if read is not None:
                return read
        return self._scalar(node, path, float if node.text.lower() in _NOT_FINITE else str)

    def _empty(self, path: str, kind: Any) -> Any:
        """A stand-in for what could not be read."""
        self.problems.break_off(path)
        origin = get_origin(kind)
        if origin is tuple:
            return ()
        if origin is Mapping:
            return {}
        if dataclasses.is_dataclass(kind):
            values = {
                f.name: self._empty(_join(path, f.name), hints(kind)[f.name])  # type: ignore[arg-type]
                for f in dataclasses.fields(kind)
            }
            return kind(**values)  # type: ignore[operator]
        if isinstance(kind, type) and issubclass(kind, StrEnum):
            return next(iter(kind))
        return {bool: False, int: 0, float: 0.0}.get(kind, "")

    def _wrong(self, node: Node, path: str, expected: str) -> None:
        self.problems.break_off(path)
        found = {Scalar: "a single value", ListNode: "a list", MapNode: "a mapping"}[type(node)]
        if isinstance(node, Scalar):
            found = f'"{node.text[:60]}"'
        self.problems.add(path, f"{found} is not {expected}", f"Write {expected}.", line=node.line)


_NOT_FINITE = {".nan", "nan", ".inf", "-.inf", "+.inf", "inf", "-inf"}


def _number(text: str) -> float | None:
    if not NUMBER.fullmatch(text):
        return None
    value = float(text)
    return value if math.isfinite(value) else None


def _integer(text: str) -> int | None:
    return int(text) if INTEGER.fullmatch(text) else None


_READERS: dict[Any, Any] = {bool: _BOOLEANS.get, int: _integer, float: _number}


def _alternatives(kind: Any) -> tuple[Any, ...]:
    """The members of a union, without None."""
    if get_origin(kind) not in (Union, types.UnionType):
        return ()
    return tuple(k for k in get_args(kind) if k is not type(None))


def _describe(kind: Any) -> str:
    """What a reader of the file would write for this type."""
    options = _alternatives(kind)
    if options:
        return " or ".join(_describe(option) for option in options)
    if isinstance(kind, type) and issubclass(kind, StrEnum):
        return "one of " + ", ".join(kind)
    if get_origin(kind) is Mapping and get_args(kind)[1] is str:
        return "a text for each language"
    words = {str: "a text", bool: "true or false", int: "a whole number", float: "a finite number"}
    return words.get(kind, "a list" if get_origin(kind) is tuple else "a mapping of keys and values")


def _code_of(node: Node) -> str:
    code = node.members.get("code") if isinstance(node, MapNode) else None
    return code.text if isinstance(code, Scalar) and CODE.fullmatch(code.text) else ""


def _join(path: str, key: str) -> str:
    return f"{path}.{key}" if path else key
