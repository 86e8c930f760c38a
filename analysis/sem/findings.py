"""A finding: one thing a reader of a fit must know, with a code that programs can test."""

from __future__ import annotations

from dataclasses import dataclass

__all__ = ["Finding"]


@dataclass(frozen=True, slots=True)
class Finding:
    """A coded remark on a fit; `where` names parameters, variables or groups."""

    code: str
    message: str
    mend: str = ""
    where: tuple[str, ...] = ()

    def __str__(self) -> str:
        return f"[{self.code}] {self.message}" + (f" {self.mend}" if self.mend else "")
