"""Running semopy: one at a time, quietly, with a time limit, and imported only when asked for.

semopy dispatches through tables on its classes, so that models built in several threads at once disturb each
other, some silently: a lock guards it. It reports through the root logger and through warnings.
"""

from __future__ import annotations

import logging
import threading
import time
import warnings
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from threadpoolctl import threadpool_limits

from analysis.sem.errors import SemError
from analysis.sem.external.dialect import Dialect

Floats = NDArray[np.float64]

# Far below one standard error: semopy's own default (1e-6) stops up to .011 of one away.
TOLERANCE = 1e-14
# SLSQP stops early where its approximate Hessian is worn; another start or another method renews it.
RESTARTS = 10
# Slope of the discrepancy, in units of standard deviations, at which a point no longer counts as an optimum.
STEEPEST = 1e-4
VIOLATION = 1e-8
_OPTIONS: Mapping[str, Mapping[str, float]] = {
    "SLSQP": {"ftol": TOLERANCE, "maxiter": 1000},
    "BFGS": {"gtol": 1e-9, "maxiter": 1000},
}

_lock = threading.Lock()


@dataclass(frozen=True, slots=True, eq=False)
class SemopyRun:
    """What semopy found: values by label, its objective and gradient there, iterations and seconds."""

    values: Mapping[str, float]
    objective: float
    gradient: float
    iterations: int
    seconds: float


class SemopyFailedError(SemError):
    """semopy gave no estimates; the message says why."""


def run_semopy(
    dialect: Dialect,
    objective: str,
    *,
    cov: pd.DataFrame | None = None,
    data: pd.DataFrame | None = None,
    time_limit: float,
) -> SemopyRun:
    """Estimates of a translated model.

    ``objective`` is semopy's MLW, ULS or GLS, which need ``cov``, or FIML, which needs ``data``; both are
    scaled, with columns named as in ``dialect.columns``.
    Raises SemopyFailedError after ``time_limit`` seconds or when semopy fails.
    """
    started = time.monotonic()
    if not _lock.acquire(timeout=time_limit):
        raise SemopyFailedError(f"semopy was busy with another model for {time_limit:g} s")
    try:
        with _quiet(), threadpool_limits(1):
            model = _prepared(dialect, cov, data)
            fit = _minimise(model, objective, started + time_limit)
    except SemopyFailedError:
        raise
    except Exception as error:
        raise SemopyFailedError(f"semopy raised {type(error).__name__}: {error}") from error
    finally:
        _lock.release()
    active = [name for name, parameter in model.parameters.items() if parameter.active]
    return SemopyRun(
        values={name: float(value) for name, value in zip(active, fit.x, strict=True)},
        objective=float(fit.fun),
        gradient=fit.gradient,
        iterations=fit.iterations,
        seconds=time.monotonic() - started,
    )


@dataclass(frozen=True, slots=True, eq=False)
class _Minimum:
    x: Floats
    fun: float
    gradient: float
    iterations: int


def _prepared(dialect: Dialect, cov: pd.DataFrame | None, data: pd.DataFrame | None) -> Any:
    import semopy

    model = (semopy.ModelMeans if dialect.means else semopy.Model)(dialect.text, cov_diag=True)
    for label, start in dialect.starts.items():
        model.parameters[label].start = start
    for parameter in model.parameters.values():
        # semopy holds variances at 0 or above without a word; lavaan and our engine do not.
        parameter.bound = (None, None)
    if dialect.means:
        model.load(data)
        model.prepare_fiml()
    else:
        model.load(cov=cov)
        # Rounding turns the discrepancy of a perfect fit negative, which semopy takes for failure.
        model.cov_logdet -= 1.0
    return model


def _minimise(model: Any, objective: str, deadline: float) -> _Minimum:
    from semopy.solver import Solver

    total, total_slope = model.get_objective(objective)
    # semopy's full-information value grows with the rows, which puts an optimiser's first steps out of scale.
    cases = model.n_samples if objective == "FIML" else 1

    def value(x: Floats) -> float:
        if time.monotonic() > deadline:
            raise SemopyFailedError("semopy reached no optimum within the time limit")
        return float(total(x)) / cases

    def slope(x: Floats) -> Floats:
        return np.asarray(total_slope(x), dtype=np.float64) / cases

    x, iterations, best = np.asarray(model.param_vals, dtype=np.float64), 0, np.inf
    for attempt in range(RESTARTS):
        method = "BFGS" if attempt % 2 and not model.constraints else "SLSQP"
        result = Solver(
            method, value, slope, x, constrs=model.constraints, options=dict(_OPTIONS[method])
        ).solve()
        iterations += int(result.n_it)
        improved = best - result.fun > TOLERANCE * max(1.0, abs(result.fun))
        if result.fun <= best:
            x, best = result.x, result.fun
        if not improved:
            break
    steepest = _slope_along_constraints(x, slope(x), model.constraints)
    if not steepest <= STEEPEST:
        raise SemopyFailedError(f"semopy stopped before an optimum (slope {steepest:.1e})")
    return _Minimum(x, float(best), steepest, iterations)


def _slope_along_constraints(x: Floats, slope: Floats, constraints: list[dict[str, Any]]) -> float:
    """Largest entry of the gradient, less what constraints hold; infinite where those are not kept."""
    if constraints:
        jacobian = np.array([constraint["jac"](x) for constraint in constraints], dtype=np.float64)
        multipliers = np.linalg.lstsq(jacobian.T, slope, rcond=None)[0]
        slope = slope - jacobian.T @ multipliers
        if max(abs(float(constraint["fun"](x))) for constraint in constraints) > VIOLATION:
            return np.inf
    return float(np.abs(slope).max(initial=0.0))


@contextmanager
def _quiet() -> Iterator[None]:
    """No warning, no line on the root logger (whose first use would install a handler) from semopy."""
    root = logging.getLogger()
    handler, record_filter = logging.NullHandler(), _not_from_semopy
    root.addHandler(handler)
    root.addFilter(record_filter)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            yield
    finally:
        root.removeFilter(record_filter)
        root.removeHandler(handler)


def _not_from_semopy(record: logging.LogRecord) -> bool:
    return "semopy" not in record.pathname
