"""One draw fitted by the engine itself, from the whole sample's estimates: for whatever has no batched form.

That is ordered variables, nonlinear constraints, and the rare draw on which the batched steps do not settle.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from analysis.sem.errors import SemError
from analysis.sem.estimation.estimator import Estimator
from analysis.sem.estimation.objective import Objective
from analysis.sem.estimation.optimise import minimise
from analysis.sem.model.cells import Cells, fix_exogenous
from analysis.sem.model.constraints import Constraints
from analysis.sem.resampling.incomplete import reweighted
from analysis.sem.resampling.values import Watched
from analysis.sem.sample.distribution_free import distribution_free_sample
from analysis.sem.sample.moments import GroupData, GroupSample, sample_moments
from analysis.sem.sample.ordinal.statistics import ordinal_sample

__all__ = ["DrawFailed", "Refit", "watch"]

Floats = NDArray[np.float64]
Ints = NDArray[np.intp]


class DrawFailed(Exception):  # noqa: N818 - an outcome that is counted
    """A draw cannot be fitted; the message is the reason that is counted."""


@dataclass(frozen=True, slots=True, eq=False)
class Refit:
    """What the engine needs to fit a draw; clusters: (n,) codes 0 … U - 1 per group, or None."""

    estimator: Estimator
    cells: Cells
    constraints: Constraints
    samples: tuple[GroupSample, ...]
    clusters: tuple[Ints | None, ...]
    theta: Floats
    watched: tuple[Watched, ...] = ()

    def draw(self, counts: Sequence[Floats]) -> tuple[Floats, Floats, float]:
        """theta (q,), watched moments (w,) and twice the value times N of the draw that takes unit u
        counts[g][u] times.

        Raises DrawFailed where it has no solution.
        """
        weights = [c if k is None else c[k] for c, k in zip(counts, self.clusters, strict=True)]
        try:
            samples = tuple(self._sample(s, w) for s, w in zip(self.samples, weights, strict=True))
            cells = fix_exogenous(self.cells, [s.cov for s in samples], [s.mean for s in samples])
            found = minimise(Objective(self.estimator, cells, samples), self.constraints, self.theta)
        except SemError as error:
            raise DrawFailed(str(error)) from error
        except np.linalg.LinAlgError as error:
            raise DrawFailed("a covariance matrix of the draw is singular") from error
        if not found.converged:
            raise DrawFailed(found.reason)
        statistic = 2.0 * sum(s.n for s in samples) * found.point.value
        return (
            found.point.theta,
            watch(self.watched, [s.cov for s in samples], [s.mean for s in samples]),
            statistic,
        )

    def _sample(self, sample: GroupSample, weights: Floats) -> GroupSample:
        rows = sample.rows
        if rows is None:
            raise ValueError("a draw needs the cases")
        if sample.patterns is not None:
            return _incomplete(sample, rows, weights)
        place = np.repeat(np.arange(len(rows)), weights.astype(np.intp))
        data = GroupData(sample.label, sample.names, rows[place], place)
        if sample.ordinal is None:
            return sample_moments(data, unbiased=self.estimator.unbiased)
        if not sample.ordinal.levels:
            return distribution_free_sample(data, meanstructure=self.cells.meanstructure)
        for name, levels in sample.ordinal.levels.items():
            seen = np.unique(data.values[:, sample.names.index(name)])
            if len(seen) < len(levels):
                raise DrawFailed("a category of an ordered variable is empty")
        return ordinal_sample(data, sample.ordinal.levels, sample.ordinal.covariates)[0]


def watch(watched: Sequence[Watched], covs: Sequence[Floats], means: Sequence[Floats]) -> Floats:
    """Watched moments (..., w) from the groups' cov (..., p, p) and mean (..., p)."""
    picked = [covs[w.group][..., w.i, w.j] if w.j >= 0 else means[w.group][..., w.i] for w in watched]
    return np.stack(picked, axis=-1) if picked else np.empty((*means[0].shape[:-1], 0))


def _incomplete(sample: GroupSample, rows: Floats, weights: Floats) -> GroupSample:
    filled = np.where(np.isnan(rows), 0.0, rows)
    n = float(weights.sum())
    mean = weights @ filled / n
    cov = (filled * weights[:, None]).T @ filled / n - np.outer(mean, mean)
    return replace(sample, n=int(n), cov=cov, mean=mean, patterns=reweighted(rows, weights))
