"""Incomplete rows as units of a draw: their patterns reweighted, never rebuilt."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from analysis.sem.resampling.batched_moments import Moments
from analysis.sem.sample.full_information import discrepancy
from analysis.sem.sample.patterns import Patterns, pattern_statistics

__all__ = ["IncompleteUnits", "ResampledPatterns", "reweighted"]

Floats = NDArray[np.float64]
Ints = NDArray[np.intp]


@dataclass(frozen=True, slots=True, eq=False)
class ResampledPatterns:
    """Pattern statistics of b draws of one group; cov and mean hold for complete columns only (fixed.x)."""

    n: Floats
    cov: Floats
    mean: Floats
    patterns: tuple[Patterns, ...]

    def slope(self, at: Moments) -> tuple[Floats, Floats | None]:
        """See `Resampled.slope`; NaN where sigma is not positive definite."""
        sigma, mu = (np.broadcast_to(x, (len(self.n), *x.shape[1:])) for x in (at.sigma, at.mu))
        dsigma, dmu = np.full(sigma.shape, np.nan), np.full(mu.shape, np.nan)
        for k, patterns in enumerate(self.patterns):
            try:
                found = discrepancy(patterns, sigma[k], mu[k])
            except np.linalg.LinAlgError:
                continue
            dsigma[k], dmu[k] = 0.5 * found.dsigma, 0.5 * found.dmu
        return dsigma, dmu

    def discrepancy(self, at: Moments) -> Floats:
        """-2 log-likelihood per case (b,), less its constant."""
        sigma, mu = at.sigma, at.mu
        return np.array(
            [discrepancy(x, s, m).value for x, s, m in zip(self.patterns, sigma, mu, strict=True)]
        )

    def take(self, which: Ints) -> ResampledPatterns:
        """The same for some draws."""
        patterns = tuple(self.patterns[k] for k in which.tolist())
        return replace(self, n=self.n[which], cov=self.cov[which], mean=self.mean[which], patterns=patterns)


@dataclass(frozen=True, slots=True, eq=False)
class IncompleteUnits:
    """Rows of one group (n, p), NaN where missing; cluster: (n,) codes 0 … U - 1 of clusters drawn whole."""

    rows: Floats
    cluster: Ints | None

    @property
    def size(self) -> int:
        """Number of units to draw from."""
        return len(self.rows) if self.cluster is None else int(self.cluster.max()) + 1

    def resample(self, counts: Floats) -> ResampledPatterns:
        """Statistics of draws that take unit u counts[:, u] times; counts (b, U)."""
        weights = counts if self.cluster is None else counts[:, self.cluster]
        n = weights.sum(axis=1)
        filled = np.where(np.isnan(self.rows), 0.0, self.rows)
        mean = weights @ filled / n[:, None]
        cov = np.stack([(filled * w[:, None]).T @ filled for w in weights]) / n[:, None, None]
        cov -= mean[:, :, None] * mean[:, None, :]
        return ResampledPatterns(n, cov, mean, tuple(reweighted(self.rows, w) for w in weights))

    def nudged(self, start: int, stop: int, by: float) -> ResampledPatterns:
        """Statistics of all units with unit start + k counted 1 + by times."""
        counts = np.ones((stop - start, self.size))
        counts[np.arange(stop - start), np.arange(start, stop)] += by
        return self.resample(counts)


def reweighted(rows: Floats, weights: Floats) -> Patterns:
    """Patterns of the rows (n, p) that have weight."""
    drawn = weights > 0.0
    return pattern_statistics(rows[drawn], weights[drawn])
