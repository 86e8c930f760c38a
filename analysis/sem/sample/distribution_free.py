"""Covariances of continuous variables with their distribution-free Γ (Browne, 1984)."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from analysis.sem.sample.moments import GroupData, GroupSample, sample_moments
from analysis.sem.sample.ordinal.layout import Layout
from analysis.sem.sample.ordinal.sample import OrdinalSample
from analysis.sem.sample.ordinal.statistics import weight_of
from analysis.sem.sample.ordinal.two_stage import TwoStage

__all__ = ["distribution_free_sample"]

Floats = NDArray[np.float64]


def distribution_free_sample(data: GroupData, *, meanstructure: bool) -> GroupSample:
    """Statistics of the complete rows of a group: minus means (with a mean structure), then covariances.

    As lavaan: covariances are divided by n − 1, their Γ, fourth-order moments, by n.
    """
    sample = sample_moments(data, unbiased=True)
    rows, p = sample.rows, len(sample.names)
    if rows is None:
        raise ValueError("fourth-order moments need the cases")
    layout = Layout((0,) * p, 0, means=meanstructure)
    stage = TwoStage(
        layout=layout,
        locations=sample.mean if meanstructure else np.empty(0),
        slopes=np.empty((p, 0)),
        cov=sample.cov,
        gamma=_gamma(rows, layout),
        n=sample.n,
        empty_pairs=(),
    )
    ordinal = OrdinalSample(
        names=sample.names,
        covariates=(),
        outcome=np.arange(p),
        covariate=np.empty(0, dtype=np.intp),
        levels={},
        stage=stage,
        weight=weight_of(stage),
        covariate_cov=np.empty((0, 0)),
        covariate_mean=np.empty(0),
    )
    return GroupSample(
        label=sample.label,
        names=sample.names,
        n=sample.n,
        cov=sample.cov,
        mean=sample.mean,
        logdet=sample.logdet,
        rows=rows,
        index=sample.index,
        cluster=sample.cluster,
        ordinal=ordinal,
    )


def _gamma(rows: Floats, layout: Layout) -> Floats:
    """Covariance (m, m), divisor n, of the products whose means the statistics are."""
    centred = rows - rows.mean(axis=0)
    first, second = layout.pair_index
    products = np.column_stack([centred**2, centred[:, first] * centred[:, second]])
    if layout.n_locations:
        products = np.column_stack([-centred, products])
    products -= products.mean(axis=0)
    return np.asarray(products.T @ products / len(rows))
