"""The interactions of one equation, ready to be shown."""

from __future__ import annotations

from dataclasses import dataclass

import pandas as pd

from analysis.synergy.response_surface import Balance
from analysis.unavailable import Unavailable


@dataclass(frozen=True, slots=True, eq=False)
class Probe:
    """The interactions of one equation on the standardised scale; frames are tidy, one row a figure.

    ``slopes``: ``predictor moderator at held held_at slope se ci_lower ci_upper pvalue``. ``regions``:
    ``predictor moderator shape lower upper lower_inside upper_inside observed_min observed_max``, bounds
    empty where there are none. ``predicted``: ``first second first_at second_at value se ci_lower ci_upper``.
    ``congruence``: ``first second name estimate se ci_lower ci_upper pvalue``.
    """

    model: str
    outcome: str
    confidence: float
    slopes: pd.DataFrame
    regions: pd.DataFrame
    predicted: pd.DataFrame
    congruence: pd.DataFrame | Unavailable
    balance: Balance | Unavailable
