"""Moments that the caller gives instead of cases."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from analysis.sem.errors import DataError
from analysis.sem.sample.moments import GroupSample, log_determinant

__all__ = ["Supplied", "supplied_samples"]

Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True, eq=False)
class Supplied:
    """Moments of one group with all the names given."""

    label: str
    names: tuple[str, ...]
    n: int
    cov: Floats
    mean: Floats

    def of(self, names: tuple[str, ...]) -> GroupSample:
        """The sample of some variables, in their order."""
        at = [self.names.index(name) for name in names]
        cov = self.cov[np.ix_(at, at)]
        return GroupSample(self.label, names, self.n, cov, self.mean[at], log_determinant(cov))


def supplied_samples(
    cov: Any, mean: Any, nobs: int | Sequence[int], *, unbiased: bool
) -> tuple[tuple[str, ...], tuple[Supplied, ...]]:
    """Labels of groups (none for one) and their moments.

    cov: a named table (DataFrame), or a mapping from group label to one; it is taken to be divided by n - 1
    and rescaled to n unless `unbiased`, as lavaan does. mean: a Series or mapping by name, or one per group.
    Raises DataError on tables that are not square, symmetric or named, and on too few cases.
    """
    if not isinstance(cov, Mapping):
        if isinstance(nobs, Sequence):
            raise DataError(
                "one number of cases per group, but one matrix", place="sample_nobs", mend="Give one."
            )
        return (), (_one("", cov, mean, nobs, unbiased),)
    labels = tuple(str(label) for label in cov)
    counts = [nobs] if isinstance(nobs, int) else list(nobs)
    if len(counts) != len(labels):
        raise DataError(
            f"{len(labels)} matrices but {len(counts)} numbers of cases",
            place="sample_nobs",
            mend="Give one number for each group.",
        )
    means = [None if mean is None else mean[label] for label in cov]
    matrices = zip(labels, cov.values(), means, counts, strict=True)
    return labels, tuple(_one(label, c, m, n, unbiased) for label, c, m, n in matrices)


def _one(label: str, cov: Any, mean: Any, n: int, unbiased: bool) -> Supplied:
    place = f"sample_cov of group {label}" if label else "sample_cov"
    if not isinstance(cov, pd.DataFrame):
        raise DataError(
            "the covariances have no names", place=place, mend="Give a DataFrame named on both sides."
        )
    names = tuple(str(name) for name in cov.columns)
    values = cov.to_numpy(dtype=np.float64)
    if values.shape[0] != values.shape[1] or len(set(names)) != len(names):
        raise DataError(
            "not a square table with one name a variable", place=place, mend="Check its rows and names."
        )
    if not np.isfinite(values).all() or not np.allclose(values, values.T, rtol=1e-6, atol=1e-10):
        raise DataError("the covariances are not symmetric numbers", place=place, mend="Check the table.")
    if n < 2:
        raise DataError(f"{n} cases are too few", place="sample_nobs", mend="Give the number of cases.")
    average = np.zeros(len(names))
    if mean is not None:
        series = pd.Series(mean)
        absent = [name for name in names if name not in series.index]
        if absent:
            raise DataError(f"no mean of {', '.join(absent)}", place="sample_mean", mend="Name every mean.")
        average = series[list(names)].to_numpy(dtype=np.float64)
    values = (values + values.T) / 2.0
    return Supplied(label, names, n, values if unbiased else values * ((n - 1) / n), average)
