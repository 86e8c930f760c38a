"""The response surface of a product model: what its equation predicts, on the standardised scale."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass

import numpy as np

from analysis.sem.fit import Fit
from analysis.sem.syntax import parse_model
from analysis.synergy.compiled import CompiledModel
from analysis.synergy.second_opinion import LabelledEffects
from analysis.synergy.standardise import GAMMA
from analysis.unavailable import Unavailable

Term = tuple[str, ...]
"""The variables multiplied in one term, in any order: ("S",), ("S", "R"), ("S", "S")."""


@dataclass(frozen=True, slots=True, eq=False)
class Surface:
    """One equation with products.

    ``terms``: k products of variables that each have mean 0 and variance 1; ``estimates`` (k,), γ'' where a
    term is a product (Wen, Marsh & Hau 2010); ``covariance`` (k, k). The outcome has variance 1.
    """

    outcome: str
    terms: tuple[Term, ...]
    estimates: np.ndarray
    covariance: np.ndarray

    @property
    def pairs(self) -> tuple[tuple[str, str], ...]:
        """The two variables of every product of two different ones."""
        return tuple((t[0], t[1]) for t in self.terms if len(t) == 2 and t[0] != t[1])

    def weights(self, coefficients: Mapping[Term, float]) -> np.ndarray:
        """The vector (k,) of a linear combination; a term the equation does not have counts as 0."""
        known = {tuple(sorted(term)): value for term, value in coefficients.items()}
        return np.array([known.get(tuple(sorted(term)), 0.0) for term in self.terms])

    def has(self, term: Term) -> bool:
        """Whether the equation holds this product."""
        return sorted(term) in [sorted(own) for own in self.terms]

    def combine(self, weights: np.ndarray) -> tuple[float, float]:
        """Estimate and standard error of ``weights`` (k,) times the coefficients."""
        variance = float(weights @ self.covariance @ weights)
        return float(weights @ self.estimates), float(np.sqrt(max(variance, 0.0)))

    def slope(self, predictor: str, at: Mapping[str, float]) -> np.ndarray:
        """Weights (k,) of the derivative by ``predictor`` at a point; variables not named stand at 0."""
        out = []
        for term in self.terms:
            count = term.count(predictor)
            rest = [v for v in term if v != predictor] + [predictor] * max(count - 1, 0)
            out.append(count * float(np.prod([at.get(v, 0.0) for v in rest])) if count else 0.0)
        return np.array(out)

    def rise(self, at: Mapping[str, float]) -> np.ndarray:
        """Weights (k,) of the predicted outcome at a point, less that at the mean of every variable."""
        return np.array([float(np.prod([at.get(v, 0.0) for v in term])) for term in self.terms])


def read_surfaces(
    compiled: CompiledModel, fit: Fit, effects: Collection[str]
) -> tuple[Surface, ...] | Unavailable:
    """A surface for every outcome with products; ``effects`` names what the fit defines by ``:=``."""
    paths = [s for s in parse_model(compiled.syntax).parameters if s.op == "~" and s.modifiers.label]
    outcomes = dict.fromkeys(s.lhs for s in paths if s.rhs in compiled.products)
    if not outcomes:
        return Unavailable("the model has no latent products")
    found = []
    for outcome in outcomes:
        own = [s for s in paths if s.lhs == outcome]
        names = [GAMMA + str(s.modifiers.label[0]) for s in own if s.modifiers.label]
        if missing := [name for name in names if name not in effects]:
            return Unavailable(f"{missing[0]} was not estimated")
        estimates, covariance = fit.defined(names)
        if not (np.isfinite(estimates).all() and np.isfinite(covariance).all()):
            return Unavailable(f"the effects on {outcome} have no standard errors")
        terms = tuple(compiled.products.get(s.rhs, (s.rhs,)) for s in own)
        found.append(Surface(outcome, terms, estimates, covariance))
    return tuple(found)


def surface_of(
    compiled: CompiledModel, effects: LabelledEffects | Unavailable
) -> tuple[Surface, ...] | Unavailable:
    """The surface of the one equation with products that an estimator without product indicators gives."""
    if isinstance(effects, Unavailable):
        return effects
    paths = [s for s in parse_model(compiled.syntax).parameters if s.op == "~"]
    (outcome,) = {s.lhs for s in paths if s.rhs in compiled.products}
    terms = tuple(compiled.products.get(s.rhs, (s.rhs,)) for s in paths if s.lhs == outcome)
    return (Surface(outcome, terms, effects.estimates, effects.covariance),)
