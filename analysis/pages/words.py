"""The workbench's own words, one file per language."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import yaml

from analysis.reporting.messages import translated

_FOLDER = Path(__file__).parent / "words_of"
_WORDS: Mapping[str, Mapping[str, str]] = {
    path.stem: yaml.safe_load(path.read_text(encoding="utf-8")) for path in _FOLDER.glob("*.yaml")
}


class Words:
    """Looks a word up in one language and fills its blanks."""

    def __init__(self, language: str) -> None:
        self.language = language

    def __call__(self, key: str, /, **blanks: object) -> str:
        """The word for ``key``; KeyError for a key no table has.

        A blank called ``reason`` is a message of the analysis and is said in this language.
        """
        if "reason" in blanks:
            blanks["reason"] = self.told(str(blanks["reason"]))
        return _WORDS[self.language][key].format(**blanks)

    def told(self, message: str) -> str:
        """A message that results carry in English, in this language."""
        return translated(message, self.language)

    def known(self, key: str, otherwise: str) -> str:
        """The word if there is one, else ``otherwise``: for names that results bring along."""
        return _WORDS[self.language].get(key, otherwise)


def words(language: str) -> Words:
    """The workbench's words in ``language``."""
    return Words(language if language in _WORDS else "en")
