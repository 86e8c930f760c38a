"""Where each first-stage statistic stands in the vector of all of them (lavaan's order)."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

Index = NDArray[np.intp]


@dataclass(frozen=True)
class Layout:
    """Order of the statistics of p variables with q covariates.

    Locations first (thresholds of an ordered variable, minus the mean of a continuous one, variable by
    variable), then the slopes (all variables on the first covariate, on the second, …), the variances of the
    continuous variables, and the p(p−1)/2 correlations (covariances) down the columns of the lower triangle.
    ``n_categories``: (p,), 0 for a continuous variable. ``means``: whether continuous variables have theirs.
    """

    n_categories: tuple[int, ...]
    n_covariates: int
    means: bool = True

    @property
    def n_variables(self) -> int:
        """p."""
        return len(self.n_categories)

    @cached_property
    def location_variable(self) -> Index:
        """(number of locations,) variable of each."""
        return np.repeat(np.arange(self.n_variables), [self._locations(k) for k in self.n_categories])

    def _locations(self, n_categories: int) -> int:
        return n_categories - 1 if n_categories else int(self.means)

    @cached_property
    def location_start(self) -> Index:
        """(p,) place of each variable's first location."""
        return np.searchsorted(self.location_variable, np.arange(self.n_variables))

    @cached_property
    def location_is_mean(self) -> NDArray[np.bool_]:
        """(number of locations,) true where it is a continuous variable's (minus) mean."""
        return np.array([k == 0 for k in self.n_categories])[self.location_variable]

    @cached_property
    def continuous(self) -> Index:
        """Continuous variables, in order."""
        return np.flatnonzero(np.array(self.n_categories) == 0)

    @cached_property
    def pairs(self) -> list[tuple[int, int]]:
        """(first, second), first < second, in the order of the correlations."""
        p = self.n_variables
        return [(j, i) for j in range(p) for i in range(j + 1, p)]

    @cached_property
    def pair_index(self) -> tuple[Index, Index]:
        """First and second variable of each pair."""
        first, second = np.array(self.pairs, dtype=np.intp).reshape(-1, 2).T
        return first, second

    @cached_property
    def tau(self) -> Index:
        """(number of locations,) place among all thresholds, −1 for a mean."""
        return np.where(self.location_is_mean, -1, np.cumsum(~self.location_is_mean) - 1)

    @property
    def n_locations(self) -> int:
        """Thresholds and means."""
        return len(self.location_variable)

    @property
    def n_univariate(self) -> int:
        """Statistics before the correlations."""
        return self.n_locations + self.n_variables * self.n_covariates + len(self.continuous)

    @property
    def n_statistics(self) -> int:
        """All of them."""
        return self.n_univariate + len(self.pairs)

    def locations(self, variable: int) -> Index:
        """Places of a variable's locations."""
        start = int(self.location_start[variable])
        return np.arange(start, start + self._locations(self.n_categories[variable]))

    def slopes(self, variable: int) -> Index:
        """Places of a variable's slopes, (q,)."""
        return self.n_locations + variable + self.n_variables * np.arange(self.n_covariates)

    def variance(self, variable: int) -> int:
        """Place of a continuous variable's variance."""
        before = int(np.searchsorted(self.continuous, variable))
        return self.n_locations + self.n_variables * self.n_covariates + before

    def univariate(self, variable: int) -> Index:
        """Places of all first-step statistics of one variable."""
        own = [self.locations(variable), self.slopes(variable)]
        if self.n_categories[variable] == 0:
            own.append(np.array([self.variance(variable)]))
        return np.concatenate(own)
