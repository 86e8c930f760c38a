"""Check items: how many a respondent failed."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from analysis.unavailable import Unavailable
from questionnaire.instrument import CheckKind


def failed_checks(failed: Mapping[CheckKind, np.ndarray], kind: CheckKind) -> np.ndarray | Unavailable:
    """Failed checks of one kind per respondent: (n,); NaN where none of them was answered."""
    table = failed.get(kind)
    if table is None:
        return Unavailable(f"the table has no {kind.value} check")
    seen = ~np.isnan(table)
    return np.where(seen.any(axis=1), np.where(seen, table, 0.0).sum(axis=1), np.nan)
