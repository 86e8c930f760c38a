"""What the analysis says, in other languages: templates with blanks, as in a gettext catalogue.

Results carry their messages in English. A message is recognised by its English template, its blanks are
taken out, translated themselves where they are messages, and put into the template of the language.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache, lru_cache
from pathlib import Path

import yaml

_FOLDER = Path(__file__).parent
_BLANK = "{}"
_ENGLISH = re.compile(r"[a-z]{2,}")
_DEEPEST = 4
"""Messages within messages; a reason within a finding is two."""


@lru_cache(maxsize=4096)
def translated(text: str, language: str) -> str:
    """``text`` in ``language``; what no template knows stays as it is, never dropped."""
    entries = _entries(language)
    return _translated(text, entries, 0) if entries and text else text


@cache
def _entries(language: str) -> tuple[tuple[re.Pattern[str], str], ...]:
    """Patterns and translations of all files of the language, those with most letters first."""
    table: dict[str, str] = {}
    for path in sorted(_FOLDER.glob(f"*{language}.yaml")):
        table |= yaml.safe_load(path.read_text(encoding="utf-8"))
    ordered = sorted(table, key=lambda template: (-len(template.replace(_BLANK, "")), template))
    return tuple((_pattern(template), table[template]) for template in ordered)


def _pattern(template: str) -> re.Pattern[str]:
    parts = [re.escape(part) for part in template.split(_BLANK)]
    return re.compile("(.*?)".join(parts), flags=re.DOTALL)


def _translated(text: str, entries: tuple[tuple[re.Pattern[str], str], ...], depth: int) -> str:
    """The reading that leaves the fewest words in English; of equals, the most specific template's."""
    best, left = text, _words(text)
    if depth > _DEEPEST or not left:
        return text
    for reading in _readings(text, entries, depth):
        remaining = _words(reading)
        if remaining < left:
            best, left = reading, remaining
        if not left:
            break
    return best


def _words(text: str) -> int:
    return len(_ENGLISH.findall(text))


def _readings(text: str, entries: tuple[tuple[re.Pattern[str], str], ...], depth: int) -> Iterator[str]:
    for pattern, target in entries:
        found = pattern.fullmatch(text)
        if found:
            yield target.format(*(_translated(blank, entries, depth + 1) for blank in found.groups()))
    yield from _in_parts(text, entries, depth)


def _in_parts(text: str, entries: tuple[tuple[re.Pattern[str], str], ...], depth: int) -> Iterator[str]:
    """Sentences that follow each other, joined remarks, and a name before what is said of it."""
    for mark, keep, joint in ((". ", ".", ""), ("; ", "", "；"), (": ", "", "：")):
        place = _outside_brackets(text, mark)
        if place < 0:
            continue
        head, tail = text[:place] + keep, text[place + len(mark) :]
        # A part is shorter than the whole, so however many there are, this ends.
        parts = [_sentence(part, entries, depth) for part in (head, tail)]
        if parts != [head, tail]:
            yield joint.join(parts)


def _outside_brackets(text: str, mark: str) -> int:
    """Where ``mark`` stands first outside brackets, else where it stands first at all; -1 for nowhere."""
    place = text.find(mark)
    first = place
    while place >= 0:
        if text.count("(", 0, place) == text.count(")", 0, place):
            return place
        place = text.find(mark, place + 1)
    return first


def _sentence(text: str, entries: tuple[tuple[re.Pattern[str], str], ...], depth: int) -> str:
    """A reason may stand in a sentence with a full stop that it does not have by itself."""
    whole = _translated(text, entries, depth)
    if not text.endswith(".") or not _words(whole):
        return whole
    bare = f"{_translated(text[:-1], entries, depth)}。"
    return bare if _words(bare) < _words(whole) else whole
