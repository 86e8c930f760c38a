"""Checked sample statistics of a group with ordered variables, as estimation and reports need them."""

from __future__ import annotations

from collections.abc import Collection

import numpy as np
from numpy.typing import NDArray

from analysis.sem.findings import Finding
from analysis.sem.sample.moments import GroupData, GroupSample
from analysis.sem.sample.ordinal.checks import check_values, not_estimable, remarks, too_few_rows
from analysis.sem.sample.ordinal.margins import NoMaximumError
from analysis.sem.sample.ordinal.sample import Levels, OrdinalSample
from analysis.sem.sample.ordinal.two_stage import TwoStage, two_stage

__all__ = ["ordinal_sample", "weight_of"]

Floats = NDArray[np.float64]
Ints = NDArray[np.intp]


def ordinal_sample(
    data: GroupData, levels: Levels, covariates: Collection[str] = (), *, with_gamma: bool = True
) -> tuple[GroupSample, tuple[Finding, ...]]:
    """Two-stage statistics of the complete rows of a group, given its ``covariates``.

    ``levels``: from :func:`checks.ordered_levels`. The sample's cov and mean are those of all variables,
    ordered ones as latent responses: for these and covariates together, the (p, p) total covariance matrix.
    Raises DataError where a continuous variable is constant, covariates are linearly dependent or separate
    the categories of an ordered variable, or rows are too few.
    """
    kept = ~np.isnan(data.values).any(axis=1)
    values = data.values[kept]
    place = f"group {data.label}" if data.label else "data"
    fixed = np.array([name in covariates for name in data.names])
    outcome, covariate = np.flatnonzero(~fixed), np.flatnonzero(fixed)
    names = tuple(data.names[i] for i in outcome)
    x = values[:, covariate]
    check_values(values, data.names, levels, x, place)
    columns = zip(names, values[:, outcome].T, strict=True)
    codes = np.column_stack([_coded(column, levels.get(name)) for name, column in columns])
    categories = tuple(len(levels[name]) if name in levels else 0 for name in names)
    # Scores sum to zero: a margin with as many parameters as rows has a singular information matrix.
    if len(values) <= max(categories) + len(covariate):
        raise too_few_rows(len(values), place)
    try:
        stage = two_stage(codes, categories, x if len(covariate) else None, with_gamma=with_gamma)
    except NoMaximumError as separated:
        raise not_estimable(names[separated.args[0]], place) from None
    except np.linalg.LinAlgError:
        raise too_few_rows(len(values), place) from None
    centred = x - x.mean(axis=0)
    ordinal = OrdinalSample(
        names=names,
        covariates=tuple(data.names[i] for i in covariate),
        outcome=outcome,
        covariate=covariate,
        levels={name: levels[name] for name in names if name in levels},
        stage=stage,
        weight=weight_of(stage),
        covariate_cov=centred.T @ centred / max(len(x) - 1, 1),
        covariate_mean=x.mean(axis=0),
    )
    cov, mean = _total_moments(ordinal)
    sample = GroupSample(
        label=data.label,
        names=data.names,
        n=len(values),
        cov=cov,
        mean=mean,
        logdet=float(np.linalg.slogdet(cov)[1]),
        rows=values,
        index=data.index[kept],
        cluster=None if data.cluster is None else data.cluster[kept],
        ordinal=ordinal,
    )
    return sample, tuple(remarks(ordinal.names, stage, data.label))


def weight_of(stage: TwoStage) -> Floats:
    """(m,) 1 / diag Γ, 0 where Γ is 0."""
    variance = np.zeros(0) if stage.gamma is None else stage.gamma.diagonal()
    return np.divide(1.0, variance, out=np.zeros(len(variance)), where=variance > 0.0)


def _coded(column: Floats, levels: Floats | None) -> Floats:
    return column if levels is None else np.searchsorted(levels, column).astype(float)


def _total_moments(ordinal: OrdinalSample) -> tuple[Floats, Floats]:
    """Covariances and means of all variables from residual ones, slopes and the covariates' moments."""
    stage, y, x = ordinal.stage, ordinal.outcome, ordinal.covariate
    p = len(y) + len(x)
    cov, mean = np.zeros((p, p)), np.zeros(p)
    with_x = stage.slopes @ ordinal.covariate_cov
    cov[np.ix_(y, y)] = stage.cov + with_x @ stage.slopes.T
    cov[np.ix_(y, x)] = with_x
    cov[np.ix_(x, y)] = with_x.T
    cov[np.ix_(x, x)] = ordinal.covariate_cov
    is_mean = stage.layout.location_is_mean
    mean[y[stage.layout.location_variable[is_mean]]] = stage.locations[is_mean]
    mean[y] += stage.slopes @ ordinal.covariate_mean
    mean[x] = ordinal.covariate_mean
    return cov, mean
