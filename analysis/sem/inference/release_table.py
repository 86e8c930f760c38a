"""The equality constraints of a fit, each with the test of releasing it."""

from __future__ import annotations

from collections.abc import Hashable, Mapping, Sequence
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy import stats

from analysis.sem.inference.fitted import Fitted
from analysis.sem.inference.release import release_each
from analysis.sem.threads import one_thread

__all__ = ["release_tests"]

COLUMNS = ["lhs", "op", "rhs", "group", "tied_to", "chisq", "df", "pvalue", "change"]


def release_tests(fit: Fitted) -> pd.DataFrame:
    """lhs op rhs group tied_to chisq df pvalue change, one row a tied pair, largest chisq first.

    lhs op rhs in `group` is tied to the parameter named by `tied_to`: its group, or lhs op rhs group where
    the parameters differ. change: expected change of their difference, second minus first, when only this tie
    is released. As lavTestScore(): ordinary score tests with expected information, for robust fits too.
    """
    objective, point = fit.estimated.objective, fit.estimated.solution.point
    ties, constraints = _jacobian(fit)
    if not ties:
        return pd.DataFrame(columns=COLUMNS)
    with one_thread(), np.errstate(all="ignore"):
        gradient, information = objective.gradient(point), objective.information(point)
        tests = release_each(gradient, information, constraints, len(ties), fit.estimated.n_total)
    of = {str(row["plabel"]): row for row in fit.table.rows.to_dict("records")}
    labels = fit.table.groups or ("",)
    rows = [_row(of[a], of[b], labels, *test) for (a, b), test in zip(ties, tests, strict=True)]
    frame = pd.DataFrame(rows, columns=COLUMNS)
    return frame.sort_values("chisq", ascending=False, kind="stable", ignore_index=True)


def _jacobian(fit: Fitted) -> tuple[list[tuple[str, str]], NDArray[np.float64]]:
    """Tied pairs of plabels, and the Jacobian (c, q) of their ties, then of the other constraints."""
    names, q = fit.constraints.names, fit.cells.q
    ties = [pair for pair in fit.table.equalities if all(names[name][0] >= 0 for name in pair)]
    rows = np.zeros((len(ties), q))
    for row, (first, other) in zip(rows, ties, strict=True):
        row[names[first][0]] += 1.0
        row[names[other][0]] -= 1.0
    if not fit.table.constraints:
        return ties, rows
    # What a user's == leaves free is in the tangent; its complement are the constraints.
    _, s, Vt = np.linalg.svd(fit.estimated.tangent.T)
    held = Vt[int(np.sum(s > 1e-10 * s[0])) :]
    others = held - held @ np.linalg.pinv(rows) @ rows
    return ties, np.concatenate([rows, others[np.abs(others).max(axis=1) > 1e-8]])


def _row(
    a: Mapping[Hashable, Any], b: Mapping[Hashable, Any], labels: Sequence[str], chisq: float, change: float
) -> tuple[object, ...]:
    group, tied = (labels[int(row["group"]) - 1] for row in (a, b))
    same = (a["lhs"], a["op"], a["rhs"]) == (b["lhs"], b["op"], b["rhs"])
    name = tied if same else f"{b['lhs']} {b['op']} {b['rhs']} {tied}".strip()
    return a["lhs"], a["op"], a["rhs"], group, name, chisq, 1, float(stats.chi2.sf(chisq, 1)), change
