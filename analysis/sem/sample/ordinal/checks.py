"""What ordered data can and cannot carry: categories, constant columns, empty cells; place and mend."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from analysis.sem.errors import DataError
from analysis.sem.findings import Finding
from analysis.sem.sample.moments import GroupData
from analysis.sem.sample.ordinal.two_stage import TwoStage

__all__ = [
    "check_values",
    "not_estimable",
    "numeric_after_all",
    "ordered_levels",
    "remarks",
    "too_few_rows",
]

Floats = NDArray[np.float64]

# Above this many categories nothing is gained over treating a variable as continuous (Rhemtulla et al., 2012,
# find 5 to 7 enough), and two-way tables are mostly empty. lavaan warns at the same number.
MANY_CATEGORIES = 12
# A polychoric correlation so near ±1 has no useful standard error; lavaan warns at the same value.
NEARLY_ONE = 0.99


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


def check_values(
    values: Floats, names: Sequence[str], levels: Mapping[str, Floats], x: Floats, place: str
) -> None:
    """Raises DataError for complete rows ``values`` (n, p) that cannot give statistics; ``x``: covariates."""
    if not len(values):
        raise DataError("no row is complete", place=place, mend="Leave out variables with many gaps.")
    for name, column in zip(names, values.T, strict=True):
        lacking = np.setdiff1d(levels.get(name, column[:0]), column)
        if len(lacking):
            raise DataError(
                f"{name} has no row in category {_listed(lacking)}",
                place=place,
                mend="Merge it with a neighbouring category.",
            )
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


def not_estimable(name: str, place: str) -> DataError:
    """Covariates that separate categories: the probit of ``name`` on them has no finite slopes."""
    return DataError(
        f"the exogenous variables tell some categories of {name} apart perfectly",
        place=place,
        mend="Merge categories, leave out the predictor that does it, or collect more rows.",
    )


def too_few_rows(n: int, place: str) -> DataError:
    """So few that the covariance matrix of the statistics does not exist."""
    return DataError(
        f"{n} complete rows are too few for the thresholds and correlations of these variables",
        place=place,
        mend="Use fewer variables or categories, or collect more rows.",
    )


def remarks(names: Sequence[str], stage: TwoStage, label: str) -> Iterator[Finding]:
    """Empty cells, correlations at their limits, and a matrix that is not positive definite."""
    group = f" in group {label}" if label else ""
    empty = tuple(f"{names[i]} {names[j]}" for i, j in stage.empty_pairs)
    if empty:
        message = f"two-way tables with empty cells{group}: {'; '.join(empty)}."
        mend = "Merging rare categories makes their correlations and standard errors steadier."
        yield Finding("empty_cells", message, mend, empty)
    sd = np.sqrt(np.diag(stage.cov))
    near = tuple(
        f"{names[i]} {names[j]}"
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
