"""Sample statistics of one group: all that estimation needs to know of the data."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

if TYPE_CHECKING:
    from analysis.sem.sample.ordinal.sample import OrdinalSample
    from analysis.sem.sample.patterns import Patterns

__all__ = ["GroupData", "GroupSample", "log_determinant", "sample_moments"]

Floats = NDArray[np.float64]
Ints = NDArray[np.intp]


@dataclass(frozen=True, slots=True, eq=False)
class GroupData:
    """Rows of one group as numbers: values (n, p), NaN where missing, in the order of `names`.

    index: (n,) places of the rows in the caller's table. cluster: (n,) codes 0.. or None.
    """

    label: str
    names: tuple[str, ...]
    values: Floats
    index: Ints
    cluster: Ints | None = None


@dataclass(frozen=True, slots=True, eq=False)
class GroupSample:
    """Sample statistics of one group.

    n: cases used; cov: (p, p) divided by n, or by n - 1 outside maximum likelihood; mean: (p,); logdet: log
    |cov|. rows: (n, p) the cases themselves,
    None when fitting from moments; index: (n,) their places in the caller's table; cluster: (n,) codes.
    patterns: cases by missing-data pattern (full information), with cov and mean the saturated estimates and
    saturated their discrepancy, which takes the place of logdet + p.
    ordinal: thresholds, polychorics and their weights, with cov the latent-response covariance matrix.
    """

    label: str
    names: tuple[str, ...]
    n: int
    cov: Floats
    mean: Floats
    logdet: float
    rows: Floats | None = None
    index: Ints | None = None
    cluster: Ints | None = None
    patterns: Patterns | None = None
    saturated: float = 0.0
    ordinal: OrdinalSample | None = None


def sample_moments(data: GroupData, *, unbiased: bool = False) -> GroupSample:
    """Moments of the complete rows of a group: divisor n (likelihood "normal"), or n - 1 if `unbiased`."""
    complete = ~np.isnan(data.values).any(axis=1)
    rows = data.values if complete.all() else data.values[complete]
    n = len(rows)
    mean = rows.mean(axis=0)
    centred = rows - mean
    cov = centred.T @ centred / (n - 1 if unbiased else n)
    return GroupSample(
        label=data.label,
        names=data.names,
        n=n,
        cov=cov,
        mean=mean,
        logdet=log_determinant(cov),
        rows=rows,
        index=data.index if complete.all() else data.index[complete],
        cluster=None if data.cluster is None else data.cluster[complete],
    )


def log_determinant(cov: Floats) -> float:
    """log |cov|, minus infinity where a variable is constant."""
    sign, value = np.linalg.slogdet(cov)
    return float(value) if sign > 0 else -np.inf
