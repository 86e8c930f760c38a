"""Rated statements: from a construct's value to a code on the scale, attentively or not."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from analysis.planning.population import Careless, Population, Truth
from questionnaire.study import Study

STRAIGHT, RANDOM, ZIGZAG, ATTENTIVE = range(4)
"""Kinds of respondents."""
STRAIGHT_FROM_TOP = 4
"""Straight-liners keep to one of the top four points, as agreeing costs them nothing."""


def item_answers(
    study: Study,
    population: Population,
    variables: Mapping[str, np.ndarray],
    moments: Truth,
    rng: np.random.Generator,
) -> np.ndarray:
    """Raw codes 1…points: (n, p) in the order of the study's items.

    y* = loading · construct / SD + method · m + e with unit variance, the construct turned round for a
    reversed item and m not; y* is cut at the population's thresholds, mirrored for a reversed item and
    shifted for each item by N(0, threshold_spread²).
    """
    n = len(next(iter(variables.values())))
    method = population.method * rng.standard_normal(n)
    cuts = {member.points: np.array(member.cuts) for member in population.thresholds}
    answers = np.empty((n, len(study.items)), dtype=np.int8)
    column = 0
    for construct in study.constructs:
        standard = variables[construct.code] / moments.sd(construct.code)
        for place, item in enumerate(construct.items):
            loading = population.loadings[min(place, len(population.loadings) - 1)]
            residual = np.sqrt(1.0 - loading**2 - population.method**2)
            response = (-loading if item.reverse else loading) * standard + method
            response += residual * rng.standard_normal(n)
            own = cuts[study.scale(item.scale).points]
            own = (-own[::-1] if item.reverse else own) + rng.normal(0.0, population.threshold_spread)
            answers[:, column] = 1 + np.searchsorted(own, response)
            column += 1
    return answers


def draw_kinds(careless: Careless, share: float, n: int, rng: np.random.Generator) -> np.ndarray:
    """The kind of each respondent, (n,); ``share`` of them are careless."""
    parts = share * np.array([careless.straight, careless.random, careless.zigzag])
    return np.searchsorted(np.cumsum(parts), rng.random(n), side="right").astype(np.int8)


def careless_answers(
    points: np.ndarray, answers: np.ndarray, kinds: np.ndarray, rng: np.random.Generator
) -> np.ndarray:
    """Answers with those of careless respondents replaced; points (p,) is the length of each item's scale."""
    p = answers.shape[1]
    given = answers.copy()
    shortest = int(points.min())
    rows = np.flatnonzero(kinds == STRAIGHT)
    given[rows] = rng.integers(max(1, shortest + 1 - STRAIGHT_FROM_TOP), shortest + 1, (len(rows), 1))
    rows = np.flatnonzero(kinds == RANDOM)
    given[rows] = rng.integers(1, points + 1, (len(rows), p))
    rows = np.flatnonzero(kinds == ZIGZAG)
    pair = rng.integers(1, shortest + 1, (len(rows), 2))
    given[rows] = pair[:, np.arange(p) % 2]
    return given
