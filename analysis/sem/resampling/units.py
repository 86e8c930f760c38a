"""What is drawn: complete rows, or whole clusters, as sums that one product turns into moments."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Protocol, Self

import numpy as np
from numpy.typing import NDArray

from analysis.sem.resampling.batched_moments import Moments
from analysis.sem.resampling.discrepancy import SLOPES, ml_value

__all__ = ["CompleteUnits", "Resampled", "ResampledMoments", "Units", "complete_units"]

Floats = NDArray[np.float64]
Ints = NDArray[np.intp]

UNBIASED = ("GLS", "ULS")
# Sums of products are kept for all units up to this many numbers (64 MiB), else made anew in slices of units.
KEPT_VALUES = 8_388_608
SLICE_VALUES = 1_048_576


class Resampled(Protocol):
    """Statistics of b draws of one group, and the slope of the discrepancy they define.

    n: (b,) cases; cov (b, p, p), mean (b, p): moments for fixed.x cells.
    """

    @property
    def n(self) -> Floats:
        """Cases (b,)."""
        ...

    @property
    def cov(self) -> Floats:
        """(b, p, p)."""
        ...

    @property
    def mean(self) -> Floats:
        """(b, p)."""
        ...

    def slope(self, at: Moments) -> tuple[Floats, Floats | None]:
        """(dF/dSigma / 2, dF/dmu / 2), (b, p, p) and (b, p), at moments of b draws or one theta for all."""
        ...

    def discrepancy(self, at: Moments) -> Floats:
        """F (b,) itself, for the likelihood-ratio statistic of complete data."""
        ...

    def take(self, which: Ints) -> Self:
        """The same for some draws."""
        ...


class Units(Protocol):
    """What is drawn with replacement in one group."""

    @property
    def size(self) -> int:
        """Number of units."""
        ...

    def resample(self, counts: Floats) -> Resampled:
        """Statistics of draws that take unit u counts[:, u] times; counts (b, U)."""
        ...

    def nudged(self, start: int, stop: int, by: float) -> Resampled:
        """Statistics of all units with unit start + k counted 1 + by times, k = 0 … stop - start - 1."""
        ...


@dataclass(frozen=True, slots=True, eq=False)
class ResampledMoments:
    """Moments of b draws of one group: n (b,) cases, cov (b, p, p) with divisor n, mean (b, p).

    estimator: a key of SLOPES; meanstructure: whether the means take part in the discrepancy.
    """

    n: Floats
    cov: Floats
    mean: Floats
    estimator: str
    meanstructure: bool

    def slope(self, at: Moments) -> tuple[Floats, Floats | None]:
        """See `Resampled.slope`."""
        mean = self.mean if self.meanstructure else None
        if self.estimator not in UNBIASED:
            return SLOPES[self.estimator](at, self.cov, mean)
        # lavaan's least squares: S divided by n - 1, and a group's discrepancy times (n - 1) / n.
        share = (self.n - 1.0) / self.n
        dsigma, dmu = SLOPES[self.estimator](at, self.cov / share[:, None, None], mean)
        return dsigma * share[:, None, None], None if dmu is None else dmu * share[:, None]

    def discrepancy(self, at: Moments) -> Floats:
        """Normal-theory F (b,)."""
        return ml_value(at, self.cov, self.mean if self.meanstructure else None)

    def take(self, which: Ints) -> ResampledMoments:
        """The same for some draws."""
        return replace(self, n=self.n[which], cov=self.cov[which], mean=self.mean[which])


@dataclass(frozen=True, slots=True, eq=False)
class CompleteUnits:
    """Rows of one group about their mean, in the order of their units.

    rows: (n, p) centred; centre: (p,); first: (U,) first row of each unit; kept: (U, 1 + p + p(p+1)/2)
    sums of (1, x, x x') by unit, or None where they would be too large to keep.
    """

    rows: Floats
    centre: Floats
    first: Ints
    kept: Floats | None
    estimator: str
    meanstructure: bool

    @property
    def size(self) -> int:
        """Number of units to draw from."""
        return len(self.first)

    def resample(self, counts: Floats) -> ResampledMoments:
        """Moments of draws that take unit u counts[:, u] times; counts (b, U)."""
        if self.kept is not None:
            return self._moments(counts @ self.kept)
        sums = np.zeros((len(counts), _width(self.rows.shape[1])))
        step = max(1, SLICE_VALUES // sums.shape[1])
        for a in range(0, self.size, step):
            sums += counts[:, a : a + step] @ self._sums(a, min(a + step, self.size))
        return self._moments(sums)

    def nudged(self, start: int, stop: int, by: float) -> ResampledMoments:
        """Moments of all units with unit start + k counted 1 + by times."""
        n, p = self.rows.shape
        i, j = np.triu_indices(p)
        total = np.concatenate([[n], self.rows.sum(axis=0), (self.rows.T @ self.rows)[i, j]])
        return self._moments(total + by * self._sums(start, stop))

    def _sums(self, start: int, stop: int) -> Floats:
        if self.kept is not None:
            return self.kept[start:stop]
        return _sums(self.rows, self.first, start, stop)

    def _moments(self, sums: Floats) -> ResampledMoments:
        p = self.rows.shape[1]
        i, j = np.triu_indices(p)
        n = sums[:, 0]
        mean = sums[:, 1 : 1 + p] / n[:, None]
        upper = sums[:, 1 + p :] / n[:, None]
        upper -= mean[:, i] * mean[:, j]
        cov = np.empty((len(sums), p, p))
        cov[:, i, j] = upper
        cov[:, j, i] = upper
        return ResampledMoments(n, cov, mean + self.centre, self.estimator, self.meanstructure)


def complete_units(
    rows: Floats, estimator: str, meanstructure: bool, cluster: Ints | None = None
) -> CompleteUnits:
    """Units of complete rows (n, p): each row, or each cluster where codes (n,) are given."""
    centre = rows.mean(axis=0)
    if cluster is None:
        first = np.arange(len(rows))
    else:
        order = np.argsort(cluster, kind="stable")
        rows, cluster = rows[order], cluster[order]
        first = np.flatnonzero(np.r_[True, np.diff(cluster) != 0])
    centred = rows - centre
    small = len(first) * _width(rows.shape[1]) <= KEPT_VALUES
    kept = _sums(centred, first, 0, len(first)) if small else None
    return CompleteUnits(centred, centre, first, kept, estimator, meanstructure)


def _width(p: int) -> int:
    return 1 + p + p * (p + 1) // 2


def _sums(rows: Floats, first: Ints, start: int, stop: int) -> Floats:
    """Sums of (1, x, x x') over the rows of units start … stop - 1."""
    begin = first[start]
    own = rows[begin : first[stop] if stop < len(first) else len(rows)]
    i, j = np.triu_indices(rows.shape[1])
    terms = np.concatenate([np.ones((len(own), 1)), own, own[:, i] * own[:, j]], axis=1)
    if len(own) == stop - start:
        return terms
    return np.asarray(np.add.reduceat(terms, first[start:stop] - begin, axis=0))
