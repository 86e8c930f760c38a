"""Paths of one model in several groups: each group's own, their differences, and the test of equality."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations
from typing import Any

import numpy as np
import pandas as pd
from scipy.special import ndtri
from scipy.stats import chi2

from analysis import sem
from analysis.sem.fit import Fit
from analysis.sem.syntax import parse_model
from analysis.synergy.standardise import PREFIX
from analysis.unavailable import Unavailable

GROUP = "group__"


@dataclass(frozen=True, slots=True, eq=False)
class GroupPaths:
    """One model in G groups with equal loadings.

    ``paths``: one row a path and group, ``path group n estimate se ci_lower ci_upper raw``; ``differences``:
    one row a path and pair of groups, ``path first second difference se ci_lower ci_upper``, intervals
    holding for all of them together (Bonferroni). Both are on one scale for all groups: the mean standard
    deviation of each variable over the respondents of all groups, taken as known. ``raw`` is unstandardised.
    ``wald df pvalue``: that every path is the same in all groups. ``rivals``: ``sem.compare`` of the model
    with its own paths in each group and the one with pooled paths.
    """

    groups: tuple[str, ...]
    paths: pd.DataFrame
    differences: pd.DataFrame
    wald: float
    df: int
    pvalue: float
    rivals: pd.DataFrame | Unavailable

    @property
    def largest(self) -> Mapping[str, object]:
        """The row of the largest difference."""
        place = int(np.argmax(self.differences["difference"].abs().to_numpy()))
        return {str(k): v for k, v in self.differences.iloc[place].to_dict().items()}


def group_text(syntax: str, compared: Sequence[str], n_groups: int) -> str:
    """``syntax`` with a label of its own in every group for each compared path, and with no other labels.

    A label written once would hold a path equal in all groups. Definitions are left out.
    """
    lines = [line for line in syntax.splitlines() if ":=" not in line]
    text = "\n".join(lines)
    labels = {
        name for s in parse_model(text).parameters if s.modifiers.label for name in s.modifiers.label if name
    }
    for label in sorted(labels):
        own = f"c({', '.join(_own(label, g) for g in range(n_groups))})*" if label in compared else ""
        text = re.sub(rf"(?<![\w.]){re.escape(label)}\s*\*", own, text)
    return text


def pooled_text(syntax: str, compared: Sequence[str]) -> str:
    """``syntax`` with each compared path equal in all groups, and no other labels."""
    names = {label: label for label in compared}
    text = group_text(syntax, compared, 1)
    for label in names:
        text = text.replace(f"c({_own(label, 0)})*", f"{label}*")
    return text


def compare_groups(
    syntax: str,
    data: pd.DataFrame,
    groups: pd.Series,
    compared: Sequence[str],
    products: Mapping[str, tuple[str, ...]],
    *,
    confidence: float,
    estimator: str,
    missing: str = "listwise",
    freed: Sequence[str] = (),
) -> GroupPaths | Unavailable:
    """Fit ``syntax`` in every group with equal loadings, but for those ``freed``, and compare labelled paths.

    data: (n, …); groups: (n,) labels, none missing. Raises SemError where the model cannot be fitted.
    """
    frame = data.reset_index(drop=True).assign(**{GROUP: groups.astype(str).to_numpy()})
    n_groups = int(frame[GROUP].nunique())
    text = group_text(syntax, compared, n_groups)
    names = [f"{PREFIX}g{g}.{label}" for label in compared for g in range(n_groups)]
    values = [_own(label, g) for label in compared for g in range(n_groups)]
    definitions = [f"{name} := {value}" for name, value in zip(names, values, strict=True)]
    options: dict[str, Any] = {
        "group": GROUP,
        "group_equal": ("loadings",),
        "group_partial": tuple(freed),
        "estimator": estimator,
        "missing": missing,
    }
    fit = sem.fit("\n".join((text, *definitions)), frame, **options)
    if not fit.converged:
        return Unavailable("the model of the groups did not converge", "Collect more answers of each group.")
    estimates, covariance = fit.defined(names)
    if not (np.isfinite(estimates).all() and np.isfinite(covariance).all()):
        return Unavailable("the paths of the groups have no standard errors")
    scale = np.repeat(_scales(fit, text, compared, products), n_groups)
    if not np.isfinite(scale).all():
        return Unavailable("a variance of the model of the groups is not positive")
    labels = tuple(str(name) for name in fit.table.groups)
    counts = fit.n_obs if isinstance(fit.n_obs, tuple) else (fit.n_obs,)
    wald, df = _wald(estimates, covariance, len(compared), n_groups)
    reach = float(ndtri((1 + confidence) / 2))
    standard, errors = estimates * scale, np.sqrt(np.diagonal(covariance)) * scale
    paths = pd.DataFrame(
        {
            "path": np.repeat(list(compared), n_groups),
            "group": list(labels) * len(compared),
            "n": list(counts) * len(compared),
            "estimate": standard,
            "se": errors,
            "ci_lower": standard - reach * errors,
            "ci_upper": standard + reach * errors,
            "raw": estimates,
        }
    )
    differences = _differences(standard, covariance * np.outer(scale, scale), compared, labels, confidence)
    return GroupPaths(
        labels,
        paths,
        differences,
        wald,
        df,
        float(chi2.sf(wald, df)),
        _rivals(fit, syntax, frame, compared, options),
    )


def _own(label: str, group: int) -> str:
    return f"{label}__{group + 1}"


def _scales(
    fit: Fit, text: str, compared: Sequence[str], products: Mapping[str, tuple[str, ...]]
) -> np.ndarray:
    """SD(x)/SD(y) of each path, from variances averaged over groups by their size; γ'' for products."""
    variances = fit.variances()
    sizes = np.array(fit.n_obs, dtype=float)
    mean = {str(name): float(np.average(row, weights=sizes)) for name, row in variances.iterrows()}
    out = []
    for label in compared:
        s = next(
            s
            for s in parse_model(text).parameters
            if s.modifiers.label and _own(label, 0) in s.modifiers.label
        )
        parts = products.get(s.rhs, (s.rhs,))
        spread, outcome = float(np.prod([mean[part] for part in parts])), mean[s.lhs]
        out.append(np.sqrt(spread / outcome) if spread > 0 and outcome > 0 else np.nan)
    return np.array(out)


def _wald(estimates: np.ndarray, covariance: np.ndarray, n_paths: int, n_groups: int) -> tuple[float, int]:
    """Wald test that each path is equal in all groups: chi-square and (G − 1)·paths degrees of freedom."""
    one = np.hstack([-np.ones((n_groups - 1, 1)), np.eye(n_groups - 1)])
    C = np.kron(np.eye(n_paths), one)
    gap = C @ estimates
    return float(gap @ np.linalg.solve(C @ covariance @ C.T, gap)), len(C)


def _differences(
    standard: np.ndarray,
    covariance: np.ndarray,
    compared: Sequence[str],
    labels: tuple[str, ...],
    confidence: float,
) -> pd.DataFrame:
    pairs = list(combinations(range(len(labels)), 2))
    reach = float(ndtri(1 - (1 - confidence) / (2 * len(pairs) * len(compared))))
    rows = []
    for p, path in enumerate(compared):
        for a, b in pairs:
            i, j = p * len(labels) + a, p * len(labels) + b
            gap = float(standard[j] - standard[i])
            se = float(np.sqrt(max(covariance[i, i] + covariance[j, j] - 2 * covariance[i, j], 0.0)))
            rows.append((path, labels[a], labels[b], gap, se, gap - reach * se, gap + reach * se))
    return pd.DataFrame(rows, columns=["path", "first", "second", "difference", "se", "ci_lower", "ci_upper"])


def _rivals(
    fit: Fit, syntax: str, frame: pd.DataFrame, compared: Sequence[str], options: Mapping[str, Any]
) -> pd.DataFrame | Unavailable:
    try:
        pooled = sem.fit(pooled_text(syntax, compared), frame, **options)
        table: pd.DataFrame = sem.compare(fit, pooled, names=("own paths", "pooled paths"))
    except (sem.SemError, np.linalg.LinAlgError) as error:
        return Unavailable(str(error))
    return table
