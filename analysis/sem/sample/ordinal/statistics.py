"""Checked sample statistics of a group with ordered variables, as estimation and reports need them."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from analysis.sem.errors import DataError
from analysis.sem.findings import Finding
from analysis.sem.sample.moments import GroupData, GroupSample
from analysis.sem.sample.ordinal.two_stage import TwoStage, two_stage

__all__ = ["OrdinalSample", "numeric_after_all", "ordered_levels", "ordinal_sample"]

Floats = NDArray[np.float64]
Ints = NDArray[np.intp]
Levels = Mapping[str, Floats]

# Above this many categories nothing is gained over treating a variable as continuous (Rhemtulla et al., 2012,
# find 5 to 7 enough), and two-way tables are mostly empty. lavaan warns at the same number.
MANY_CATEGORIES = 12
# A polychoric correlation so near ±1 has no useful standard error; lavaan warns at the same value.
NEARLY_ONE = 0.99


@dataclass(frozen=True, slots=True, eq=False)
class OrdinalSample:
    """Two-stage statistics of one group.

    names: the p_y modelled variables, in order · covariates: the q names they are regressed on ·
    outcome (p_y,), covariate (q,): places of both among all variables ·
    levels: values of each ordered variable behind its codes · stage: the statistics, see TwoStage ·
    weight: (m,) 1 / diag Γ, 0 where Γ is 0 ·
    covariate_cov (q, q), covariate_mean (q,): sample moments of the covariates, divisor n − 1 as in lavaan.
    """

    names: tuple[str, ...]
    covariates: tuple[str, ...]
    outcome: Ints
    covariate: Ints
    levels: Levels
    stage: TwoStage
    weight: Floats
    covariate_cov: Floats
    covariate_mean: Floats

    @property
    def gamma(self) -> Floats:
        """(m, m), n times the covariance of the statistics."""
        if self.stage.gamma is None:
            raise ValueError("the sample was made without gamma")
        return self.stage.gamma

    def threshold(self, name: str, label: str) -> float:
        """Sample threshold of a variable, labelled t1, t2, …"""
        start = self.stage.layout.location_start[self.names.index(name)]
        return float(self.stage.locations[start + int(label[1:]) - 1])

    @property
    def n_correlations(self) -> int:
        """Statistics that an independence model leaves unexplained: the last ones of the m."""
        return len(self.stage.layout.pairs)


def numeric_after_all(
    ordered: Collection[str], observed: Collection[str], exogenous: Collection[str]
) -> tuple[Finding, ...]:
    """Tells which variables named as ordered are not treated so: predictors, and those not in the model."""
    out: tuple[Finding, ...] = ()
    fixed = tuple(name for name in ordered if name in exogenous)
    absent = tuple(name for name in ordered if name not in observed)
    if fixed:
        message = f"{', '.join(fixed)} in ordered= only predicts others and is used as a number."
        mend = "For more than two categories use one 0/1 variable for each but one."
        out += (Finding("ordered_predictor", message, mend, fixed),)
    if absent:
        message = f"{', '.join(absent)} in ordered= is not in the model."
        out += (Finding("ordered_not_in_model", message, "Check the spelling.", absent),)
    return out


def ordered_levels(
    groups: Sequence[GroupData], ordered: Collection[str]
) -> tuple[dict[str, Floats], tuple[Finding, ...]]:
    """Values of each ordered variable, sorted, over the complete rows of all groups.

    Raises DataError where a variable has one value only, or a group lacks a value that another has: its
    thresholds would not be comparable.
    """
    complete = [group.values[~np.isnan(group.values).any(axis=1)] for group in groups]
    levels: dict[str, Floats] = {}
    for column, name in enumerate(groups[0].names):
        if name not in ordered:
            continue
        levels[name] = np.unique(np.concatenate([rows[:, column] for rows in complete]))
        if len(levels[name]) < 2:
            raise DataError(
                f"{name} has the same category in every complete row",
                mend="Leave it out of the model: it cannot be related to anything.",
            )
        for group, rows in zip(groups, complete, strict=True):
            missing = np.setdiff1d(levels[name], rows[:, column])
            if len(missing):
                raise DataError(
                    f"{name} has no row in category {_listed(missing)}",
                    place=f"group {group.label}",
                    mend="Merge it with a neighbouring category in every group, or leave the group out.",
                )
    many = tuple(name for name, values in levels.items() if len(values) > MANY_CATEGORIES)
    if not many:
        return levels, ()
    message = f"{', '.join(many)} has more than {MANY_CATEGORIES} categories."
    mend = "Treat it as continuous (leave it out of ordered), or merge categories."
    return levels, (Finding("many_categories", message, mend, many),)


def ordinal_sample(
    data: GroupData, levels: Levels, covariates: Collection[str] = (), *, with_gamma: bool = True
) -> tuple[GroupSample, tuple[Finding, ...]]:
    """Two-stage statistics of the complete rows of a group, given its ``covariates``.

    ``levels``: from :func:`ordered_levels`. The sample's cov and mean are those of all variables, ordered
    ones as latent responses: for these and covariates together, the (p, p) total covariance matrix.
    Raises DataError where a continuous variable is constant, or covariates are linearly dependent.
    """
    kept = ~np.isnan(data.values).any(axis=1)
    values = data.values[kept]
    place = f"group {data.label}" if data.label else "data"
    fixed = np.array([name in covariates for name in data.names])
    outcome, covariate = np.flatnonzero(~fixed), np.flatnonzero(fixed)
    names = tuple(data.names[i] for i in outcome)
    x = values[:, covariate]
    _check(values, data.names, levels, x, place)
    columns = zip(names, values[:, outcome].T, strict=True)
    codes = np.column_stack([_coded(column, levels.get(name)) for name, column in columns])
    categories = tuple(len(levels[name]) if name in levels else 0 for name in names)
    stage = two_stage(codes, categories, x if len(covariate) else None, with_gamma=with_gamma)
    centred = x - x.mean(axis=0)
    ordinal = OrdinalSample(
        names=names,
        covariates=tuple(data.names[i] for i in covariate),
        outcome=outcome,
        covariate=covariate,
        levels={name: levels[name] for name in names if name in levels},
        stage=stage,
        weight=_weight(stage),
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
    return sample, tuple(_remarks(ordinal, data.label))


def _weight(stage: TwoStage) -> Floats:
    variance = np.zeros(0) if stage.gamma is None else stage.gamma.diagonal()
    return np.divide(1.0, variance, out=np.zeros(len(variance)), where=variance > 0.0)


def _coded(column: Floats, levels: Floats | None) -> Floats:
    return column if levels is None else np.searchsorted(levels, column).astype(float)


def _check(values: Floats, names: Sequence[str], levels: Levels, x: Floats, place: str) -> None:
    if not len(values):
        raise DataError("no row is complete", place=place, mend="Leave out variables with many gaps.")
    for name, column in zip(names, values.T, strict=True):
        if name not in levels and column.min() == column.max():
            raise DataError(
                f"{name} has the same value in every complete row", place=place, mend="Leave it out."
            )
    spread = np.column_stack(
        [np.ones(len(x)), (x - x.mean(axis=0)) / np.where(x.std(axis=0) > 0, x.std(axis=0), 1)]
    )
    if np.linalg.matrix_rank(spread) <= x.shape[1]:
        raise DataError(
            "the exogenous variables are linearly dependent",
            place=place,
            mend="Leave out those that others add up to, or collect more rows.",
        )


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


def _remarks(ordinal: OrdinalSample, label: str) -> Iterable[Finding]:
    group = f" in group {label}" if label else ""
    stage = ordinal.stage
    empty = tuple(f"{ordinal.names[i]} {ordinal.names[j]}" for i, j in stage.empty_pairs)
    if empty:
        message = f"two-way tables with empty cells{group}: {'; '.join(empty)}."
        mend = "Merging rare categories makes their correlations and standard errors steadier."
        yield Finding("empty_cells", message, mend, empty)
    sd = np.sqrt(np.diag(stage.cov))
    near = tuple(
        f"{ordinal.names[i]} {ordinal.names[j]}"
        for i, j in stage.layout.pairs
        if abs(stage.cov[i, j]) > NEARLY_ONE * sd[i] * sd[j]
    )
    if near:
        message = f"correlations of nearly ±1{group}: {'; '.join(near)}."
        mend = "They say the same, or their table is too sparse to tell: leave one out or merge categories."
        yield Finding("correlation_nearly_one", message, mend, near)
    if np.linalg.eigvalsh(stage.cov)[0] <= 0.0:
        message = f"the matrix of polychoric correlations{group} is not positive definite."
        yield Finding(
            "correlations_not_positive_definite", message, "Collect more rows or merge rare categories."
        )


def _listed(values: Floats) -> str:
    return ", ".join(f"{value:g}" for value in values)
