"""The workbench's own words, one file per language."""

from __future__ import annotations

from pathlib import Path

from analysis.reporting.wording import Words, words_from

__all__ = ["Words", "words"]

_FOLDER = Path(__file__).parent / "words_of"


def words(language: str) -> Words:
    """The workbench's words in ``language``, in one with the same primary subtag, else in English."""
    return words_from(_FOLDER, language)
