"""Whom a study file asks for and when it stops asking: quota cells and stop rules, as data."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Cell:
    """``target`` places for those who chose one of the options in every question of ``where``.

    An empty ``where`` counts everyone in ``wave`` (empty: respondents of no wave).
    """

    name: str
    target: int
    where: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    wave: str = ""


@dataclass(frozen=True, slots=True)
class Stop:
    """What ends the taking of newcomers: a last day (UTC) or time, and completed respondents (0: no rule)."""

    at: str = ""
    n: int = 0
