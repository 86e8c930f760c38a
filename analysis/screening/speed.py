"""Speed: seconds an answer took on average."""

from __future__ import annotations

import numpy as np

from analysis.unavailable import Unavailable


def seconds_per_item(seconds: np.ndarray | None, answered: np.ndarray) -> np.ndarray | Unavailable:
    """Answering time over items answered (Huang et al. 2012; 2 s is their cut).

    seconds: (n,) or None where the table has no times; answered: (n,) counts. NaN for no time or no answer.
    """
    if seconds is None or np.isnan(seconds).all():
        return Unavailable("the table has no answering times", "add seconds_total or seconds_<page>")
    return np.where(answered > 0, seconds / np.maximum(answered, 1), np.nan)


def fastest_page(pace: np.ndarray | None) -> np.ndarray | Unavailable:
    """Seconds an element took on the fastest page: (n,); a visit can be slow but for one page."""
    if pace is None or np.isnan(pace).all():
        return Unavailable("the table has no times and orders by page", "add seconds_<page> and order_<page>")
    return pace
