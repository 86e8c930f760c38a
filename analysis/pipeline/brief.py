"""What a simulation reads from a fit, thousands of times, and nothing that is only shown."""

from __future__ import annotations

from collections.abc import Hashable, Mapping
from typing import Any

import numpy as np
import pandas as pd
from scipy.stats import norm

from analysis.pipeline.result import FittedModel, Part
from analysis.pipeline.sample import Sample
from analysis.sem.fit import Fit
from analysis.synergy.compiled import CompiledModel
from analysis.unavailable import Unavailable
from questionnaire.plan import Model
from questionnaire.study import Study

Effects = Mapping[str, Mapping[Hashable, Any]]


def brief_outcome(
    study: Study, model: Model, part: Part, sample: Sample, compiled: CompiledModel, fit: Fit
) -> FittedModel:
    """The outcome of ``fit`` with the labelled paths' ``label`` and ``pvalue`` as its only estimates."""
    columns = fit.table.columns
    errors = np.sqrt(np.maximum(np.diagonal(fit.vcov), 0.0))
    named = [(label, k - 1) for label, k in zip(columns.label, columns.free, strict=True) if label and k > 0]
    with np.errstate(divide="ignore", invalid="ignore"):
        pvalues = 2 * norm.sf(np.abs(fit.theta / errors))
    return FittedModel(
        model=model.code,
        name=model.name,
        part=part,
        screening=sample.level,
        scoring=sample.scoring,
        estimator=study.measurement.estimator,
        missing=fit.options.missing,
        syntax=compiled.syntax,
        n_obs=int(np.sum(fit.n_obs)),
        converged=bool(fit.converged),
        estimates=pd.DataFrame(
            [(label, float(pvalues[k])) for label, k in named], columns=["label", "pvalue"]
        ),
        fit_measures=pd.Series(dtype=float),
        residuals=Unavailable("not asked for"),
        cross_check=Unavailable("not asked for"),
        problems=tuple(fit.problems),
        equivalent=model.equivalent,
        data=pd.DataFrame(),
    )


def effects_alone(fit: Fit, names: list[str]) -> Effects:
    """``est`` and ``se`` of what ``:=`` gives these names."""
    values, covariance = fit.defined(names)
    errors = np.sqrt(np.maximum(np.diagonal(covariance), 0.0))
    found = zip(names, values.tolist(), errors.tolist(), strict=True)
    return {name: {"est": value, "se": error} for name, value, error in found}
