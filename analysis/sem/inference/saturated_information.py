"""Information about the moments (mu, vech Sigma) themselves, complete or incomplete, at any moments.

Expected: normal theory (Browne, 1974); observed: minus second derivatives of the log-likelihood; first order:
mean outer product of casewise scores. Per case, exogenous moments included, the mean part only on demand.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from analysis.sem.estimation.fiml_estimator import outer_product
from analysis.sem.inference.fiml_corrected import complete_information
from analysis.sem.sample import full_information as fiml
from analysis.sem.sample.moments import GroupSample
from analysis.sem.sample.patterns import Patterns

__all__ = ["expected", "first_order", "observed", "used_moments"]

Floats = NDArray[np.float64]
Ints = NDArray[np.intp]


def expected(sample: GroupSample, sigma: Floats, mu: Floats) -> Floats:
    """(p + p*, p + p*) at sigma (p, p), mu (p,)."""
    if sample.patterns is None:
        return complete_information(sigma)
    return fiml.expected_information(sample.patterns, sigma, mu)


def observed(sample: GroupSample, sigma: Floats, mu: Floats) -> Floats:
    """(p + p*, p + p*) at sigma (p, p), mu (p,)."""
    return fiml.observed_information(sample.patterns or _complete(sample), sigma, mu)


def first_order(sample: GroupSample, *, clustered: bool = False) -> Floats:
    """(p + p*, p + p*) at the sample's own moments; clustered: scores summed within clusters."""
    if sample.rows is None:
        raise ValueError("casewise scores need the cases")
    casewise = fiml.scores(sample.rows, sample.cov, sample.mean)
    return outer_product(casewise, sample.cluster if clustered else None) / sample.n


def used_moments(p: int, exogenous: Ints, meanstructure: bool) -> Ints:
    """Places in (mu, vech Sigma) of the moments a model explains: no means without a mean structure, none of
    exogenous variables alone."""
    fixed = np.isin(np.arange(p), exogenous)
    j, i = np.triu_indices(p)
    means = ~fixed if meanstructure else np.zeros(p, dtype=bool)
    return np.flatnonzero(np.concatenate([means, ~(fixed[i] & fixed[j])]))


def _complete(sample: GroupSample) -> Patterns:
    p = len(sample.mean)
    return Patterns(
        observed=np.ones((1, p), dtype=bool),
        n=np.array([float(sample.n)]),
        mean=sample.mean[None, :],
        repeated=np.zeros(1, dtype=np.intp),
        cross=sample.n * sample.cov[None, :, :],
    )
