"""The ladder of measurement invariance: levels, when one holds, and the search for what must be freed."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Protocol

import numpy as np
import pandas as pd
from scipy.stats import chi2

from analysis.measurement.invariance_release import level_of, next_release
from analysis.sem.compare import difference_of
from analysis.sem.errors import ModelError, SemError
from analysis.sem.fit import Fit
from analysis.sem.invariance import LEVELS
from analysis.unavailable import Unavailable

__all__ = ["LEVELS", "USUAL", "Climbed", "Criteria", "MeasurementInvariance", "climb"]

TROUBLE = (SemError, np.linalg.LinAlgError, FloatingPointError)
LADDER_COLUMNS = (
    "level", "freed", "df", "chisq", "cfi", "rmsea", "srmr", "delta_cfi", "delta_rmsea", "chisq_diff",
    "df_diff", "pvalue", "holds",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Criteria:
    """When a level holds.

    A step holds when CFI falls by at most ``delta_cfi`` and RMSEA rises by at most ``delta_rmsea`` (Cheung
    & Rensvold 2002; Chen 2007); the configural model when its own CFI and RMSEA are acceptable. Difference
    tests are shown beside them and do not decide, as in large samples they reject trifles.

    Changes of CFI are of the whole model, in which one bad item among fifty drowns. A step therefore also
    fails where a single equality is both significant at ``alpha``, Bonferroni over the level's, and off by
    ``negligible`` standard deviations of its indicator, whether in the intercept or, a loading, one standard
    deviation of the factor away from it (expected parameter change: Saris, Satorra & van der Veld 2009; below
    .20 such an effect is negligible: Nye, Bradburn, Olenick, Bialko & Drasgow 2019). Residual variances are
    not judged singly: no comparison rests on them.

    At least ``invariant`` indicators of every factor must stay equal (Byrne, Shavelson & Muthén 1989).
    """

    delta_cfi: float = 0.010
    delta_rmsea: float = 0.015
    cfi: float = 0.90
    rmsea: float = 0.08
    alpha: float = 0.01
    negligible: float = 0.20
    invariant: int = 2


USUAL = Criteria()


@dataclass(frozen=True, slots=True, eq=False)
class MeasurementInvariance:
    """How far one measurement model holds in the same way in every group, or at every wave.

    ``reached``: the highest level that holds, "" where not even the configural one does; ``partial``: whether
    it needed exceptions. ``counts``: respondents of every group or wave compared; ``left_out``: those too
    small to be. ``ladder``: one row a model, ``level freed df chisq cfi rmsea srmr delta_cfi delta_rmsea
    chisq_diff df_diff pvalue holds``, each against the last accepted model below it; a level that fails is
    followed by the rows of its search, ``freed`` naming what was freed last. ``freed``: parameters freed in
    the accepted models, in lavaan's notation. ``reasons``: why the ladder ended where it did. ``version``:
    "robust", "scaled" or "", the kind of CFI and RMSEA.
    """

    syntax: str
    counts: Mapping[str, int]
    left_out: Mapping[str, int]
    reached: str
    ladder: pd.DataFrame
    freed: tuple[str, ...]
    reasons: tuple[str, ...]
    version: str

    @property
    def partial(self) -> bool:
        """Whether the level was reached with exceptions."""
        return bool(self.freed)

    def holds(self, level: str) -> bool:
        """Whether ``level`` (configural, metric, scalar, strict) or one above it was reached."""
        return self.reached in LEVELS and LEVELS.index(self.reached) >= LEVELS.index(level)


class Climbed(Protocol):
    """What a ladder is climbed with: one measurement model over several groups or waves.

    What may be freed is an entry (``f=~x``, ``x~1``, ``x~~x``), which names a parameter in all of them.
    """

    def fit(self, level: str, freed: Collection[str]) -> Fit:
        """The model of a level with exceptions; raises what ``sem.fit`` raises."""
        ...

    def ties(self, fit: Fit) -> pd.DataFrame:
        """``entry chisq change``: the score test and expected change of every equality, largest first.

        The change is in standard deviations of the indicator (variances: in its variances).
        """
        ...

    def factors(self, fit: Fit) -> Mapping[str, Collection[str]]:
        """Factor → its indicators, named as in entries."""
        ...


def climb(
    model: Climbed,
    syntax: str,
    counts: Mapping[str, int],
    left_out: Mapping[str, int],
    criteria: Criteria,
) -> MeasurementInvariance | Unavailable:
    """Climb from configural to strict invariance, freeing single parameters where a level fails.

    Where a level fails, its equality with the largest score test is freed, again and again, until the level
    holds; an indicator whose loading is freed has its intercept freed with it. What was freed is chosen by
    the data and is exploratory (MacCallum, Roznowski & Necowitz 1992). Unavailable where not even the
    configural model can be fitted.
    """
    ladder = _Climb(model, criteria)
    try:
        ladder.run()
    except TROUBLE as error:
        if not ladder.rows:
            return Unavailable(f"the model cannot be fitted: {error}")
        ladder.reasons.append(f"{ladder.at} cannot be fitted: {error}")
    table = pd.DataFrame(ladder.rows, columns=list(LADDER_COLUMNS))
    return MeasurementInvariance(
        syntax, counts, left_out, ladder.reached, table, ladder.freed, tuple(ladder.reasons), ladder.version
    )


class _Climb:
    """The state of one ladder: the last accepted model, what is freed, and the rows so far."""

    def __init__(self, model: Climbed, criteria: Criteria):
        self.model, self.criteria = model, criteria
        self.rows: list[tuple[object, ...]] = []
        self.reasons: list[str] = []
        self.freed: tuple[str, ...] = ()
        self.reached, self.version, self.at = "", "", ""

    def run(self) -> None:
        """Fit level after level until one cannot be made to hold."""
        below: Fit | None = None
        for level in LEVELS:
            self.at = level
            found = self._level(level, below)
            if found is None:
                return
            below, self.freed = found
            self.reached = level

    def _level(self, level: str, below: Fit | None) -> tuple[Fit, tuple[str, ...]] | None:
        """The accepted model of a level and all that is freed in it, None where it does not hold."""
        freed = self.freed
        if level == "scalar":
            # An intercept is where the line meets the factor's zero: equal ones mean nothing when the slopes
            # differ, since another zero would make them unequal.
            loose = (entry.split("=~")[1] for entry in freed if "=~" in entry)
            freed = tuple(dict.fromkeys((*freed, *(f"{indicator}~1" for indicator in loose))))
        with_loading = freed[len(self.freed) :]
        fit = self._fit(level, freed)
        if below is None:
            self.version = _version(fit)
        ties = None if below is None else self.model.ties(fit)
        holds = self._record(level, ", ".join(with_loading), fit, below, ties)
        while not holds:
            if below is None or ties is None:
                self.reasons.append(
                    f"{level}: the model itself does not fit (CFI must reach {self.criteria.cfi:.2f}, RMSEA "
                    f"stay within {self.criteria.rmsea:.2f})"
                )
                return None
            entry = next_release(ties, self.model.factors(fit), level, freed, self.criteria.invariant)
            if entry is None:
                self.reasons.append(
                    f"{level}: does not hold, and no more can be freed with {self.criteria.invariant} "
                    "invariant indicators of every factor"
                )
                return None
            freed = (*freed, entry)
            fit = self._fit(level, freed)
            ties = self.model.ties(fit)
            holds = self._record(level, entry, fit, below, ties)
        return fit, freed

    def _fit(self, level: str, freed: Collection[str]) -> Fit:
        fit = self.model.fit(level, freed)
        if not fit.converged:
            raise ModelError("it did not converge", place=level, mend="Use larger groups.")
        return fit

    def _record(self, level: str, freed: str, fit: Fit, below: Fit | None, ties: pd.DataFrame | None) -> bool:
        cfi, rmsea = self._measures(fit)
        limits, shared = self.criteria, (fit.estimated.df, fit.inference.test.chisq, cfi, rmsea)
        srmr = float(fit.fit_measures["srmr"])
        if below is None or ties is None:
            holds = cfi >= limits.cfi and rmsea <= limits.rmsea
            self.rows.append((level, freed, *shared, srmr, *([np.nan] * 5), holds))
            return holds
        old_cfi, old_rmsea = self._measures(below)
        test = difference_of(fit, below)
        change = cfi - old_cfi, rmsea - old_rmsea
        holds = change[0] >= -limits.delta_cfi and change[1] <= limits.delta_rmsea
        holds = holds and not self._one_is_off(ties, level)
        self.rows.append((level, freed, *shared, srmr, *change, test.chisq, test.df, test.pvalue, holds))
        return holds

    def _one_is_off(self, ties: pd.DataFrame, level: str) -> bool:
        own = ties[[level_of(entry) == level for entry in ties["entry"]]]
        if level == "strict" or own.empty:
            return False
        sure = own["chisq"] > chi2.isf(self.criteria.alpha / len(own), 1)
        return bool((sure & (own["change"].abs() > self.criteria.negligible)).any())

    def _measures(self, fit: Fit) -> tuple[float, float]:
        ending = f"_{self.version}" if self.version else ""
        return float(fit.fit_measures[f"cfi{ending}"]), float(fit.fit_measures[f"rmsea{ending}"])


def _version(fit: Fit) -> str:
    for version in ("robust", "scaled"):
        if all(np.isfinite(fit.fit_measures.get(f"{name}_{version}", np.nan)) for name in ("cfi", "rmsea")):
            return version
    return ""
