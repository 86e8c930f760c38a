"""The names of a table's rows, ready to stand beside numbers in a frame."""

from __future__ import annotations

from typing import Any

import pandas as pd

from analysis.sem.kept import kept
from analysis.sem.table.parameter_table import ParameterTable

__all__ = ["named"]


@kept()
def named(table: ParameterTable) -> dict[str, Any]:
    """lhs, op, rhs, group and label as arrays of text to build frames from, the group by its label.

    Frames copy what they are built from, so that nobody can change these.
    """
    c, labels = table.columns, ("", *(table.groups or ("",)))
    texts = {"lhs": c.lhs, "op": c.op, "rhs": c.rhs, "group": [labels[g] for g in c.group], "label": c.label}
    return {name: pd.array(column, dtype="str") for name, column in texts.items()}
