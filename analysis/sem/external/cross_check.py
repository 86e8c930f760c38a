"""Our estimates beside semopy's: how far apart in standard errors, or why semopy cannot fit this."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from analysis.sem.external.dialect import NotExpressibleError
from analysis.sem.external.semopy_engine import TIME_LIMIT, semopy_estimates
from analysis.sem.external.semopy_run import SemopyFailedError
from analysis.sem.sample.moments import GroupSample
from analysis.sem.table.parameter_table import ParameterTable

Floats = NDArray[np.float64]

# Two engines at the same optimum differ by their stopping rules only: a ten-thousandth of a standard error.
AGREEMENT = 1e-4
COLUMNS = ("lhs", "op", "rhs", "group", "label", "ours", "semopy", "difference", "difference_in_se")


@dataclass(frozen=True, slots=True, eq=False)
class CrossCheck:
    """The comparison of two engines.

    - largest: largest difference of a parameter in standard errors, NaN where there is none
    - agree: whether that is at most AGREEMENT; reason: why there is no comparison, "" if there is one
    - parameters: one row for each free parameter, columns COLUMNS
    - descriptions: the model in semopy's dialect, one text a group; seconds: what semopy took
    """

    largest: float
    agree: bool
    reason: str
    parameters: pd.DataFrame
    descriptions: tuple[str, ...] = ()
    seconds: float = math.nan

    def __str__(self) -> str:
        if self.reason:
            return f"No cross-check: {self.reason}"
        verdict = "agree" if self.agree else "do not agree"
        return f"Our estimates and semopy's {verdict}: at most {self.largest:.1e} standard errors apart."


def cross_check(
    table: ParameterTable,
    samples: Sequence[GroupSample],
    starts: Floats,
    estimates: Floats,
    errors: Floats,
    *,
    estimator: str = "ML",
    time_limit: float = TIME_LIMIT,
) -> CrossCheck:
    """Compare our estimates (q,) and their standard errors (q,) of the free rows with semopy's estimates.

    ``starts`` (q,) are the values both engines start from; samples and estimator are those of our fit.
    """
    try:
        theirs = semopy_estimates(table, samples, starts, estimator=estimator, time_limit=time_limit)
    except (NotExpressibleError, SemopyFailedError) as reason:
        return CrossCheck(math.nan, False, str(reason), _frame(table, estimates, errors, None))
    frame = _frame(table, estimates, errors, theirs.theta)
    distances = frame["difference_in_se"].to_numpy()
    measured = distances[~np.isnan(distances)]
    largest = float(measured.max()) if len(measured) else math.nan
    return CrossCheck(
        largest=largest,
        agree=largest <= AGREEMENT,
        reason="" if len(measured) else "there are no standard errors to measure the difference by",
        parameters=frame,
        descriptions=tuple(dialect.text for dialect in theirs.dialects),
        seconds=sum(run.seconds for run in theirs.runs),
    )


def _frame(table: ParameterTable, ours: Floats, errors: Floats, theirs: Floats | None) -> pd.DataFrame:
    rows = table.rows
    free = rows[rows["free"] > 0]
    place = free["free"].to_numpy() - 1
    other = np.full(len(place), math.nan) if theirs is None else theirs[place]
    difference = other - ours[place]
    usable = np.isfinite(errors[place]) & (errors[place] > 0.0)
    distance = np.full(len(place), math.nan)
    np.divide(np.abs(difference), errors[place], out=distance, where=usable)
    names = dict(enumerate(table.groups, 1))
    return pd.DataFrame(
        {
            "lhs": free["lhs"],
            "op": free["op"],
            "rhs": free["rhs"],
            "group": [names.get(group, "") for group in free["group"]],
            "label": free["label"],
            "ours": ours[place],
            "semopy": other,
            "difference": difference,
            "difference_in_se": distance,
        },
        columns=list(COLUMNS),
    ).reset_index(drop=True)
