"""Answers before they are cut into points, from a study's population."""

from __future__ import annotations

import numpy as np
import pandas as pd

from analysis.planning.latents import draw_variables
from analysis.planning.population import Population, truth
from questionnaire.study import Study


def continuous_items(study: Study, population: Population, n: int, seed: int) -> pd.DataFrame:
    """The responses y* of n people to every item, without a method factor; reversed items mirrored."""
    rng = np.random.default_rng(seed)
    moments = truth(population)
    variables = draw_variables(population, moments, n, rng)
    columns = {}
    for construct in study.constructs:
        standard = variables[construct.code] / moments.sd(construct.code)
        for place, item in enumerate(construct.items):
            loading = population.loadings[min(place, len(population.loadings) - 1)]
            response = loading * standard + np.sqrt(1 - loading**2) * rng.standard_normal(n)
            columns[item.code] = -response if item.reverse else response
    return pd.DataFrame(columns)
