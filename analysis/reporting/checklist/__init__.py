"""The reporting checklist's wording: JARS-Quant (SEM) and CHERRIES, one entry a row and language."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from pathlib import Path

import yaml


@dataclass(frozen=True, slots=True)
class Row:
    """``filled`` has blanks for what an analysis knows; ``supply`` says what it would need."""

    number: int
    item: str
    filled: str
    supply: str


@cache
def rows(language: str) -> tuple[Row, ...]:
    """Every row in order."""
    text = (Path(__file__).parent / f"{language}.yaml").read_text(encoding="utf-8")
    return tuple(
        Row(number, entry["item"], entry.get("filled", ""), entry.get("supply", ""))
        for number, entry in yaml.safe_load(text).items()
    )
