"""Sample statistics of incomplete rows of one group, for full-information estimation.

As lavaan with missing = "fiml": rows without any value are left out, and so are rows that miss an exogenous
observed variable, since fixed.x gives those no distribution. Both are told, never silent.
"""

from __future__ import annotations

from collections.abc import Collection

import numpy as np
from numpy.typing import NDArray

from analysis.sem.errors import DataError
from analysis.sem.findings import Finding
from analysis.sem.sample.moments import GroupData, GroupSample
from analysis.sem.sample.patterns import Patterns, never_together, pattern_statistics
from analysis.sem.sample.saturated import Saturated, saturated_moments

__all__ = ["incomplete_sample"]


def incomplete_sample(
    data: GroupData, exogenous: Collection[str] = ()
) -> tuple[GroupSample, tuple[Finding, ...]]:
    """Patterns, and saturated covariance matrix and means, of the rows of a group with any value.

    Raises DataError where a variable has no or one value only, or the variables are linearly dependent.
    """
    present = ~np.isnan(data.values)
    fixed = [i for i, name in enumerate(data.names) if name in exogenous]
    some = present.any(axis=1)
    kept = some & present[:, fixed].all(axis=1)
    where = f"group {data.label}" if data.label else "data"
    findings = _told(
        int((~some).sum()), int((some & ~kept).sum()), [data.names[i] for i in fixed], data.label
    )
    values = data.values if kept.all() else data.values[kept]
    _check(values, data.names, where)
    patterns = pattern_statistics(values)
    saturated = _saturated(patterns, where)
    findings += _coverage(patterns, data.names, data.label)
    if not saturated.converged:
        message = "the saturated moments of the incomplete rows were still moving when EM stopped"
        findings += (Finding("saturated_not_converged", message + ".", "Fit measures may be inexact."),)
    sample = GroupSample(
        label=data.label,
        names=data.names,
        n=len(values),
        cov=saturated.cov,
        mean=saturated.mean,
        logdet=float(np.linalg.slogdet(saturated.cov)[1]),
        rows=values,
        index=data.index[kept],
        cluster=None if data.cluster is None else data.cluster[kept],
        patterns=patterns,
        saturated=saturated.value,
    )
    return sample, findings


def _told(empty: int, without: int, fixed: Collection[str], label: str) -> tuple[Finding, ...]:
    group = f" in group {label}" if label else ""
    out: tuple[Finding, ...] = ()
    if empty:
        out += (Finding("empty_rows", f"{empty} rows without any value{group} are left out."),)
    if without:
        message = f"{without} rows that miss an exogenous variable{group} are left out."
        mend = "Exogenous variables are fixed: complete them, or give them indicators."
        out += (Finding("missing_exogenous", message, mend, tuple(fixed)),)
    return out


def _check(values: NDArray[np.float64], names: tuple[str, ...], where: str) -> None:
    if not len(values):
        raise DataError("no row has a value for every exogenous variable", place=where, mend="Complete them.")
    for name, column in zip(names, values.T, strict=True):
        seen = column[~np.isnan(column)]
        if not len(seen) or seen.min() == seen.max():
            what = "has no value" if not len(seen) else "has the same value in every row"
            raise DataError(f"{name} {what}", place=where, mend="Leave it out of the model.")


def _saturated(patterns: Patterns, where: str) -> Saturated:
    try:
        return saturated_moments(patterns)
    except np.linalg.LinAlgError as singular:
        raise DataError(
            "the variables are linearly dependent: their covariance matrix is singular",
            place=where,
            mend="Leave out sums, copies and rescalings of other variables, or collect more rows.",
        ) from singular


def _coverage(patterns: Patterns, names: tuple[str, ...], label: str) -> tuple[Finding, ...]:
    pairs = [(names[i], names[j]) for i, j in never_together(patterns)]
    if not pairs:
        return ()
    group = f" in group {label}" if label else ""
    shown = ", ".join(f"{a} and {b}" for a, b in pairs)
    message = f"no row{group} has values of both {shown}; their covariance comes from the model alone."
    mend = "Fit measures that need the saturated model do not apply."
    return (Finding("never_observed_together", message, mend, tuple(f"{a} {b}" for a, b in pairs)),)
