"""What a caller may ask of a fit, checked once."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass

from analysis.sem.errors import ModelError

__all__ = ["Options", "names_of"]

ENGINES = ("synergy", "semopy")


@dataclass(frozen=True, slots=True)
class Options:
    """Options of one fit; estimator "" for the default, WLSMV with ordered variables and ML otherwise."""

    estimator: str = ""
    missing: str = "listwise"
    ordered: tuple[str, ...] = ()
    group: str | None = None
    group_equal: tuple[str, ...] = ()
    group_partial: tuple[str, ...] = ()
    meanstructure: bool | None = None
    std_lv: bool = False
    orthogonal: bool = False
    cluster: str | None = None
    engine: str = "synergy"

    def __post_init__(self) -> None:
        if self.engine not in ENGINES:
            raise ModelError(
                f"there is no engine {self.engine!r}",
                place="engine",
                mend=f"Use one of {', '.join(ENGINES)}.",
            )
        if self.group_equal and self.group is None:
            raise ModelError(
                "group_equal without group", place="group_equal", mend="Name the grouping column in group=."
            )
        for name in ("std_lv", "orthogonal"):
            if not isinstance(getattr(self, name), bool):
                raise ModelError(f"{name} must be True or False", place=name, mend="Use True or False.")
        if self.meanstructure not in (None, True, False):
            raise ModelError(
                "meanstructure must be True, False or None",
                place="meanstructure",
                mend="Leave it out for lavaan's rule.",
            )


def names_of(value: str | Collection[str] | None, place: str) -> tuple[str, ...]:
    """One name or several, as a tuple."""
    if value is None:
        return ()
    if isinstance(value, str):
        return (value,) if value else ()
    if not isinstance(value, Collection) or not all(isinstance(name, str) for name in value):
        raise ModelError(f"{place} must be names", place=place, mend="Give a list of text.")
    return tuple(value) if isinstance(value, Sequence) else tuple(sorted(value))
