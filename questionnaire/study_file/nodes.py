"""YAML text to a tree of nodes that know their line; aliases, tags and bombs are refused."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import yaml

if TYPE_CHECKING:
    from questionnaire.study_file.problems import Collector

MAX_BYTES = 1_000_000
"""Ten times the built-in study; a larger file is not a questionnaire anyone will answer."""
MAX_DEPTH = 20
"""A study nests eight deep; deeper nesting only serves to exhaust the reader."""
MAX_MEMBERS = 1_000
"""Of one list or mapping: more items than anyone would answer, and few enough to compare each with each."""

_Loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


@dataclass(frozen=True, slots=True)
class Scalar:
    """One value as written. ``plain`` is False when it was quoted, and then it is always text."""

    line: int
    text: str
    plain: bool


@dataclass(frozen=True, slots=True)
class ListNode:
    """A sequence of nodes."""

    line: int
    members: list[Node] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class MapNode:
    """Keys and values in file order; duplicate keys are reported and dropped while reading."""

    line: int
    members: dict[str, Node] = field(default_factory=dict)
    key_lines: dict[str, int] = field(default_factory=dict)


Node = Scalar | ListNode | MapNode


class _RefusedError(Exception):
    """The file cannot be read on from here; the reason is already recorded."""


def parse(text: str, problems: Collector) -> Node | None:
    """The root node of ``text``, or None when the YAML itself cannot be read (problems say why)."""
    try:
        size = len(text.encode("utf-8"))
    except UnicodeEncodeError:
        problems.add("", "the text holds half a surrogate pair", "Save the file as UTF-8.", line=0)
        return None
    if size > MAX_BYTES:
        too_large(size, problems)
        return None
    try:
        return _Builder(problems).build(text)
    except _RefusedError:
        return None
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        what = " ".join(part for part in (error.context, error.problem) if part)
        line = mark.line + 1 if mark else 0
        column = f" (column {mark.column + 1})" if mark else ""
        problems.add("", f"not valid YAML: {what}{column}", _SYNTAX_MEND, line=line)
    except yaml.reader.ReaderError as error:
        line = text.count("\n", 0, error.position) + 1
        problems.add("", f"a character YAML does not allow: {error.reason}", "Remove it.", line=line)
    return None


_SYNTAX_MEND = (
    "Check indentation and quotes on this line and the one before; text with ': ' or ' #' needs quotes."
)
_NO_ALIASES = "Write the value out in each place; anchors and aliases are not read."


def too_large(size: int, problems: Collector) -> None:
    """Record that the file exceeds MAX_BYTES."""
    mend = f"A study file may hold {MAX_BYTES:,} bytes; is this the right file?"
    problems.add("", f"the file holds {size:,} bytes", mend, line=0)


class _Builder:
    """Turns parser events into nodes without recursion, so that depth is bounded by MAX_DEPTH alone."""

    def __init__(self, problems: Collector) -> None:
        self._problems = problems
        self._root: Node | None = None
        self._stack: list[ListNode | MapNode] = []
        self._keys: list[Scalar | None] = []
        self._documents = 0

    def build(self, text: str) -> Node | None:
        for event in yaml.parse(text, Loader=_Loader):
            line = event.start_mark.line + 1 if event.start_mark else 0
            if isinstance(event, yaml.DocumentStartEvent):
                self._documents += 1
                if self._documents > 1:
                    self._refuse(
                        line, "a second document starts here", 'Keep one study in a file; remove "---".'
                    )
            elif isinstance(event, yaml.AliasEvent):
                self._refuse(
                    line, f'the alias "*{event.anchor}"', "Write the value out; aliases are not read."
                )
            elif isinstance(event, yaml.NodeEvent):
                self._node(event, line)
            elif isinstance(event, yaml.CollectionEndEvent):
                self._close()
        if self._root is None:
            self._refuse(0, "the file is empty", "Start from a copy of data/studies/tea_breaks.yaml.")
        return self._root

    def _node(self, event: yaml.NodeEvent, line: int) -> None:
        if event.anchor is not None:
            self._refuse(
                line, f'the anchor "&{event.anchor}"', "Remove it; anchors and aliases are not read."
            )
        tag = getattr(event, "tag", None)
        if tag is not None:
            self._refuse(line, f'the tag "{tag}"', "Remove it; the field decides what its value is.")
        if isinstance(event, yaml.ScalarEvent):
            self._place(Scalar(line, event.value, not event.style))
        else:
            node = MapNode(line) if isinstance(event, yaml.MappingStartEvent) else ListNode(line)
            self._place(node)
            self._stack.append(node)
            self._keys.append(None)
            if len(self._stack) > MAX_DEPTH:
                self._refuse(
                    line, f"nesting deeper than {MAX_DEPTH}", "A study file never needs that; flatten it."
                )

    def _place(self, node: Node) -> None:
        if not self._stack:
            self._root = node
            return
        parent = self._stack[-1]
        if len(parent.members) >= MAX_MEMBERS:
            what = f"a list or mapping of more than {MAX_MEMBERS:,} members"
            self._refuse(node.line, what, "A study file never needs that; is this the right file?")
        if isinstance(parent, ListNode):
            parent.members.append(node)
            return
        key = self._keys[-1]
        if key is None:
            if not isinstance(node, Scalar):
                self._refuse(node.line, "a list or mapping used as a key", "Keys are single words.")
            else:
                self._keys[-1] = node
            return
        self._keys[-1] = None
        if key.text in parent.members:
            first = parent.key_lines[key.text]
            what = f'the key "{key.text}" stands here a second time (first on line {first})'
            self._problems.add(key.text, what, "Remove or rename one of the two.", line=key.line)
        else:
            parent.members[key.text] = node
            parent.key_lines[key.text] = key.line

    def _close(self) -> None:
        self._stack.pop()
        self._keys.pop()

    def _refuse(self, line: int, what: str, mend: str) -> None:
        self._problems.add("", what, mend, line=line)
        raise _RefusedError
