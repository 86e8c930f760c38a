"""A population with known truth: how its variables arise, how they show in answers, and its scenarios."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from functools import reduce
from itertools import pairwise

from analysis.planning import polynomials
from analysis.planning.polynomials import Polynomial

PRODUCT = ":"


class PopulationError(ValueError):
    """A population that cannot exist, or a request that it cannot meet."""


@dataclass(frozen=True, slots=True)
class Variable:
    """A latent variable: Σ effect · term + e. A term is an earlier variable or a centred product ``S:R``.

    ``residual`` is the variance of e; None makes the variable's own variance 1.
    """

    code: str
    effects: Mapping[str, float] = field(default_factory=dict)
    residual: float | None = None


@dataclass(frozen=True, slots=True)
class Scenario:
    """Another truth: ``changes`` replaces single effects (variable → term → value)."""

    code: str
    note: str
    changes: Mapping[str, Mapping[str, float]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Thresholds:
    """Where a standard normal response is cut into ``points`` answers, points − 1 cuts in order."""

    points: int
    cuts: tuple[float, ...]


@dataclass(frozen=True, slots=True)
class Careless:
    """How inattentive respondents behave: shares of their kinds, failed checks and hurry."""

    straight: float = 0.40
    random: float = 0.40
    zigzag: float = 0.20
    fail: float = 0.75
    fail_attentive: float = 0.02
    hurry: float = 0.30


@dataclass(frozen=True, slots=True)
class Dropout:
    """Who stops: the odds rise by ``slope`` per option of ``question`` beyond ``centre``, counted from 1."""

    question: str = ""
    slope: float = 0.0
    centre: float = 0.0
    first_item: int = 0


@dataclass(frozen=True, slots=True)
class Population:
    """Everything that draws an answer.

    Item y* = loading · construct / SD + method · m + e with unit variance; loadings go by the item's place
    in its construct, and the method factor m enters reversed items unreversed (acquiescence).
    ``threshold_spread`` is the SD of an item's shift of all its cuts. ``shares`` gives the options of
    questions (others are equally frequent), ``counts`` the mean of number questions.
    """

    study: str
    note: str
    variables: tuple[Variable, ...]
    loadings: tuple[float, ...]
    method: float
    thresholds: tuple[Thresholds, ...]
    threshold_spread: float
    seconds_median: float
    seconds_spread: float
    scenarios: tuple[Scenario, ...] = ()
    careless: Careless = field(default_factory=Careless)
    dropout: Dropout = field(default_factory=Dropout)
    languages: Mapping[str, float] = field(default_factory=dict)
    consent: tuple[float, ...] = ()
    shares: Mapping[str, Mapping[str, float]] = field(default_factory=dict)
    counts: Mapping[str, float] = field(default_factory=dict)
    prefer_not: float = 0.0

    def under(self, scenario: str) -> Population:
        """This population with the effects of ``scenario``; PopulationError if there is none such."""
        known = {member.code: member for member in self.scenarios}
        if scenario not in known:
            names = ", ".join(known) or "none"
            raise PopulationError(f"the population has no scenario {scenario!r}; its scenarios: {names}")
        changes = known[scenario].changes
        variables = tuple(
            replace(v, effects={**v.effects, **changes.get(v.code, {})}) for v in self.variables
        )
        return replace(self, variables=variables)


@dataclass(frozen=True, slots=True)
class Truth:
    """Exact moments: every variable as a polynomial in its sources, and the residual variances used."""

    forms: Mapping[str, Polynomial]
    residuals: Mapping[str, float]
    _spreads: dict[str, float] = field(default_factory=dict, repr=False, compare=False)

    def mean(self, term: str) -> float:
        """E of a variable or of a product before centring."""
        return polynomials.expectation(self._raw(term))

    def covariance(self, left: str, right: str) -> float:
        """Cov of two variables or products."""
        return polynomials.covariance(self._raw(left), self._raw(right))

    def sd(self, term: str) -> float:
        """Standard deviation of a variable or product."""
        if term not in self._spreads:
            self._spreads[term] = float(self.covariance(term, term) ** 0.5)
        return self._spreads[term]

    def _raw(self, term: str) -> Polynomial:
        return reduce(polynomials.multiply, (self.forms[part] for part in term.split(PRODUCT)))


def truth(population: Population) -> Truth:
    """Moments of every variable; PopulationError when a residual variance would be negative."""
    found = Truth({}, {})
    forms, residuals = dict(found.forms), dict(found.residuals)
    for index, variable in enumerate(population.variables):
        form: Polynomial = {}
        for term, effect in variable.effects.items():
            raw = Truth(forms, residuals)._raw(term)
            form = polynomials.add(form, polynomials.centred(raw), effect)
        explained = polynomials.covariance(form, form)
        residual = 1.0 - explained if variable.residual is None else variable.residual
        if residual < 0:
            raise PopulationError(
                f"{variable.code}: its effects explain a variance of {explained:.3f}, more than 1"
            )
        forms[variable.code] = polynomials.add(form, {(index,): residual**0.5})
        residuals[variable.code] = residual
    return Truth(forms, residuals)


def standardised_effects(population: Population, outcome: str) -> dict[str, float]:
    """True γ″ of every effect on ``outcome``: effect · Π SD(component) / SD(outcome).

    For a product the components are its factors, not the product itself (Wen, Marsh & Hau 2010, eq. 9).
    """
    moments = truth(population)
    (effects,) = (v.effects for v in population.variables if v.code == outcome)
    size = moments.sd(outcome)
    scaled = {}
    for term, effect in effects.items():
        scale = 1.0
        for part in term.split(PRODUCT):
            scale *= moments.sd(part)
        scaled[term] = effect * scale / size
    return scaled


def increasing(cuts: tuple[float, ...]) -> bool:
    """Whether every cut lies above the one before."""
    return all(low < high for low, high in pairwise(cuts))
