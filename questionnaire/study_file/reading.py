"""Nodes to typed values: the dataclass itself says which keys there are and what each may hold."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from enum import StrEnum
from typing import TYPE_CHECKING, Any, get_args, get_origin

from questionnaire.study_file.nodes import ListNode, MapNode, Node, Scalar
from questionnaire.study_file.values import (
    ABSENT,
    CODE,
    CONTROL,
    NOT_FINITE,
    READERS,
    alternatives,
    describe,
    hints,
)
from questionnaire.suggestion import suggestion

if TYPE_CHECKING:
    from questionnaire.study_file.problems import Collector


class Reader:
    """Reads values of the types that study dataclasses use, recording every problem and going on.

    What cannot be read is replaced by an empty value of its type, so that one fault hides no other.
    """

    def __init__(self, problems: Collector) -> None:
        self.problems = problems
        self.languages: tuple[str, ...] = ()

    def record(self, node: Node, path: str, kind: Any, skip: frozenset[str] = frozenset()) -> Any:
        """A dataclass from a mapping; ``skip`` names the fields that no file states."""
        self.problems.locate(path, node.line)
        if not isinstance(node, MapNode):
            self._wrong(node, path, "a mapping of keys and values")
            return None
        fields = {f.name: f for f in dataclasses.fields(kind) if f.name not in skip}
        for key in [name for name in node.members if name not in fields]:
            line = node.key_lines[key]
            self.problems.add(_join(path, key), f'unknown key "{key}"', suggestion(key, fields), line=line)
        values: dict[str, Any] = {}
        for name, spec in fields.items():
            where, expected = _join(path, name), hints(kind)[name]
            if name in node.members:
                self.problems.locate(where, node.key_lines[name])
                read = self.value(node.members[name], where, expected)
                values[name] = self._empty(where, expected) if read is None else read
            elif spec.default is dataclasses.MISSING and spec.default_factory is dataclasses.MISSING:
                self.problems.add(where, f'the key "{name}" is missing', f"Add {name}: {describe(expected)}.")
                values[name] = self._empty(where, expected)
        return kind(**values, **dict.fromkeys(skip, ""))

    def value(self, node: Node, path: str, kind: Any) -> Any:
        """A value of the annotated type ``kind``; problems are recorded, never raised."""
        self.problems.locate(path, node.line)
        options = alternatives(kind)
        if options:
            kind = next((k for k in options if (k is str) == isinstance(node, Scalar)), options[0])
        origin, arguments = get_origin(kind), get_args(kind)
        if origin is tuple:
            return self._sequence(node, path, arguments[0])
        if origin is Mapping:
            return self._mapping(node, path, arguments[1])
        if dataclasses.is_dataclass(kind):
            return self.record(node, path, kind)
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
        values = {}
        for key, member in node.members.items():
            self.problems.locate(_join(path, key), node.key_lines[key])
            values[key] = self.value(member, _join(path, key), kind)
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
            self._wrong(node, path, describe(kind))
            return self._empty(path, kind)
        text = node.text
        if CONTROL.search(text):
            self.problems.add(path, "a control character in the text", "Remove it.", line=node.line)
            return self._empty(path, kind)
        if node.plain and text in ABSENT:
            self.problems.add(path, "there is no value", f"Write {describe(kind)}, or remove the key.")
            return self._empty(path, kind)
        if kind is str:
            return self._text(node, path)
        if isinstance(kind, type) and issubclass(kind, StrEnum):
            if text in set(kind):
                return kind(text)
            self.problems.add(path, f'"{text}" is not one of its values', suggestion(text, list(kind)))
            return next(iter(kind))
        read = READERS[kind](text)
        if read is None:
            self._wrong(node, path, describe(kind))
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
        """Data whose meaning only its reader knows: plain numbers and booleans, and the rest is text."""
        if isinstance(node, ListNode):
            return tuple(self.value(m, f"{path}[{i}]", object) for i, m in enumerate(node.members))
        if isinstance(node, MapNode):
            return {key: self.value(m, _join(path, key), object) for key, m in node.members.items()}
        if not node.plain:
            return self._scalar(node, path, str)
        for kind in (bool, int, float):
            read = READERS[kind](node.text)
            if read is not None:
                return read
        return self._scalar(node, path, float if node.text.lower() in NOT_FINITE else str)

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
                name: self._empty(_join(path, name), expected) for name, expected in hints(kind).items()
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


def _code_of(node: Node) -> str:
    code = node.members.get("code") if isinstance(node, MapNode) else None
    return code.text if isinstance(code, Scalar) and CODE.fullmatch(code.text) else ""


def _join(path: str, key: str) -> str:
    return f"{path}.{key}" if path else key
