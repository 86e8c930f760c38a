"""A fitted model: what the caller asks of it, computed when asked and kept."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from analysis.sem import report
from analysis.sem.findings import Finding
from analysis.sem.inference import diagnostics, results
from analysis.sem.inference.fitted import Fitted
from analysis.sem.table.roles import roles
from analysis.sem.threads import one_thread

if TYPE_CHECKING:
    from analysis.sem.external.cross_check import CrossCheck
    from analysis.sem.resampling.bootstrap import Bootstrap

__all__ = ["Fit"]

Floats = NDArray[np.float64]


@dataclass(frozen=True, eq=False, repr=False, kw_only=True)
class Fit(Fitted):
    """Results of one fit (see `sem.fit`); statistics and tables are made on first use.

    Of use to functions that go on from here are the parts of `Fitted`.
    """

    @cached_property
    def fit_measures(self) -> pd.Series[float]:
        """Every measure lavaan prints, by its name with "_" for "."; NaN where it does not exist."""
        with one_thread(), np.errstate(all="ignore"):
            found = results.measures(self.estimated, self.inference, self.method, self._predictors)
        return report.measures(found)

    @cached_property
    def problems(self) -> tuple[Finding, ...]:
        """Coded findings; empty when the fit is clean."""
        with one_thread(), np.errstate(all="ignore"):
            found = list(self.remarks) + diagnostics.convergence(self.estimated)
            found += diagnostics.identification(self.estimated, self.inference.errors, self._free_names)
            for group, sample, at in zip(self.cells.groups, self.samples, self.filled, strict=True):
                found += diagnostics.admissibility(group, at, self.cells.variables, sample.label)
        return tuple(found)

    @cached_property
    def estimates(self) -> pd.DataFrame:
        """lhs op rhs group label est se z pvalue ci_lower ci_upper std_lv std_all, one row a parameter."""
        with one_thread(), np.errstate(all="ignore"):
            return report.estimates(self)

    def defined(self, names: Sequence[str]) -> tuple[Floats, Floats]:
        """What ``:=`` gives these names: estimates (d,) and their delta-method covariance matrix (d, d)."""
        with one_thread(), np.errstate(all="ignore"):
            return report.defined(self, names)

    def variances(self) -> pd.DataFrame:
        """Model-implied variance of every variable (rows), one column a group."""
        with one_thread(), np.errstate(all="ignore"):
            return report.variances(self)

    def standardized(self, level: float = 0.95) -> pd.DataFrame:
        """Standardised solution (std_all as est_std) with delta-method se, z, pvalue and interval."""
        with one_thread(), np.errstate(all="ignore"):
            return report.standardized(self, level)

    @cached_property
    def r2(self) -> pd.DataFrame:
        """lhs group r2: variance explained of every dependent variable; NaN in a Heywood case."""
        with one_thread(), np.errstate(all="ignore"):
            return report.explained(self)

    def modification_indices(self) -> pd.DataFrame:
        """lhs op rhs group mi epc sepc_all of what could be freed, largest first."""
        from analysis.sem.inference.modification import modification_indices

        objective, tangent = self.estimated.objective, self.estimated.tangent
        with one_thread(), np.errstate(all="ignore"):
            return modification_indices(self.table, report.values(self), objective, tangent)

    def residuals(self) -> pd.DataFrame:
        """Raw, correlation and standardised residuals of every sample moment."""
        from analysis.sem.inference.residual_table import residuals

        with one_thread(), np.errstate(all="ignore"):
            return residuals(self)

    def factor_scores(self) -> pd.DataFrame:
        """Regression factor scores, one row per row of the data; NaN for rows that were not used."""
        from analysis.sem.inference.score_table import factor_scores

        with one_thread(), np.errstate(all="ignore"):
            return factor_scores(self)

    def influence(self) -> Floats:
        """First-order contribution of every case to the free parameters: (n, q), columns summing to 0."""
        from analysis.sem.inference.influence import influence

        with one_thread(), np.errstate(all="ignore"):
            return influence(self)

    def bootstrap(self, draws: int = 5000, seed: int = 1, ci: str = "perc", **options: Any) -> Bootstrap:
        """Bootstrap errors and intervals of every parameter, := included."""
        from analysis.sem.resampling.bootstrap import bootstrap

        with one_thread():
            return bootstrap(self, draws=draws, seed=seed, ci=ci, **options)

    def cross_check(self, **options: Any) -> CrossCheck:
        """semopy's estimates beside ours."""
        from analysis.sem.external.cross_check import cross_check

        errors = np.sqrt(np.maximum(np.diagonal(self.vcov), 0.0))
        return cross_check(
            self.table, self.samples, self.starts, self.theta, errors, estimator=self.method.name, **options
        )

    @cached_property
    def _predictors(self) -> tuple[int, ...]:
        c = self.table.columns
        written = [f for *f, user in zip(c.lhs, c.op, c.rhs, c.user, strict=True) if user == 1]
        found = roles((lhs, op, rhs) for lhs, op, rhs in written).exogenous
        return tuple(self.table.observed.index(name) for name in found)

    @cached_property
    def _free_names(self) -> list[str]:
        c = self.table.columns
        several = len(self.table.groups) > 1
        named = [
            (free, f"{lhs}{op}{rhs}" + (f" ({self.table.groups[group - 1]})" if several else ""))
            for lhs, op, rhs, group, free in zip(c.lhs, c.op, c.rhs, c.group, c.free, strict=True)
            if free > 0
        ]
        return [name for _, name in sorted(named)]

    def __repr__(self) -> str:
        state = "converged" if self.converged else "not converged"
        test = self.inference.test
        return f"<Fit {self.method.name}, {state}, chisq({test.df}) = {test.chisq:.3f}, n = {self.n_obs}>"
