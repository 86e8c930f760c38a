"""The true value of a hypothesis's estimand in a population, where the model's parameters have one."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from analysis.planning.population import PRODUCT, Population, standardised_effects
from analysis.sem.syntax import parse_model
from analysis.sem.syntax.evaluation import evaluate
from analysis.sem.syntax.expression import Expression
from analysis.synergy.compile import compile_model
from analysis.synergy.expressions import parse_expression, render
from analysis.synergy.structure import Structure, read_structure
from analysis.unavailable import Unavailable
from questionnaire.plan import Hypothesis
from questionnaire.study import Study


@dataclass(frozen=True, slots=True)
class _Formula:
    expression: Expression


def true_value(study: Study, hypothesis: Hypothesis, population: Population) -> float | Unavailable:
    """The estimand at the population's standardised effects (γ″ for products).

    Unavailable where the model's parameters are not the population's: a path into or from a variable that
    the population does not have or that enters the model as an observed parcel, whose measurement error
    attenuates it; or an equation that leaves out a variable which acts on the outcome. A product that the
    model leaves out does not make the truth unavailable; what it does to the estimates is part of the bias.
    """
    structure = read_structure(study, study.model(hypothesis.model))
    observed = _observed(study, hypothesis)
    labels: dict[str, float | Unavailable] = {}
    statements = parse_model(structure.text)
    for statement in statements.parameters:
        if statement.op == "~" and statement.modifiers.label:
            parts = structure.products.get(statement.rhs, (statement.rhs,))
            label = statement.modifiers.label[0]
            labels[label] = _effect(population, structure, statement.lhs, parts, observed)
    own = {relation.lhs: relation.expression for relation in statements.relations if relation.op == ":="}
    missing: list[str] = []

    def value(name: str) -> str:
        if name in own:
            return f"({render(own[name], value)})"
        found = labels.get(name, Unavailable(f"{name} is not the label of a path"))
        if isinstance(found, Unavailable):
            missing.append(found.reason)
            return "0"
        return f"({found:.17g})"

    text = render(parse_expression(hypothesis.estimand), value)
    if missing:
        return Unavailable(missing[0])
    return float(evaluate([_Formula(parse_expression(text))], {"unused": 0.0})[..., 0])


def _observed(study: Study, hypothesis: Hypothesis) -> frozenset[str]:
    """Constructs that stand in the model as columns of data."""
    unknown = dict.fromkeys(study.measurement.single_indicators, 0.5)
    compiled = compile_model(study, study.model(hypothesis.model), error_variances=unknown)
    if isinstance(compiled, Unavailable):
        return frozenset()
    return frozenset({*compiled.parcels, *compiled.items})


def _effect(
    population: Population,
    structure: Structure,
    outcome: str,
    parts: tuple[str, ...],
    observed: frozenset[str],
) -> float | Unavailable:
    effects: Mapping[str, Mapping[str, float]] = {v.code: v.effects for v in population.variables}
    for name in (outcome, *parts):
        if name not in effects:
            return Unavailable(f"{name} is no variable of the population")
        if name in observed:
            return Unavailable(f"{name} enters the model as an observed parcel, measurement error and all")
    modelled = {s.rhs for s in parse_model(structure.text).parameters if s.op == "~" and s.lhs == outcome}
    for term, effect in effects[outcome].items():
        if PRODUCT not in term and effect and term not in modelled:
            return Unavailable(f"the model leaves out {term}, which acts on {outcome} in the population")
    scaled = {_sorted(term): value for term, value in standardised_effects(population, outcome).items()}
    return scaled.get(tuple(sorted(parts)), 0.0)


def _sorted(term: str) -> tuple[str, ...]:
    return tuple(sorted(term.split(PRODUCT)))
