"""What a simulation reads from a fit, thousands of times, and nothing that is only shown."""

from __future__ import annotations

from collections.abc import Hashable, Mapping
from typing import Any

import numpy as np
import pandas as pd
from scipy.stats import norm

from analysis.sem.fit import Fit

Effects = Mapping[str, Mapping[Hashable, Any]]


def labelled_pvalues(fit: Fit) -> pd.DataFrame:
    """``label`` and ``pvalue`` of the labelled paths."""
    columns = fit.table.columns
    errors = np.sqrt(np.maximum(np.diagonal(fit.vcov), 0.0))
    named = [(label, k - 1) for label, k in zip(columns.label, columns.free, strict=True) if label and k > 0]
    with np.errstate(divide="ignore", invalid="ignore"):
        pvalues = 2 * norm.sf(np.abs(fit.theta / errors))
    return pd.DataFrame([(label, float(pvalues[k])) for label, k in named], columns=["label", "pvalue"])


def effects_alone(fit: Fit, names: list[str]) -> Effects:
    """``est`` and ``se`` of what ``:=`` gives these names."""
    values, covariance = fit.defined(names)
    errors = np.sqrt(np.maximum(np.diagonal(covariance), 0.0))
    found = zip(names, values.tolist(), errors.tolist(), strict=True)
    return {name: {"est": value, "se": error} for name, value, error in found}
