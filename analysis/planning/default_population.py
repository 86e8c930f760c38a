"""A plausible population for a study that brings none: moderate correlations, no interactions."""

from __future__ import annotations

from math import sqrt

from analysis.planning.population import Population, Scenario, Thresholds, Variable
from questionnaire.instrument import Role
from questionnaire.study import Study

CORRELATION = 0.30
"""Between explaining constructs: a medium correlation (Cohen 1988)."""
EXPLAINED = 0.35
"""Variance of an outcome that the explaining constructs account for together."""
FACET = 0.80
CUT = 1.5
"""The outermost cuts, in standard deviations: about 7% of answers at either end."""


def default_population(study: Study) -> Population:
    """Explaining constructs correlate by .30 and together explain 35% of each outcome; markers stand alone.

    A dimension counts as one variable with its facets loading .80 on it.
    """
    outcomes = {c.dimension or c.code for c in study.constructs if c.role is Role.OUTCOME}
    alone = [c.code for c in study.constructs if c.role is Role.MARKER]
    tops = [d.code for d in study.dimensions] + [c.code for c in study.constructs if not c.dimension]
    causes = [code for code in tops if code not in outcomes and code not in alone]
    variables = [
        Variable(code, dict.fromkeys(causes[:k], CORRELATION / (1 + (k - 1) * CORRELATION)))
        for k, code in enumerate(causes)
    ]
    p = len(causes)
    effect = sqrt(EXPLAINED / (p + p * (p - 1) * CORRELATION)) if p else 0.0
    variables += [Variable(code, dict.fromkeys(causes, effect)) for code in tops if code in outcomes]
    variables += [Variable(code) for code in alone]
    variables += [Variable(f, {d.code: FACET}) for d in study.dimensions for f in d.facets]
    points = sorted({study.scale(item.scale).points for item in study.items.values()})
    return Population(
        study=study.code,
        note="assumed from the study's structure; no data stand behind it",
        variables=tuple(variables),
        loadings=(0.80, 0.75, 0.70),
        method=0.10,
        thresholds=tuple(Thresholds(k, _cuts(k)) for k in points),
        threshold_spread=0.10,
        seconds_median=6.0 * len(study.items) + 60.0,
        seconds_spread=0.35,
        scenarios=(Scenario("default", "the only one"),),
    )


def _cuts(points: int) -> tuple[float, ...]:
    """Evenly spaced cuts, symmetric about zero."""
    if points == 2:
        return (0.0,)
    return tuple(-CUT + 2 * CUT * k / (points - 2) for k in range(points - 1))
