"""What every fit becomes, however much of it is shown."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd

from analysis.pipeline.result import NOT_ASKED_FOR, FittedModel, Part
from analysis.sem.fit import Fit
from questionnaire.plan import Model


def fitted_model(
    model: Model,
    fit: Fit,
    estimates: pd.DataFrame,
    *,
    part: Part,
    screening: str,
    scoring: str,
    estimator: str,
    syntax: str,
    **shown: Any,
) -> FittedModel:
    """The outcome of ``fit`` with these estimates; ``shown``: whatever else of it is, by field."""
    parts = {
        "fit_measures": pd.Series(dtype=float),
        "residuals": NOT_ASKED_FOR,
        "cross_check": NOT_ASKED_FOR,
        **shown,
    }
    return FittedModel(
        model=model.code,
        name=model.name,
        part=part,
        screening=screening,
        scoring=scoring,
        estimator=estimator,
        missing=fit.options.missing,
        syntax=syntax,
        n_obs=int(np.sum(fit.n_obs)),
        converged=bool(fit.converged),
        estimates=estimates,
        problems=tuple(fit.problems),
        equivalent=model.equivalent,
        **parts,
    )
