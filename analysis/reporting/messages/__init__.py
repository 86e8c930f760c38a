"""What the analysis says, in other languages: templates with blanks, as in a gettext catalogue.

Results carry their messages in English. A message is recognised by its English template, its blanks are
taken out, translated themselves where they are messages, and put into the template of the language.
"""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path

import yaml

_FOLDER = Path(__file__).parent
_BLANK = "{}"
_DEEPEST = 4
"""Messages within messages; a reason within a finding is two."""


def translated(text: str, language: str) -> str:
    """``text`` in ``language``; what no template knows stays as it is, never dropped."""
    entries = _entries(language)
    return _translated(text, entries, 0) if entries and text else text


@cache
def _entries(language: str) -> tuple[tuple[re.Pattern[str], str], ...]:
    """Patterns and their translations, those with most letters first, so that the most specific wins."""
    path = _FOLDER / f"{language}.yaml"
    if not path.is_file():
        return ()
    table: dict[str, str] = yaml.safe_load(path.read_text(encoding="utf-8"))
    ordered = sorted(table, key=lambda template: (-len(template.replace(_BLANK, "")), template))
    return tuple((_pattern(template), table[template]) for template in ordered)


def _pattern(template: str) -> re.Pattern[str]:
    parts = [re.escape(part) for part in template.split(_BLANK)]
    return re.compile("(.*?)".join(parts), flags=re.DOTALL)


def _translated(text: str, entries: tuple[tuple[re.Pattern[str], str], ...], depth: int) -> str:
    if depth > _DEEPEST or not text.strip():
        return text
    for pattern, target in entries:
        found = pattern.fullmatch(text)
        if found:
            return target.format(*(_translated(blank, entries, depth + 1) for blank in found.groups()))
    return _in_parts(text, entries, depth)


def _in_parts(text: str, entries: tuple[tuple[re.Pattern[str], str], ...], depth: int) -> str:
    """Sentences that follow each other, joined remarks, and a name before what is said of it."""
    for mark, keep, joint in ((". ", ".", ""), ("; ", "", "；"), (": ", "", "：")):
        head, found, tail = text.partition(mark)
        if not found:
            continue
        head += keep
        parts = [_translated(head, entries, depth + 1), _translated(tail, entries, depth + 1)]
        if tail.endswith(".") and parts[1] == tail:
            # A reason stands in a sentence with a full stop that it does not have by itself.
            bare = _translated(tail[:-1], entries, depth + 1)
            parts[1] = tail if bare == tail[:-1] else f"{bare}。"
        if parts != [head, tail]:
            return joint.join(parts)
    return text
