"""From the caller's table to the rows of each group, and what cannot carry an analysis of complete rows."""

from __future__ import annotations

from collections.abc import Collection, Sequence

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from analysis.sem.errors import DataError
from analysis.sem.findings import Finding
from analysis.sem.sample.columns import codes_of, labels_of, numbers
from analysis.sem.sample.moments import GroupData, GroupSample

__all__ = ["check_cases", "check_sample", "group_labels", "group_rows_of"]

Floats = NDArray[np.float64]

# Smallest eigenvalue of a correlation matrix that still counts as positive definite.
SINGULAR = 1e-10


def group_labels(data: pd.DataFrame, group: str | None) -> tuple[str, ...]:
    """Labels in the order of their first row, as lavaan numbers groups; empty without a grouping column."""
    if group is None:
        return ()
    if group not in data.columns:
        raise DataError(f"there is no column {group} to group by", place="data", mend="Check the spelling.")
    labels, _ = labels_of(data[group])
    if not labels:
        raise DataError(f"the grouping column {group} is empty", place="data", mend="Fill it in.")
    return labels


def group_rows_of(
    data: pd.DataFrame,
    names: Sequence[str],
    *,
    group: str | None = None,
    cluster: str | None = None,
    ordered: Collection[str] = (),
) -> tuple[tuple[GroupData, ...], tuple[Finding, ...]]:
    """Rows of every group, missing values as NaN; rows without a group or cluster are left out and told."""
    values = numbers(data, names, ordered)
    index = np.arange(len(values))
    keep = np.ones(len(values), dtype=bool)
    findings: tuple[Finding, ...] = ()
    clusters = None
    if cluster is not None:
        if cluster not in data.columns:
            raise DataError(
                f"there is no column {cluster} of clusters", place="data", mend="Check the spelling."
            )
        clusters = codes_of(data[cluster])
        keep &= clusters >= 0
    labels: tuple[str, ...] = ("",)
    codes = np.zeros(len(values), dtype=np.intp)
    if group is not None:
        labels, codes = labels_of(data[group])
        keep &= codes >= 0
    if not keep.all():
        what = " or ".join(name for name in (group, cluster) if name is not None)
        message = f"{int((~keep).sum())} rows without a value of {what} are left out."
        findings = (Finding("no_group", message, "Fill in the column.", (what,)),)
    parts = []
    for g, label in enumerate(labels):
        own = keep if group is None and keep.all() else keep & (codes == g)
        whole = bool(own.all())
        if clusters is not None and len(np.unique(clusters[own])) < 2:
            raise DataError(
                f"fewer than two clusters in {cluster}",
                place=_place(label),
                mend="Errors robust to clusters need many of them; leave cluster= out.",
            )
        parts.append(
            GroupData(
                label=label,
                names=tuple(names),
                values=values if whole else values[own],
                index=index if whole else index[own],
                cluster=None if clusters is None else (clusters if whole else clusters[own]),
            )
        )
    return tuple(parts), findings


def check_cases(data: GroupData) -> None:
    """Raises DataError where the complete rows of a group cannot give moments."""
    missing = np.isnan(data.values)
    if len(missing) > 1 and not missing.any():
        return
    place = _place(data.label)
    if not len(data.values):
        raise DataError("there are no rows", place=place, mend="Give data with at least one row a parameter.")
    empty = [name for name, gone in zip(data.names, np.atleast_1d(missing.all(axis=0)), strict=True) if gone]
    if empty:
        raise DataError(
            f"{', '.join(empty)} has no value at all", place=place, mend="Leave it out of the model."
        )
    complete = int((~missing.any(axis=1)).sum())
    if complete < 2:
        raise DataError(
            f"only {complete} of {len(missing)} rows have all variables",
            place=place,
            mend='Use missing="fiml", or leave out variables with many missing values.',
        )


def check_sample(sample: GroupSample) -> None:
    """Raises DataError naming the variables that make a covariance matrix useless."""
    place = _place(sample.label)
    variances = sample.cov.diagonal()
    varies = variances > 1e-14 * np.maximum(sample.mean**2, np.finfo(float).tiny)
    if not varies.all():
        constant = [name for name, does in zip(sample.names, varies, strict=True) if not does]
        raise DataError(
            f"{', '.join(constant)} has the same value in every row used",
            place=place,
            mend="Leave it out of the model.",
        )
    scale = 1.0 / np.sqrt(variances)
    correlations = sample.cov * scale * scale[:, None]
    try:
        np.linalg.cholesky(correlations - SINGULAR * np.eye(len(scale)))
    except np.linalg.LinAlgError:
        raise _singular(sample, correlations, place) from None


def _singular(sample: GroupSample, correlations: Floats, place: str) -> DataError:
    p = len(correlations)
    same = np.argwhere(np.triu(np.abs(correlations), 1) > 1.0 - 1e-9)
    if len(same):
        pairs = ", ".join(f"{sample.names[i]} and {sample.names[j]}" for i, j in same)
        return DataError(
            f"{pairs} carry the same values (correlation ±1)", place=place, mend="Keep one of each pair."
        )
    if sample.rows is not None and sample.n <= p:
        return DataError(
            f"{sample.n} complete rows are too few for {p} variables: the covariance matrix is singular",
            place=place,
            mend="Collect more cases, or use fewer variables.",
        )
    values, vectors = np.linalg.eigh(correlations)
    weights = np.abs(vectors[:, values < SINGULAR * 10]).max(axis=1, initial=0.0)
    names = ", ".join(name for name, w in zip(sample.names, weights, strict=True) if w > 0.05)
    kind = "linearly dependent" if values[0] > -1e-8 else "not a possible set of covariances"
    return DataError(
        f"the sample covariance matrix is not positive definite: {names} are {kind}",
        place=place,
        mend="Leave out sums, copies and rescalings of other variables.",
    )


def _place(label: str) -> str:
    return f"group {label}" if label else "data"
