"""The test statistic's distribution under data drawn by the caller: the parametric bootstrap of a model.

The caller draws whole samples from what it takes for true (Efron & Tibshirani, 1993, section 6.5; for
structural models Yuan & Hayashi, 2003, who compare it with drawing from transformed cases); each is fitted
by the batched steps of the bootstrap, from the fit's own estimates.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import partial
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from analysis.sem.errors import DataError, ModelError, SemError
from analysis.sem.estimation.objective import Objective
from analysis.sem.estimation.optimise import minimise_near
from analysis.sem.inference.fitted import Fitted
from analysis.sem.model.cells import fix_exogenous
from analysis.sem.resampling.bootstrap import Failed
from analysis.sem.resampling.plan import work_of
from analysis.sem.resampling.problem import Problem, solve_moments
from analysis.sem.resampling.refit import Refit
from analysis.sem.resampling.units import ResampledMoments
from analysis.sem.resampling.weights import Block, blocks
from analysis.sem.sample.moments import log_determinant
from analysis.sem.threads import one_thread

__all__ = ["DrawRows", "Parametric", "parametric_test"]

Floats = NDArray[np.float64]
DrawRows: TypeAlias = Callable[[np.random.Generator, int], Floats]
"""(generator, b) -> b samples (b, n, p), variables in the order of the fit's table."""

BLOCK_VALUES = 1_048_576
"""Numbers in the samples of one block: 8 MiB at a time, whatever the number of draws."""


@dataclass(frozen=True, slots=True, eq=False)
class Parametric:
    """chisq of the fit, pvalue by draws, draws (R,) of the statistic under the model, and failed draws."""

    chisq: float
    pvalue: float
    draws: Floats
    failed: Failed
    seed: int


def parametric_test(
    fit: Fitted, draw: DrawRows, draws: int, seed: int, progress: Callable[[int, int], None] | None = None
) -> Parametric:
    """P value of the likelihood-ratio statistic of a one-group fit by maximum likelihood, never 0
    (Davison & Hinkley, 1997, eq. 4.11): the share of drawn statistics that reach the fit's.

    The same seed gives the same draws; ``progress(done, draws)`` is called now and then. Raises ModelError
    for other fits, DataError where no draw has a solution.
    """
    if fit.method.discrepancy != "ML" or fit.method.clustered or len(fit.samples) != 1:
        raise ModelError(
            "the parametric bootstrap of the test is for maximum likelihood in one group of complete, "
            "independent cases",
            place="estimator",
            mend="Use ML or MLR with listwise deletion.",
        )
    if not fit.converged:
        raise DataError("the fit itself did not converge", place="bootstrap", mend="See its problems first.")
    work = work_of(fit.estimated, fit.method, fit.vcov, statistic=True)
    if work.problem is None:
        raise ModelError(
            "a model with nonlinear constraints has no batched form",
            place="bootstrap",
            mend="Leave out the nonlinear constraints.",
        )
    n, p = fit.samples[0].n, len(fit.table.observed)
    statistics, reasons = [], Counter[str]()
    with one_thread(), np.errstate(all="ignore"):
        for block in blocks(draws, max(1, BLOCK_VALUES // (n * p)), seed):
            rows = draw(_stream(block), block.size)
            tick = partial(_told, progress, draws, block.start)
            found, why = _statistics(work.problem, work.refit, rows, tick)
            tick(block.size)
            statistics.append(found)
            reasons.update(why)
    every = np.concatenate(statistics)
    kept = every[np.isfinite(every)]
    if not len(kept):
        raise DataError("no draw has a solution", place="bootstrap", mend="Mend the model first.")
    chisq = float(fit.estimated.chisq_by_group.sum())
    pvalue = (1 + int((kept >= chisq).sum())) / (1 + len(kept))
    return Parametric(chisq, pvalue, kept, Failed(draws - len(kept), dict(reasons.most_common())), seed)


def _stream(block: Block) -> np.random.Generator:
    return np.random.default_rng(np.random.SeedSequence(block.seed, spawn_key=(block.number,)))


def _told(progress: Callable[[int, int], None] | None, draws: int, before: int, done: int) -> None:
    if progress is not None:
        progress(before + done, draws)


def _statistics(
    problem: Problem, refit: Refit, rows: Floats, tick: Callable[[int], None]
) -> tuple[Floats, list[str]]:
    """Statistics (b,) of samples (b, n, p), NaN for those without a solution, and the reasons.

    ``tick``: called with how many are done.
    """
    mean = rows.mean(axis=1)
    centred = rows - mean[:, None]
    cov = centred.transpose(0, 2, 1) @ centred / rows.shape[1]
    count = np.full(len(rows), float(rows.shape[1]))
    found = solve_moments(problem, [ResampledMoments(count, cov, mean, "ML", refit.cells.meanstructure)])
    statistic, reasons = found.statistic.copy(), []
    unsettled = np.flatnonzero(~found.settled)
    for done, k in enumerate(unsettled):
        # The settled ones came at once; what takes time are the others.
        tick(len(rows) - len(unsettled) + done)
        try:
            statistic[k] = _refitted(refit, cov[k], mean[k])
        except (SemError, np.linalg.LinAlgError) as error:
            statistic[k] = np.nan
            reasons.append(str(error))
    return statistic, reasons


def _refitted(refit: Refit, cov: Floats, mean: Floats) -> float:
    """The statistic by the engine itself, for a draw on which the batched steps do not settle.

    One search only: where it does not settle either, the discrepancy falls towards infinite parameters (few
    cases, many parameters) and has no minimum to compare, and looking for one costs seconds a draw. The
    draws that remain are those that have a solution, as the fit itself had to have.
    """
    sample = replace(refit.samples[0], cov=cov, mean=mean, logdet=log_determinant(cov), rows=None)
    cells = fix_exogenous(refit.cells, [cov], [mean])
    found = minimise_near(Objective(refit.estimator, cells, (sample,)), refit.constraints, refit.theta)
    if not found.converged:
        raise DataError(found.reason)
    return 2.0 * sample.n * found.point.value
