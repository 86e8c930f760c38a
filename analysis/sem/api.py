"""Fit a model: text and data in, a Fit out."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from typing import Any

import numpy as np
import pandas as pd

from analysis.sem.errors import DataError, ModelError
from analysis.sem.estimation.estimate import estimate
from analysis.sem.estimation.starts import starting_values
from analysis.sem.findings import Finding
from analysis.sem.fit import Fit
from analysis.sem.kept import kept
from analysis.sem.method import Method, choose_method
from analysis.sem.options import Options, names_of
from analysis.sem.sample.data import check_cases, check_sample, group_labels, group_rows_of
from analysis.sem.sample.moments import GroupData, GroupSample, sample_moments
from analysis.sem.sample.supplied import supplied_samples
from analysis.sem.syntax.parser import parse_model
from analysis.sem.syntax.statements import ModelStatements
from analysis.sem.table.build import build_table
from analysis.sem.table.parameter_table import ParameterTable
from analysis.sem.threads import one_thread

__all__ = ["fit"]


def fit(
    model: str,
    data: pd.DataFrame | None = None,
    *,
    estimator: str | None = None,
    missing: str = "listwise",
    ordered: str | Collection[str] = (),
    group: str | None = None,
    group_equal: str | Collection[str] = (),
    group_partial: str | Collection[str] = (),
    meanstructure: bool | None = None,
    std_lv: bool = False,
    orthogonal: bool = False,
    cluster: str | None = None,
    engine: str = "synergy",
    sample_cov: Any = None,
    sample_mean: Any = None,
    sample_nobs: int | Sequence[int] | None = None,
) -> Fit:
    """Fit a structural equation model with the defaults of lavaan's ``sem()``.

    - model: in lavaan's language; data: one row a case
    - estimator: ML, MLR, MLM, GLS, ULS, DWLS or WLSMV; left out, WLSMV with ordered variables and
      ML otherwise
    - missing: "listwise" or "fiml"; ordered: names of ordered variables
    - group: a column; groups are numbered in the order of their first row
    - group_equal: loadings, intercepts, residuals, …; group_partial: exceptions such as "f=~x2"
    - cluster: a column; errors and tests are robust to dependence within clusters
    - engine: "semopy" takes semopy's estimates; statistics are ours either way
    - sample_cov, sample_mean, sample_nobs: moments instead of data: a table with names (or one per group, by
      label), covariances divided by n - 1

    Raises ModelError and DataError, both SemError, with place and mend.
    """
    options = Options(
        estimator=estimator or "",
        missing=missing,
        ordered=names_of(ordered, "ordered"),
        group=group,
        group_equal=names_of(group_equal, "group_equal"),
        group_partial=names_of(group_partial, "group_partial"),
        meanstructure=meanstructure,
        std_lv=std_lv,
        orthogonal=orthogonal,
        cluster=cluster,
        engine=engine,
    )
    # What is no text cannot be kept, and is told so by the parser.
    statements = _parsed(model) if isinstance(model, str) else parse_model(model)
    is_ordered = bool(options.ordered) or bool(statements.thresholded)
    method = choose_method(
        estimator or ("WLSMV" if is_ordered else "ML"),
        missing,
        ordered=is_ordered,
        clustered=cluster is not None,
    )
    with one_thread(), np.errstate(all="ignore"):
        if data is None:
            return _from_moments(model, statements, options, method, (sample_cov, sample_mean, sample_nobs))
        if sample_cov is not None:
            raise ModelError(
                "data and sample_cov were both given", place="sample_cov", mend="Give one of them."
            )
        return _from_data(model, statements, _frame(data), options, method)


def _frame(data: Any) -> pd.DataFrame:
    if isinstance(data, pd.DataFrame):
        return data
    if isinstance(data, Mapping):
        return pd.DataFrame(data)
    raise DataError(
        f"data is a {type(data).__name__}, not a table", place="data", mend="Give a pandas DataFrame."
    )


def _from_data(
    model: str, statements: ModelStatements, data: pd.DataFrame, options: Options, method: Method
) -> Fit:
    labels = group_labels(data, options.group)
    means = options.meanstructure
    if method.clustered or method.discrepancy == "FIML":
        means = True
    is_ordered = bool(options.ordered) or bool(statements.thresholded)
    # Numbers of thresholds, which exceptions may name, are not known before the data have been read.
    first = replace(options, group_partial=()) if is_ordered else options
    table = _table(
        model,
        first,
        method,
        labels,
        tuple(str(c) for c in data.columns),
        means,
        dict.fromkeys(options.ordered, 1),
        conditional_x=is_ordered,
    )
    parts, remarks = group_rows_of(
        data, table.observed, group=options.group, cluster=options.cluster, ordered=options.ordered
    )
    if method.discrepancy != "FIML":
        for part in parts:
            check_cases(part)
    if is_ordered:
        return _ordinal(model, statements, options, method, labels, parts, remarks, table, len(data))
    samples = []
    for part in parts:
        sample, more = _sample(part, table, method)
        samples.append(sample)
        remarks += more
    return _fitted(model, table, options, method, tuple(samples), remarks, len(data))


def _sample(
    part: GroupData, table: ParameterTable, method: Method
) -> tuple[GroupSample, tuple[Finding, ...]]:
    if method.discrepancy == "FIML":
        from analysis.sem.sample.incomplete import incomplete_sample

        return incomplete_sample(part, table.exogenous)
    sample = sample_moments(part, unbiased=method.discrepancy in ("GLS", "ULS"))
    check_sample(sample)
    if method.test == "scaled_shifted" or method.discrepancy == "DWLS":
        from analysis.sem.sample.distribution_free import distribution_free_sample

        return distribution_free_sample(part, meanstructure=table.meanstructure), ()
    return sample, ()


def _ordinal(
    model: str,
    statements: ModelStatements,
    options: Options,
    method: Method,
    labels: tuple[str, ...],
    parts: tuple[GroupData, ...],
    remarks: tuple[Finding, ...],
    first: ParameterTable,
    n_rows: int,
) -> Fit:
    from analysis.sem.sample.ordinal.checks import numeric_after_all, ordered_levels
    from analysis.sem.sample.ordinal.statistics import ordinal_sample

    unknown = [name for name in options.ordered if name not in first.observed]
    if unknown and len(unknown) == len(options.ordered):
        raise ModelError(
            f"{', '.join(unknown)} in ordered= are not in the model",
            place="ordered",
            mend="Name variables of the model.",
        )
    remarks += numeric_after_all(options.ordered, first.observed, first.exogenous)
    levels, more = ordered_levels(parts, first.ordered)
    thresholds = {name: len(values) - 1 for name, values in levels.items()}
    table = _table(model, options, method, labels, first.observed, True, thresholds, conditional_x=True)
    position = [parts[0].names.index(name) for name in table.observed]
    samples = []
    for part in parts:
        ordered = GroupData(part.label, table.observed, part.values[:, position], part.index, part.cluster)
        sample, found = ordinal_sample(ordered, levels, table.exogenous)
        samples.append(sample)
        more += found
    return _fitted(model, table, options, method, tuple(samples), remarks + more, n_rows)


def _table(
    model: str,
    options: Options,
    method: Method,
    labels: tuple[str, ...],
    columns: tuple[str, ...],
    means: bool | None,
    thresholds: dict[str, int],
    *,
    conditional_x: bool = False,
) -> ParameterTable:
    return _built(
        model,
        groups=labels,
        group_equal=options.group_equal,
        group_partial=options.group_partial,
        meanstructure=means,
        std_lv=options.std_lv,
        orthogonal=options.orthogonal,
        ordered=tuple(thresholds.items()),
        observed_names=columns,
        fixed_x=method.fixed_x or conditional_x,
        conditional_x=conditional_x,
    )


@kept()
def _built(model: str, *, ordered: tuple[tuple[str, int], ...], **options: Any) -> ParameterTable:
    return build_table(_parsed(model), ordered=dict(ordered), **options)


@kept()
def _parsed(model: str) -> ModelStatements:
    return parse_model(model)


def _from_moments(
    model: str, statements: ModelStatements, options: Options, method: Method, moments: tuple[Any, Any, Any]
) -> Fit:
    cov, mean, nobs = moments
    if cov is None or nobs is None:
        raise DataError(
            "there are neither data nor sample_cov and sample_nobs",
            place="data",
            mend="Give a table of cases, or a covariance matrix with its number of cases.",
        )
    if method.robust or method.clustered or method.discrepancy in ("FIML", "DWLS"):
        raise ModelError(
            f"{method.name} needs the cases themselves",
            place="sample_cov",
            mend="Use ML, GLS or ULS with moments.",
        )
    labels, named = supplied_samples(cov, mean, nobs, unbiased=method.discrepancy in ("GLS", "ULS"))
    means = options.meanstructure
    table = _table(model, options, method, labels, named[0].names, means, {})
    if table.meanstructure and mean is None:
        raise DataError(
            "the model has means but sample_mean is missing", place="sample_mean", mend="Give the means."
        )
    samples = tuple(sample.of(table.observed) for sample in named)
    for sample in samples:
        check_sample(sample)
    return _fitted(model, table, options, method, samples, (), 0)


def _fitted(
    model: str,
    table: ParameterTable,
    options: Options,
    method: Method,
    samples: tuple[GroupSample, ...],
    remarks: tuple[Finding, ...],
    n_rows: int,
) -> Fit:
    starts = starting_values(table, samples)
    elsewhere = None
    if options.engine == "semopy":
        from analysis.sem.external.semopy_engine import semopy_estimates

        elsewhere = semopy_estimates(table, samples, starts, estimator=method.name).theta
    estimated = estimate(table, samples, method, starts, at=elsewhere)
    return Fit(
        model=model,
        table=table,
        options=options,
        method=method,
        estimated=estimated,
        starts=starts,
        remarks=remarks,
        n_rows=n_rows,
    )
