"""What is wrong with a study file: every problem with its place and its mend."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

MAX_PROBLEMS = 200
"""A file with more problems than this is the wrong file; listing them all would help nobody."""


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing to mend: ``line`` counts from 1 (0: the file as a whole), ``field`` is the path of keys."""

    file: str
    line: int
    field: str
    what: str
    mend: str

    def __str__(self) -> str:
        place = f"{self.file}:{self.line}" if self.line else self.file
        return f"{place}: {self.field + ': ' if self.field else ''}{self.what}. {self.mend}"


class StudyError(ValueError):
    """A study file that cannot be used; ``problems`` lists everything found, in file order."""

    def __init__(self, problems: Iterable[Problem]) -> None:
        self.problems = tuple(problems)
        super().__init__(self.problems)

    def __str__(self) -> str:
        count = len(self.problems)
        head = "1 problem" if count == 1 else f"{count} problems"
        return "\n".join([f"{head} in the study file", *map(str, self.problems)])


class TooManyProblemsError(Exception):
    """Raised inside the loader to stop looking once ``MAX_PROBLEMS`` are found."""


class Collector:
    """Gathers problems and knows the line of every field path read so far."""

    def __init__(self, file: str) -> None:
        self.file = file
        self.problems: list[Problem] = []
        self._lines: dict[str, int] = {}
        self._broken: list[str] = []

    def locate(self, path: str, line: int) -> None:
        """Remember where ``path`` stands (the first place wins)."""
        self._lines.setdefault(path, line)

    def line(self, path: str) -> int:
        """The line of ``path``, or of the nearest path around it that was read."""
        while path and path not in self._lines:
            path = path[: max(path.rfind("."), path.rfind("["), 0)]
        return self._lines.get(path, 0)

    def add(self, path: str, what: str, mend: str, line: int | None = None) -> None:
        """Record a problem; raises TooManyProblemsError when the list is full."""
        at = self.line(path) if line is None else line
        self.problems.append(Problem(self.file, at, path, what, mend))
        if len(self.problems) >= MAX_PROBLEMS:
            raise TooManyProblemsError

    def break_off(self, path: str) -> None:
        """Mark that what stands at ``path`` could not be read, so that nothing follows from its absence."""
        self._broken.append(path)

    def intact(self, *sections: str) -> bool:
        """Whether every member of these sections was read, so that an unknown name really is unknown."""
        return not any(
            path == section or path.startswith((section + ".", section + "["))
            for path in self._broken
            for section in sections
        )
