"""What the model lab has done in a worker process: fits of models that somebody wrote by hand."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import pandas as pd

from analysis.pages.lab_compare import Compared, compare_all
from analysis.pages.lab_text import Fault, bare, fault_of, mentioned, products_in
from analysis.pages.sources import Source
from analysis.unavailable import Unavailable

if TYPE_CHECKING:
    from analysis.sem.fit import Fit
    from questionnaire.study import Study

Progress = Callable[[float, str], None]
MOST_INDICES = 15
MOST_RESIDUALS = 15
NO_DF = "the model has no degrees of freedom: it fits any data, so its fit says nothing about it."
NO_GROUPS = "the answers do not say which group anyone is in"
GROUP = "group"
"""The column of the data that holds each row's group."""


@dataclass(frozen=True, slots=True)
class Settings:
    """How all models are fitted.

    ``kept`` takes only rows that the primary screening keeps; ``scoring`` is raw or normal; ``ordered`` takes
    items as ordered categories; ``group`` is one of the study's groups, "" for none, and ``equal`` what is
    the same in all of them.
    """

    estimator: str
    missing: str
    kept: bool
    bootstrap: int
    seed: int
    scoring: str = "raw"
    ordered: bool = False
    group: str = ""
    equal: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, eq=False)
class Drawn:
    """A bootstrap: ``draws`` × parameters, ``estimates`` with its errors and intervals, ``failed`` draws."""

    draws: pd.DataFrame
    estimates: pd.DataFrame
    failed: int
    problems: tuple[str, ...]


@dataclass(frozen=True, slots=True, eq=False)
class Tried:
    """One fit, as plain tables; ``data`` are its columns, ``ordered`` those taken as ordered."""

    n_obs: int
    converged: bool
    estimates: pd.DataFrame
    measures: pd.Series
    r2: pd.DataFrame
    residuals: pd.DataFrame | Unavailable
    indices: pd.DataFrame | Unavailable
    problems: tuple[str, ...]
    drawn: Drawn | Unavailable
    data: pd.DataFrame
    ordered: tuple[str, ...]


@dataclass(frozen=True, slots=True, eq=False)
class Trial:
    """Every model by its name, and their comparison where there are several that could be fitted."""

    models: Mapping[str, Tried | Fault]
    comparison: Compared | Unavailable | None


def try_models(
    study_text: str, source: Source, syntaxes: tuple[str, ...], settings: Settings, progress: Progress
) -> Trial:
    """Fit the models, called A, B, … in order, and compare them; what cannot be fitted says why."""
    from threadpoolctl import threadpool_limits

    from questionnaire.loading import parse_study

    study = parse_study(study_text, "study")
    found: dict[str, Tried | Fault] = {}
    fits: dict[str, Fit] = {}
    with threadpool_limits(limits=1):
        progress(0.02, "reading the answers")
        columns = available_columns(study, source.table(study), settings)
        if settings.group and GROUP not in columns:
            nobody = Fault(NO_GROUPS, "Choose other answers, or no groups.")
            return Trial({chr(ord("A") + k): nobody for k in range(len(syntaxes))}, None)
        for k, syntax in enumerate(syntaxes):
            name = chr(ord("A") + k)
            start, own = 0.05 + 0.9 * k / len(syntaxes), 0.9 / len(syntaxes)

            def tell(share: float, doing: str, start: float = start, own: float = own) -> None:
                progress(start + own * share, doing)

            tell(0.0, f"fitting {name}")
            found[name] = _tried(study, syntax, columns, settings, name, fits, tell)
        progress(0.97, "comparing the models")
        several = len(syntaxes) > 1 and len(fits) == len(syntaxes)
        return Trial(found, compare_all(fits) if several else None)


def _tried(
    study: Study,
    syntax: str,
    columns: Mapping[str, pd.Series],
    settings: Settings,
    name: str,
    fits: dict[str, Fit],
    tell: Progress,
) -> Tried | Fault:
    from analysis import sem

    try:
        data = data_for(syntax, columns, grouped=bool(settings.group))
        ordered = tuple(c for c in data.columns if c in study.items) if settings.ordered else ()
        fit = sem.fit(
            syntax,
            data,
            estimator=settings.estimator,
            missing=settings.missing,
            ordered=ordered,
            group=GROUP if settings.group else None,
            group_equal=settings.equal if settings.group else (),
        )
        drawn: Drawn | Unavailable = Unavailable("not asked for")
        if settings.bootstrap:
            drawn = _draw(fit, settings, name, tell)
        found = _tables(fit, data, ordered, drawn)
    except sem.SemError as error:
        return fault_of(error)
    fits[name] = fit
    return found


def _draw(fit: Fit, settings: Settings, name: str, tell: Progress) -> Drawn | Unavailable:
    from analysis import sem

    def tick(done: int, of: int) -> None:
        tell(0.02 + 0.96 * done / of, f"drawing bootstrap samples of {name}: {done} of {of}")

    try:
        made = fit.bootstrap(draws=settings.bootstrap, seed=settings.seed, progress=tick)
    except sem.SemError as error:
        return Unavailable(error.message, error.mend)
    return Drawn(made.draws, made.estimates, made.failed.count, _said(made.problems))


def _tables(fit: Fit, data: pd.DataFrame, ordered: tuple[str, ...], drawn: Drawn | Unavailable) -> Tried:
    measures = fit.fit_measures
    problems = _said(fit.problems)
    if fit.converged and measures.get("df") == 0:
        problems = (*problems, NO_DF)
    return Tried(
        fit.n_obs if isinstance(fit.n_obs, int) else sum(fit.n_obs),
        fit.converged,
        fit.estimates,
        measures,
        fit.r2,
        _or_why(lambda: _largest(fit.residuals())),
        _or_why(lambda: fit.modification_indices().head(MOST_INDICES)),
        problems,
        drawn,
        data,
        ordered,
    )


def _or_why(make: Callable[[], pd.DataFrame]) -> pd.DataFrame | Unavailable:
    from analysis import sem

    try:
        return make()
    except sem.SemError as error:
        return Unavailable(error.message, error.mend)


def _largest(residuals: pd.DataFrame) -> pd.DataFrame:
    """Correlation residuals between variables, largest first."""
    between = residuals[(residuals["op"] == "~~") & (residuals["lhs"] != residuals["rhs"])]
    order = between["correlation"].abs().sort_values(ascending=False, kind="stable").index[:MOST_RESIDUALS]
    return between.loc[order].reset_index(drop=True)


def _said(findings: Any) -> tuple[str, ...]:
    return tuple(f"{f.message} {f.mend}".strip() for f in findings)


def available_columns(study: Study, table: pd.DataFrame, settings: Settings) -> dict[str, pd.Series]:
    """Items (turned where reversed) by code, each construct's mean as ``CODE`` and ``CODE_p``, the group."""
    from analysis.pipeline.intake import take_in
    from analysis.pipeline.invariances import group_labels
    from analysis.pipeline.sample import score_sample
    from analysis.preparation.scoring import Scored
    from analysis.screening.levels import screen
    from analysis.screening.responses import gather_responses

    answers = take_in(study, table).answers
    rows, context = answers.items, answers.context
    if settings.kept:
        screened = screen(gather_responses(study, answers, seed=settings.seed), study.screening)
        kept = screened.kept["rule"]
        rows, context = rows[kept], context[kept]
    scoring = Scored.RAW if settings.ordered else Scored(settings.scoring)
    sample = score_sample(study, rows, "rule" if settings.kept else "none", scoring)
    means = {name: sample.parcels[name] for name in map(str, sample.parcels.columns)}
    items = {name: sample.items[name] for name in map(str, sample.items.columns)}
    found = means | {f"{name}_p": column for name, column in means.items()} | items
    if settings.group:
        group = next(one for one in study.groups if one.code == settings.group)
        labels = group_labels(group, context.reset_index(drop=True))
        if not isinstance(labels, Unavailable):
            found[GROUP] = labels
    return found


def data_for(syntax: str, columns: Mapping[str, pd.Series], *, grouped: bool = False) -> pd.DataFrame:
    """The columns a model names that are not its own latent variables; products are made as asked for.

    ``grouped``: with the group of each row, without rows that are in none.
    """
    import numpy as np

    from analysis.sem.syntax import parse_model
    from analysis.synergy.product_indicators import product_columns
    from analysis.synergy.structure import JOINT

    latent = {one.lhs for one in parse_model(syntax).parameters if one.op == "=~"}
    observed = [name for name in mentioned(bare(syntax)) if name not in latent]
    products = products_in(syntax, columns)
    chosen: dict[str, pd.Series] = {}
    for name in observed:
        if name in columns and name != GROUP:
            chosen[name] = columns[name]
        elif name in products:
            parts = [columns[part].to_numpy(dtype=float) for part in name.split(JOINT)]
            chosen[name] = pd.Series(product_columns(np.column_stack(parts)))
    frame = pd.DataFrame({name: column.reset_index(drop=True) for name, column in chosen.items()})
    if grouped and GROUP in columns:
        frame[GROUP] = columns[GROUP].reset_index(drop=True)
        frame = frame[frame[GROUP].notna()].reset_index(drop=True)
    return frame
