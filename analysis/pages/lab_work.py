"""What the model lab has done in a worker process: fits of models that somebody wrote by hand."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import pandas as pd

from analysis.pages.sources import Source
from analysis.unavailable import Unavailable

if TYPE_CHECKING:
    from questionnaire.study import Study

Progress = Callable[[float, str], None]
MOST_INDICES = 15
_NAME = re.compile(r"[^\W\d][\w.]*")


@dataclass(frozen=True, slots=True)
class Settings:
    """How both models are fitted; ``kept`` takes only rows that the primary screening keeps."""

    estimator: str
    missing: str
    kept: bool
    bootstrap: int
    seed: int


@dataclass(frozen=True, slots=True, eq=False)
class Tried:
    """One fit, as plain tables. ``draws`` holds bootstrap draws × regression paths where asked for."""

    n_obs: int
    converged: bool
    estimates: pd.DataFrame
    measures: pd.Series
    indices: pd.DataFrame | Unavailable
    problems: tuple[str, ...]
    draws: pd.DataFrame | Unavailable
    data: pd.DataFrame


@dataclass(frozen=True, slots=True, eq=False)
class Trial:
    """Both models, the second None where there is none, and their comparison."""

    first: Tried | Unavailable
    second: Tried | Unavailable | None
    comparison: pd.DataFrame | Unavailable | None


def try_models(
    study_text: str, source: Source, first: str, second: str, settings: Settings, progress: Progress
) -> Trial:
    """Fit one model, or two and compare them; what cannot be fitted is a value with its reason."""
    from threadpoolctl import threadpool_limits

    from analysis import sem
    from questionnaire.loading import parse_study

    study = parse_study(study_text, "study")
    with threadpool_limits(limits=1):
        progress(0.05, "reading the answers")
        columns = available_columns(study, source.table(study), kept=settings.kept, seed=settings.seed)
        progress(0.2, "fitting")
        one, tried = _fit(first, columns, settings, progress)
        if not second.strip():
            return Trial(tried, None, None)
        progress(0.7, "fitting the second model")
        other, tried_other = _fit(second, columns, settings, progress)
        if one is None or other is None:
            return Trial(tried, tried_other, None)
        try:
            comparison: pd.DataFrame | Unavailable = sem.compare(one, other)
        except sem.SemError as error:
            comparison = Unavailable(str(error))
        return Trial(tried, tried_other, comparison)


def _fit(
    syntax: str, columns: dict[str, pd.Series], settings: Settings, progress: Progress
) -> tuple[Any, Tried | Unavailable]:
    from analysis import sem

    try:
        data = data_for(syntax, columns)
        fit = sem.fit(syntax, data, estimator=settings.estimator, missing=settings.missing)
        draws: pd.DataFrame | Unavailable = Unavailable("not asked for")
        if settings.bootstrap:
            progress(0.5, "drawing bootstrap samples")
            draws = fit.bootstrap(draws=settings.bootstrap, seed=settings.seed).draws
        try:
            indices: pd.DataFrame | Unavailable = fit.modification_indices().head(MOST_INDICES)
        except sem.SemError as error:
            indices = Unavailable(str(error))
        problems = tuple(f"{f.message} {f.mend}".strip() for f in fit.problems)
        n = fit.n_obs if isinstance(fit.n_obs, int) else sum(fit.n_obs)
        found = Tried(n, fit.converged, fit.estimates, fit.fit_measures, indices, problems, draws, data)
    except sem.SemError as error:
        return None, Unavailable(str(error))
    return fit, found


def available_columns(study: Study, table: pd.DataFrame, *, kept: bool, seed: int) -> dict[str, pd.Series]:
    """Items (turned where reversed) by code, and each construct's mean as ``CODE`` and ``CODE_p``."""
    from analysis.pipeline.intake import take_in
    from analysis.pipeline.sample import score_sample
    from analysis.preparation.scoring import Scored
    from analysis.screening.levels import screen
    from analysis.screening.responses import gather_responses

    answers = take_in(study, table).answers
    rows = answers.items
    if kept:
        screened = screen(gather_responses(study, answers, seed=seed), study.screening)
        rows = rows[screened.kept["rule"]]
    sample = score_sample(study, rows, "rule" if kept else "none", Scored.RAW)
    means = {name: sample.parcels[name] for name in map(str, sample.parcels.columns)}
    items = {name: sample.items[name] for name in map(str, sample.items.columns)}
    return means | {f"{name}_p": column for name, column in means.items()} | items


def data_for(syntax: str, columns: dict[str, pd.Series]) -> pd.DataFrame:
    """The columns a model names that are not its own latent variables; products are made as asked for."""
    import numpy as np

    from analysis.sem.syntax import parse_model
    from analysis.synergy.product_indicators import product_columns
    from analysis.synergy.structure import JOINT

    parse_model(syntax)
    bare = "\n".join(line.split("#")[0].split("!")[0] for line in syntax.splitlines())
    latent = set(re.findall(r"([^\W\d][\w.]*)\s*=~", bare))
    chosen: dict[str, pd.Series] = {}
    for name in dict.fromkeys(_NAME.findall(bare)):
        parts = name.split(JOINT)
        if name in latent:
            continue
        if name in columns:
            chosen[name] = columns[name]
        elif len(parts) > 1 and all(part in columns for part in parts):
            values = np.column_stack([columns[part].to_numpy(dtype=float) for part in parts])
            chosen[name] = pd.Series(product_columns(values))
    return pd.DataFrame({name: column.reset_index(drop=True) for name, column in chosen.items()})
