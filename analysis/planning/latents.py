"""Draws from a population's latent variables."""

from __future__ import annotations

from functools import reduce

import numpy as np

from analysis.planning.population import PRODUCT, Population, Truth


def draw_variables(
    population: Population, moments: Truth, n: int, rng: np.random.Generator
) -> dict[str, np.ndarray]:
    """Every variable for n respondents, (n,) each; products enter centred at their exact mean."""
    drawn: dict[str, np.ndarray] = {}
    for variable in population.variables:
        values = np.sqrt(moments.residuals[variable.code]) * rng.standard_normal(n)
        for term, effect in variable.effects.items():
            product = reduce(np.multiply, (drawn[part] for part in term.split(PRODUCT)))
            values += effect * (product - moments.mean(term))
        drawn[variable.code] = values
    return drawn
