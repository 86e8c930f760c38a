"""Measurement invariance across groups of respondents."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any

import pandas as pd

from analysis import sem
from analysis.measurement.invariance_ladder import USUAL, Criteria, MeasurementInvariance, climb
from analysis.measurement.invariance_release import in_deviations
from analysis.sem.fit import Fit
from analysis.sem.inference.release_table import release_tests
from analysis.sem.invariance import EQUAL
from analysis.unavailable import Unavailable

__all__ = ["group_invariance"]

GROUP = "group__"


def group_invariance(
    syntax: str,
    data: pd.DataFrame,
    groups: pd.Series,
    *,
    n_min: int,
    criteria: Criteria = USUAL,
    estimator: str = "MLR",
    missing: str = "listwise",
) -> MeasurementInvariance | Unavailable:
    """The ladder of invariance across groups, climbed as `climb` says.

    - syntax: a measurement model in lavaan syntax; factors are scaled by their variance, so that every
      loading is tested
    - data: (n, …) with its indicators; groups: (n,) labels, missing for who belongs to none
    - n_min: smallest group compared; smaller ones are left out and named

    Unavailable where fewer than two
    groups are large enough or the configural model cannot be fitted.
    """
    labels = groups.reset_index(drop=True)
    frame = data.reset_index(drop=True).assign(**{GROUP: labels})
    usable = frame[labels.notna() & frame.drop(columns=GROUP).notna().any(axis=1)]
    if missing == "listwise":
        usable = usable.dropna()
    sizes = {str(name): int(n) for name, n in usable[GROUP].value_counts(sort=False).items()}
    sizes |= {str(name): 0 for name in labels.dropna().unique() if str(name) not in sizes}
    counts = {name: n for name, n in sizes.items() if n >= n_min}
    small = {name: n for name, n in sizes.items() if n < n_min}
    if len(counts) < 2:
        found = ", ".join(f"{name} {n}" for name, n in sizes.items()) or "nobody belongs to any"
        return Unavailable(
            f"fewer than two groups have {n_min} respondents ({found})", "Collect more answers of each."
        )
    kept = usable[usable[GROUP].astype(str).isin(list(counts))].reset_index(drop=True)
    kept[GROUP] = kept[GROUP].astype(str)
    for name, rows in kept.groupby(GROUP):
        flat = [str(c) for c in data.columns if rows[c].nunique() < 2]
        if flat:
            return Unavailable(f"everyone in group {name} has the same value on {', '.join(flat[:6])}")
    options = {"group": GROUP, "estimator": estimator, "missing": missing, "std_lv": True}
    return climb(_Groups(syntax, kept, options), syntax, counts, small, criteria)


@dataclass(frozen=True, slots=True, eq=False)
class _Groups:
    """One model in every group, tied by the engine's own equalities."""

    syntax: str
    data: pd.DataFrame
    options: Mapping[str, Any]

    def fit(self, level: str, freed: Collection[str]) -> Fit:
        equal = EQUAL[level]
        more: dict[str, Any] = {"group_equal": equal, "group_partial": tuple(freed)} if equal else {}
        fit: Fit = sem.fit(self.syntax, self.data, **self.options, **more)
        return fit

    def ties(self, fit: Fit) -> pd.DataFrame:
        tests = release_tests(fit)
        tests["entry"] = tests["lhs"] + tests["op"] + tests["rhs"]
        return in_deviations(tests, self.data.drop(columns=GROUP).std())

    def factors(self, fit: Fit) -> dict[str, set[str]]:
        found: dict[str, set[str]] = {}
        loadings = fit.estimates[fit.estimates["op"] == "=~"]
        for factor, indicator in zip(loadings["lhs"], loadings["rhs"], strict=True):
            found.setdefault(str(factor), set()).add(str(indicator))
        return found
