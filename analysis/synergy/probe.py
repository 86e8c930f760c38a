"""The interactions of one equation, ready to be shown."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

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

    def slopes_of(self, predictor: str, moderator: str) -> pd.DataFrame:
        """Rows of ``slopes`` of that pair; the third variable of a triple stands at its mean."""
        own = self.slopes
        own = own[(own["predictor"] == predictor) & (own["moderator"] == moderator)]
        return own[own["held_at"].fillna(0.0) == 0.0]

    def region_of(self, predictor: str, moderator: str) -> dict[str, Any]:
        """The row of ``regions`` of that pair, None where a cell is empty. IndexError if there is none."""
        own = self.regions
        own = own[(own["predictor"] == predictor) & (own["moderator"] == moderator)]
        row = own.astype(object).to_dict("records")[0]
        return {str(name): None if value is None or value != value else value for name, value in row.items()}

    def predicted_of(self, first: str, second: str) -> pd.DataFrame:
        """Rows of ``predicted`` of that pair, turned round where they are kept in the other order."""
        own = self.predicted
        straight = own[(own["first"] == first) & (own["second"] == second)]
        if len(straight):
            return straight
        turned = own[(own["first"] == second) & (own["second"] == first)]
        names = {"first": "second", "second": "first", "first_at": "second_at", "second_at": "first_at"}
        return turned.rename(columns=names)[list(own.columns)]
