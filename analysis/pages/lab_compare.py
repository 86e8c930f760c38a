"""Models of the lab side by side: a difference test where they are nested, information criteria otherwise."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING

import pandas as pd

from analysis.unavailable import Unavailable

if TYPE_CHECKING:
    from analysis.sem.fit import Fit

ALPHA = 0.05
SAME_DF = "models with the same degrees of freedom restrict nothing in each other"
PLAIN, SCALED, SHIFTED = "plain", "scaled", "shifted"
"""χ² as it stands; Satorra & Bentler (2001); Satorra (2000), scaled and shifted."""


@dataclass(frozen=True, slots=True, eq=False)
class Compared:
    """``table`` of `sem.compare`. ``test``: which difference test it holds, "" for information criteria only.

    ``reason``: why there is no test.
    """

    table: pd.DataFrame
    test: str
    reason: str = ""


def compare_all(fits: Mapping[str, Fit]) -> Compared | Unavailable:
    """Nested models by their difference tests; others by AIC and BIC, with why.

    Of models with equal degrees of freedom neither restricts the other.
    """
    from analysis import sem

    for name, fit in fits.items():
        if not fit.converged:
            return Unavailable(f"{name} did not converge", "Mend that model first.")
    reason = mend = ""
    for nested in (True, False):
        try:
            table = sem.compare(*fits.values(), names=tuple(fits), nested=nested)
        except sem.SemError as error:
            reason = error.message
            mend = error.mend
        else:
            if nested and table["df"].duplicated().any():
                reason = SAME_DF
                continue
            return Compared(table, _test(next(iter(fits.values()))) if nested else "", reason)
    return Unavailable(reason, mend)


def _test(fit: Fit) -> str:
    if fit.samples[0].ordinal is not None:
        return SHIFTED
    return SCALED if fit.method.robust else PLAIN


@dataclass(frozen=True, slots=True)
class Step:
    """One test: ``smaller`` restricts ``larger``; ``pvalue`` None where equal df leave nothing to test."""

    larger: str
    smaller: str
    chisq: float
    df: int
    pvalue: float | None

    @property
    def worse(self) -> bool:
        """Whether the restriction fits significantly worse."""
        return self.pvalue is not None and self.pvalue < ALPHA


def steps(compared: Compared) -> list[Step]:
    """The tests of the table, from the largest model on."""
    rows = compared.table.to_dict("records")
    out = []
    for above, row in pairwise(rows):
        known = compared.test and row["df_diff"] == row["df_diff"] and row["df_diff"] > 0
        tested = known and row["pvalue"] == row["pvalue"]
        out.append(
            Step(
                str(above["model"]),
                str(row["model"]),
                float(row["chisq_diff"]),
                int(row["df_diff"]) if known else 0,
                float(row["pvalue"]) if tested else None,
            )
        )
    return out


def lowest(compared: Compared, criterion: str) -> tuple[str, float] | None:
    """The model with the lowest aic or bic and how far the next is; None without a likelihood."""
    known = compared.table.dropna(subset=[criterion]).sort_values(criterion)
    if len(known) < len(compared.table):
        return None
    values = known[criterion].tolist()
    return str(known["model"].iloc[0]), float(values[1] - values[0])
