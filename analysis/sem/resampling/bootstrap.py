"""The nonparametric bootstrap of a fit: draws of every parameter, their standard errors and intervals."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy.special import ndtr

from analysis.sem import report
from analysis.sem.errors import DataError, ModelError
from analysis.sem.findings import Finding
from analysis.sem.inference.fitted import Fitted
from analysis.sem.resampling.draws import Work, draw_all
from analysis.sem.resampling.influence import accelerations_by_jackknife, accelerations_by_nudging
from analysis.sem.resampling.intervals import bca, normal, percentile
from analysis.sem.resampling.plan import work_of
from analysis.sem.resampling.refit import watch
from analysis.sem.resampling.values import Values, values_of, watched_of

__all__ = ["INTERVALS", "Bootstrap", "Failed", "bootstrap"]

Floats = NDArray[np.float64]

INTERVALS = ("perc", "bca", "bca.simple", "norm")
# With a larger share of failed draws the rest no longer stands for the sampling distribution.
MANY_FAILED = 0.05


@dataclass(frozen=True, slots=True)
class Failed:
    """Draws without a solution: how many, and how many for each reason."""

    count: int
    reasons: dict[str, int]


@dataclass(frozen=True, slots=True, eq=False)
class Bootstrap:
    """Result of a bootstrap.

    estimates: a row per parameter as in `Fit.estimates`, with columns lhs op rhs group label est bias se z
    pvalue ci_lower ci_upper; se 0 and ci = est for fixed rows. draws: a row per draw that has a solution
    (index: number of the draw), a column per free or defined parameter. failed: the other draws. problems:
    what to know before trusting the intervals.
    """

    estimates: pd.DataFrame
    draws: pd.DataFrame
    failed: Failed
    ci: str
    level: float
    seed: int
    problems: tuple[Finding, ...]


def bootstrap(
    fit: Fitted,
    draws: int = 5000,
    seed: int = 1,
    ci: str = "perc",
    *,
    level: float = 0.95,
    workers: int | None = None,
    progress: Callable[[int, int], None] | None = None,
    cancel: Callable[[], bool] | None = None,
) -> Bootstrap:
    """Draw cases with replacement within groups (whole clusters where the fit has them) and fit every draw.

    Args:
        fit: the fit of the whole sample.
        draws: number of draws, at least 2.
        seed: the same seed gives the same draws, whatever the number of workers.
        ci: "perc", "norm" (about the bias-corrected estimate), "bca" (bias-corrected and accelerated) or
            "bca.simple" (bias-corrected only), with lavaan's definitions.
        level: confidence level.
        workers: threads; processes where the engine must fit every draw (ordered variables, nonlinear
            constraints), which need the caller's script to guard its entry with `if __name__ == "__main__"`.
        progress: called with (draws done, draws) now and then.
        cancel: called as often; when it returns True, `Cancelled` is raised.

    Raises ModelError for options out of range, DataError where cases are wanting or no draw has a solution.
    """
    _check(draws, ci, level, workers)
    if not fit.converged:
        raise DataError("the fit itself did not converge", place="bootstrap", mend="See its problems first.")
    watched = watched_of(fit.table, fit.cells)
    work = work_of(fit.estimated, fit.method, fit.vcov, watched)
    values = values_of(fit.table, watched)
    found = draw_all(work, draws, seed, workers=workers, progress=progress, cancel=cancel)
    table = values.at(found.theta, found.watched)
    whole = np.asarray(np.isfinite(table).all(axis=1))
    failed = Failed(int((~whole).sum()), _reasons(found.reasons, whole))
    if whole.sum() < 2:
        raise DataError(
            f"only {int(whole.sum())} of {draws} draws have a solution: {', '.join(failed.reasons)}",
            place="bootstrap",
            mend="Mend the model (see the fit's problems) before drawing.",
        )
    kept = table[whole]
    moments = watch(watched, [s.cov for s in fit.samples], [s.mean for s in fit.samples])
    estimate = values.at(fit.theta[None], moments[None])[0]
    if ci == "bca":
        a = _accelerations(work, values, fit.theta, moments, draws)
        interval = bca(kept, estimate, level, a)
    elif ci == "bca.simple":
        interval = bca(kept, estimate, level)
    else:
        interval = percentile(kept, level) if ci == "perc" else normal(kept, estimate, level)
    return Bootstrap(
        estimates=_estimates(report.estimates(fit), values, kept, estimate, interval),
        draws=pd.DataFrame(kept[:, values.shown], index=np.flatnonzero(whole), columns=list(values.names)),
        failed=failed,
        ci=ci,
        level=level,
        seed=seed,
        problems=_problems(failed, draws, interval, values),
    )


def _check(draws: int, ci: str, level: float, workers: int | None) -> None:
    if draws < 2:
        raise ModelError(
            f"{draws} draws are too few", place="draws", mend="Use 1,000 or more; 5,000 for intervals."
        )
    if ci not in INTERVALS:
        raise ModelError(f"ci={ci!r} is unknown", place="ci", mend=f"Use one of {', '.join(INTERVALS)}.")
    if workers is not None and workers < 1:
        raise ModelError(
            f"workers={workers} cannot work", place="workers", mend="Use 1 or more, or leave it out."
        )
    if not 0.0 < level < 1.0:
        raise ModelError(f"level={level} is not a confidence level", place="level", mend="Use, say, 0.95.")


def _accelerations(work: Work, values: Values, theta: Floats, moments: Floats, draws: int) -> Floats:
    if work.problem is not None:
        return accelerations_by_nudging(work.problem, values.jacobian(theta, moments))
    if sum(work.sizes) > draws:
        raise ModelError(
            f"BCa leaves out each of {sum(work.sizes)} cases once here, which is more than {draws} draws",
            place="ci",
            mend='Use more draws, or ci="bca.simple".',
        )
    return accelerations_by_jackknife(work.refit, work.sizes, values.at)


def _estimates(
    frame: pd.DataFrame, values: Values, kept: Floats, estimate: Floats, interval: Floats
) -> pd.DataFrame:
    out = frame[["lhs", "op", "rhs", "group", "label", "est"]].copy()
    est = out["est"].to_numpy(dtype=np.float64)
    bias, se = np.zeros(len(out)), np.zeros(len(out))
    lower, upper = est.copy(), est.copy()
    at, rows = np.arange(len(values.rows)), values.rows
    bias[rows], se[rows] = (kept.mean(axis=0) - estimate)[at], kept.std(axis=0, ddof=1)[at]
    lower[rows], upper[rows] = interval[at, 0], interval[at, 1]
    z = np.divide(est, se, out=np.full(len(out), np.nan), where=se > 0.0)
    columns = {
        "bias": bias,
        "se": se,
        "z": z,
        "pvalue": 2.0 * ndtr(-np.abs(z)),
        "ci_lower": lower,
        "ci_upper": upper,
    }
    return out.assign(**columns)


def _reasons(reasons: dict[int, str], whole: NDArray[np.bool_]) -> dict[str, int]:
    counted = Counter(reasons.values())
    undefined = int((~whole).sum()) - len(reasons)
    if undefined > 0:
        counted["a defined parameter has no value"] = undefined
    return dict(counted.most_common())


def _problems(failed: Failed, draws: int, interval: Floats, values: Values) -> tuple[Finding, ...]:
    out: tuple[Finding, ...] = ()
    if failed.count > MANY_FAILED * draws:
        message = f"{failed.count} of {draws} draws have no solution; the others may not stand for all."
        out += (Finding("many_failed_draws", message, "Simplify the model or collect more cases."),)
    one_sided = [values.names_of_all[k] for k in np.flatnonzero(np.isnan(interval).any(axis=1))]
    if one_sided:
        message = (
            f"draws of {', '.join(one_sided)} lie on one side of the estimate: no bias-corrected interval."
        )
        out += (Finding("one_sided_draws", message, 'Use ci="perc".', tuple(one_sided)),)
    return out
