"""What the model lab has done in a worker process: fits of models that somebody wrote by hand."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any

import pandas as pd

from analysis.pages.lab_columns import GROUP, available_columns, data_for
from analysis.pages.lab_compare import compare_all
from analysis.pages.lab_text import Fault, fault_of
from analysis.pages.lab_trial import Drawn, Settings, Trial, Tried
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
