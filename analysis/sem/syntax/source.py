"""Model text that can point at itself: line, column and a caret under the character."""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass

from analysis.sem.errors import ModelError


@dataclass(frozen=True, slots=True)
class Source:
    """The text of a model."""

    text: str

    def line_and_column(self, position: int) -> tuple[int, int]:
        """Line and column (both from 1) of a character offset."""
        before = self.text[:position]
        return before.count("\n") + 1, position - (before.rfind("\n") + 1) + 1

    def place(self, position: int) -> str:
        """The line, a caret under the character at ``position``, then line and column in words."""
        line, column = self.line_and_column(position)
        shown = self.text.split("\n")[line - 1].rstrip()
        padding = "".join(_blank(character) for character in shown[: column - 1])
        return f"    {shown}\n    {padding}^\nline {line}, column {column}"

    def fault(self, position: int, message: str, mend: str = "") -> ModelError:
        """A ModelError that points at ``position``; to be raised by the caller."""
        return ModelError(message, place=self.place(position), mend=mend)


def _blank(character: str) -> str:
    """White space as wide as the character, so that the caret stands under CJK text too."""
    if character == "\t":
        return "\t"
    return "\u3000" if unicodedata.east_asian_width(character) in "WF" else " "
