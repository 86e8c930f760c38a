"""Measurement invariance across groups: the ladder of models, its tests, and the search for exceptions."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

import numpy as np
import pandas as pd

from analysis.sem.api import fit as fit_model
from analysis.sem.compare import difference_of
from analysis.sem.errors import ModelError
from analysis.sem.fit import Fit
from analysis.sem.inference.release_table import release_tests

__all__ = ["Invariance", "PartialInvariance", "invariance"]

LEVELS = ("configural", "metric", "scalar", "strict")
EQUAL = {
    "configural": (),
    "metric": ("loadings",),
    "scalar": ("loadings", "intercepts"),
    "strict": ("loadings", "intercepts", "residuals"),
    "means": ("loadings", "intercepts", "residuals", "means"),
}
# Residual variances of ordered variables are no parameters in the delta parameterisation, so that there is no
# strict level; thresholds alone come first for Wu and Estabrook (2016).
ORDERED_LEVELS = ("configural", "metric", "scalar")
EQUAL_ORDERED = {
    "configural": (),
    "thresholds": ("thresholds",),
    "metric": ("loadings",),
    "scalar": ("loadings", "thresholds"),
}


@dataclass(frozen=True, slots=True, eq=False)
class PartialInvariance:
    """A level with exceptions: `released` in group_partial's notation, in the order they were found.

    steps: released chisq_diff df_diff pvalue cfi rmsea after each release, from none; fit: the last model;
    accepted: whether its difference from the level below is no longer significant.
    """

    level: str
    released: tuple[str, ...]
    steps: pd.DataFrame
    fit: Fit
    accepted: bool


@dataclass(frozen=True, slots=True, eq=False)
class Invariance:
    """fits by level, and table: one row a level.

    table: level df chisq aic bic cfi rmsea srmr delta_cfi delta_rmsea delta_srmr chisq_diff df_diff pvalue,
    each level against the one before; differences of chi-square as in `compare`. version: "robust", "scaled"
    or "", which kind of CFI and RMSEA every level has. The other fields are what was asked for.
    """

    fits: dict[str, Fit]
    table: pd.DataFrame
    version: str
    model: str
    data: pd.DataFrame
    group: str
    options: dict[str, Any]

    def release(self, level: str) -> pd.DataFrame:
        """Score tests of the level's equality constraints, largest first (see `release_tests`)."""
        return release_tests(self._fit(level))

    def partial(self, level: str, *, alpha: float = 0.05, most: int = 5) -> PartialInvariance:
        """Release the level's new constraints one at a time, worst first, until it fits like the level below.

        Stops when the difference test has p >= alpha, `most` were released, or no constraint of the level is
        significant at alpha. The result is exploratory: it has been chosen by the data (MacCallum, 1992).
        """
        names = list(self.fits)
        place = names.index(level) if level in self.fits else 0
        if place < 1:
            raise ModelError(
                f"{level!r} is no level with one below it",
                place="level",
                mend=f"Use one of {', '.join(names[1:])}.",
            )
        below, fit = self.fits[names[place - 1]], self._fit(level)
        known = {_entry(row) for row in release_tests(below).itertuples()}
        equal = _equal(level, ordered=below.samples[0].ordinal is not None)
        kept = tuple(below.options.group_partial)
        released: tuple[str, ...] = ()
        steps = []
        while True:
            test = difference_of(fit, below)
            cfi, rmsea = (float(fit.fit_measures[name + _suffix(self.version)]) for name in ("cfi", "rmsea"))
            last = released[-1] if released else ""
            steps.append((last, test.chisq, test.df, test.pvalue, cfi, rmsea))
            accepted = not test.pvalue < alpha
            tests = release_tests(fit)
            new = tests[[_entry(row) not in known for row in tests.itertuples()]]
            if accepted or len(released) >= most or new.empty or not new["pvalue"].iloc[0] < alpha:
                break
            released = (*released, _entry(next(new.itertuples())))
            options = {**self.options, "group_equal": equal, "group_partial": (*kept, *released)}
            fit = fit_model(self.model, self.data, group=self.group, **options)
        columns = ["released", "chisq_diff", "df_diff", "pvalue", "cfi", "rmsea"]
        return PartialInvariance(level, released, pd.DataFrame(steps, columns=columns), fit, accepted)

    def _fit(self, level: str) -> Fit:
        if level not in self.fits:
            raise ModelError(
                f"there is no level {level!r}", place="level", mend=f"Use one of {', '.join(self.fits)}."
            )
        return self.fits[level]


def invariance(
    model: str, data: pd.DataFrame, group: str, levels: Sequence[str] | None = None, **options: Any
) -> Invariance:
    """Fit the ladder of equality constraints across groups and test each step.

    - levels: by default configural, metric (loadings), scalar (and intercepts), strict (and residuals);
      "means" is one more. With ordered variables configural, metric and scalar (loadings and thresholds);
      "thresholds" is one more
    - options: of `sem.fit`; group_partial holds at every level

    Raises ModelError for an unknown level, and what `sem.fit` raises.
    """
    if "group_equal" in options:
        raise ModelError("the levels say what is equal", place="group_equal", mend="Leave group_equal out.")
    first = fit_model(model, data, group=group, **options)
    ordered = first.samples[0].ordinal is not None
    chosen = tuple(levels) if levels is not None else (ORDERED_LEVELS if ordered else LEVELS)
    if not chosen:
        raise ModelError("there is no level to fit", place="levels", mend="Name at least one level.")
    fits = {}
    for level in chosen:
        equal = _equal(level, ordered=ordered)
        fits[level] = fit_model(model, data, group=group, group_equal=equal, **options) if equal else first
    version = _version(fits.values())
    return Invariance(fits, _table(fits, version), version, model, data, group, dict(options))


def _equal(level: str, *, ordered: bool) -> tuple[str, ...]:
    known = EQUAL_ORDERED if ordered else EQUAL
    if level not in known:
        what = "ordered variables have no level" if ordered else "there is no level"
        raise ModelError(f"{what} {level!r}", place="levels", mend=f"Use one of {', '.join(known)}.")
    return known[level]


def _version(fits: Collection[Fit]) -> str:
    """The best kind of CFI and RMSEA that every level has."""
    for version in ("robust", "scaled"):
        names = [f"{name}_{version}" for name in ("cfi", "rmsea")]
        if all(np.isfinite(fit.fit_measures.get(name, np.nan)) for fit in fits for name in names):
            return version
    return ""


def _suffix(version: str) -> str:
    return f"_{version}" if version else ""


def _table(fits: dict[str, Fit], version: str) -> pd.DataFrame:
    rows = []
    for level, fit in fits.items():
        measures = fit.fit_measures
        rows.append(
            {
                "level": level,
                "df": fit.estimated.df,
                "chisq": fit.inference.test.chisq,
                "aic": float(measures.get("aic", np.nan)),
                "bic": float(measures.get("bic", np.nan)),
                "cfi": float(measures["cfi" + _suffix(version)]),
                "rmsea": float(measures["rmsea" + _suffix(version)]),
                "srmr": float(measures["srmr"]),
            }
        )
    table = pd.DataFrame(rows)
    for name in ("cfi", "rmsea", "srmr"):
        table[f"delta_{name}"] = table[name].diff()
    tests = ["chisq_diff", "df_diff", "pvalue"]
    steps = [difference_of(fit, below) for below, fit in pairwise(fits.values())]
    values = [(np.nan,) * 3, *((step.chisq, step.df, step.pvalue) for step in steps)]
    return table.join(pd.DataFrame(values, columns=tests))


def _entry(row: Any) -> str:
    """A parameter as group_partial writes it."""
    return f"{row.lhs}{row.op}{row.rhs}"
