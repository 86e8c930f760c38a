"""The columns of a parameter table as plain tuples: frames are slow to make and to read."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, fields
from typing import Any

import numpy as np
import pandas as pd

__all__ = ["Columns", "columns_from"]


@dataclass(frozen=True, slots=True, eq=False)
class Columns:
    """Columns in row order, := and == rows included; what they hold is told at `ParameterTable`."""

    lhs: tuple[str, ...]
    op: tuple[str, ...]
    rhs: tuple[str, ...]
    user: tuple[int, ...]
    group: tuple[int, ...]
    free: tuple[int, ...]
    ustart: tuple[float, ...]
    exo: tuple[int, ...]
    label: tuple[str, ...]
    plabel: tuple[str, ...]

    def __len__(self) -> int:
        return len(self.lhs)

    def frame(self) -> pd.DataFrame:
        """A new frame, the caller's own."""
        return pd.DataFrame(
            {
                name: np.array(getattr(self, name), dtype=KINDS[name])
                if name in KINDS
                else pd.array(getattr(self, name), dtype="str")
                for name in NAMES
            }
        )


NAMES = tuple(field.name for field in fields(Columns))
KINDS = dict.fromkeys(("user", "group", "free", "exo"), np.dtype(np.int64)) | {"ustart": np.dtype(np.float64)}


def columns_from(records: Iterable[Sequence[Any]]) -> Columns:
    """Columns of records, one a row, entries in the order of the columns."""
    columns = list(zip(*records, strict=True))
    return Columns(*columns) if columns else Columns(*((),) * len(NAMES))
