"""Words from one file per language: the report's own here, other folders of them by :func:`words_from`."""

from __future__ import annotations

from functools import cache
from pathlib import Path

import yaml

from analysis.reporting.messages import translated

_FOLDER = Path(__file__).parent / "words"
FALLBACK = "en"


def opened(text: str) -> str:
    """A reason as a sentence of its own: a word that begins it with a small letter gets a capital one."""
    word = text.split(" ", 1)[0].rstrip(",.;:")
    return text[:1].upper() + text[1:] if word.isascii() and word.isalpha() and word.islower() else text


class Words:
    """Looks a word up and fills its blanks: ``words("paths", model="M1")``."""

    def __init__(self, language: str, table: dict[str, str]) -> None:
        self.language = language
        self._table = table

    def __call__(self, key: str, /, **blanks: object) -> str:
        """The word for ``key`` with its blanks filled; KeyError for a key no file has.

        A blank called ``reason`` is a message of the analysis and is said in this language.
        """
        if "reason" in blanks:
            told = self.told(str(blanks["reason"]))
            # A reason that is a sentence has its full stop already.
            ends = any(f"{{reason}}{stop}" in self._table[key] for stop in ".。")
            blanks["reason"] = told.rstrip(".。") if ends else told
        return self._table[key].format(**blanks)

    def told(self, message: str) -> str:
        """A message that results carry in English, in this language."""
        return translated(message, self.language)

    def known(self, key: str, otherwise: str) -> str:
        """The word if there is one, else ``otherwise``: for names that results bring along."""
        return self._table.get(key, otherwise)


def languages() -> tuple[str, ...]:
    """The languages a report can be written in."""
    return tuple(sorted(path.stem for path in _FOLDER.glob("*.yaml")))


def words(language: str) -> Words:
    """The report's words in ``language``, as :func:`words_from` finds them."""
    return words_from(_FOLDER, language)


@cache
def words_from(folder: Path, language: str) -> Words:
    """Words in ``language``, in one with the same primary subtag, else in English."""
    primary = language.split("-")[0]
    files = {path.stem: path for path in folder.glob("*.yaml")}
    near = (code for code in sorted(files) if code.split("-")[0] == primary)
    code = language if language in files else next(near, FALLBACK)
    return Words(code, yaml.safe_load(files[code].read_text(encoding="utf-8")))
