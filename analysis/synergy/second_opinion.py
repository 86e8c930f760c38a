"""The moment estimator beside a product model: same hypotheses, no product indicators."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd

from analysis.sem.syntax import ModelStatements, parse_model
from analysis.sem.syntax.expression import Call, Expression, Name, Number
from analysis.synergy.compiled import CompiledModel
from analysis.synergy.expressions import parse_expression
from analysis.synergy.moments import bartlett_scores, fit_moments
from analysis.unavailable import Unavailable


@dataclass(frozen=True, slots=True, eq=False)
class LabelledEffects:
    """Standardised coefficients by label with their covariance: ``estimates`` (k,), ``covariance`` (k, k)."""

    labels: tuple[str, ...]
    estimates: np.ndarray
    covariance: np.ndarray

    def combine(self, expression: str) -> tuple[float, float] | Unavailable:
        """Estimate and standard error of a linear expression over the labels."""
        weights = linear_weights(parse_expression(expression))
        if isinstance(weights, Unavailable):
            return weights
        if missing := sorted(set(weights) - set(self.labels)):
            return Unavailable(f"{missing[0]} is not an effect on the outcome of the products")
        w = np.array([weights.get(label, 0.0) for label in self.labels])
        return float(w @ self.estimates), float(np.sqrt(w @ self.covariance @ w))


def linear_part(compiled: CompiledModel) -> str:
    """The model without its products: what the factor scores come from."""
    statements = parse_model(compiled.syntax)
    gone = {*compiled.products, *compiled.indicators}
    lines = []
    for s in statements.parameters:
        if s.lhs in gone or s.rhs in gone:
            continue
        fixed = s.modifiers.fixed
        value = f"{fixed[0]!r}*" if fixed and fixed[0] is not None else ""
        lines.append(f"{s.lhs} {s.op} {value}{s.rhs}")
    return "\n".join(lines)


def moment_effects(
    compiled: CompiledModel, linear: pd.DataFrame, data: pd.DataFrame
) -> LabelledEffects | Unavailable:
    """Standardised effects of the equation that holds the products.

    ``linear``: estimates of ``linear_part``; ``data``: complete rows. Products are standardised as γ''; the
    variances that standardise are taken as known.
    """
    statements = parse_model(compiled.syntax)
    latents = list(dict.fromkeys(linear.loc[linear["op"] == "=~", "lhs"]))
    outcome = outcome_of_products(statements, compiled.products, latents)
    if isinstance(outcome, Unavailable):
        return outcome
    columns = [c for c in data.columns if c not in compiled.indicators]
    loadings, residuals = _measurement(linear, columns, latents)
    try:
        scores, error = bartlett_scores(data[columns].to_numpy(dtype=float), loadings, residuals)
        labels, terms = terms_of(statements, compiled.products, latents, outcome)
        fit = fit_moments(scores, error, [(), *terms], latents.index(outcome))
    except np.linalg.LinAlgError as problem:
        return Unavailable(f"the moments cannot be inverted: {problem}")
    variances = fit.variances
    if variances[latents.index(outcome)] <= 0 or any(variances[i] <= 0 for t in terms for i in t):
        return Unavailable("a factor's variance is not positive after correction")
    spread = np.array([np.sqrt(np.prod([variances[i] for i in term])) for term in terms])
    scale = spread / np.sqrt(variances[latents.index(outcome)])
    return LabelledEffects(
        labels, fit.coefficients[1:] * scale, fit.covariance[1:, 1:] * np.outer(scale, scale)
    )


def _measurement(
    linear: pd.DataFrame, columns: list[str], latents: list[str]
) -> tuple[np.ndarray, np.ndarray]:
    """Loadings (p, m), direct effects on indicators included, and residual covariances (p, p)."""
    row = {name: k for k, name in enumerate(columns)}
    factor = {name: k for k, name in enumerate(latents)}
    loadings = np.zeros((len(columns), len(latents)))
    residuals = np.zeros((len(columns), len(columns)))
    for lhs, op, rhs, est in linear[["lhs", "op", "rhs", "est"]].itertuples(index=False, name=None):
        if op == "=~" and rhs in row:
            loadings[row[rhs], factor[lhs]] = est
        elif op == "~" and lhs in row and rhs in factor:
            loadings[row[lhs], factor[rhs]] = est
        elif op == "~~" and lhs in row and rhs in row:
            residuals[row[lhs], row[rhs]] = residuals[row[rhs], row[lhs]] = est
    return loadings, residuals


def outcome_of_products(
    statements: ModelStatements, products: Mapping[str, tuple[str, ...]], latents: list[str]
) -> str | Unavailable:
    """The latent variable whose equation holds all the products."""
    outcomes = {s.lhs for s in statements.parameters if s.op == "~" and s.rhs in products}
    if len(outcomes) != 1:
        return Unavailable("an estimator without product indicators needs all products in one equation")
    outcome = outcomes.pop()
    return outcome if outcome in latents else Unavailable(f"{outcome} is not a latent variable")


def terms_of(
    statements: ModelStatements, products: Mapping[str, tuple[str, ...]], latents: list[str], outcome: str
) -> tuple[tuple[str, ...], list[tuple[int, ...]]]:
    """Labels of the outcome's equation, and the places of the latent variables that each term multiplies."""
    labels, terms = [], []
    for s in statements.parameters:
        if s.op == "~" and s.lhs == outcome:
            labels.append(s.modifiers.label[0] if s.modifiers.label else "")
            terms.append(tuple(latents.index(part) for part in products.get(s.rhs, (s.rhs,))))
    return tuple(labels), terms


def linear_weights(expression: Expression) -> dict[str, float] | Unavailable:
    """Label → weight of an expression that is linear in its labels and has no constant."""
    parsed = _linear(expression)
    if parsed is None or parsed.pop("", 0.0) != 0.0:
        return Unavailable("the expression is not a weighted sum of effects")
    return parsed


def _linear(node: Expression) -> dict[str, float] | None:
    if isinstance(node, Number):
        return {"": node.value}
    if isinstance(node, Name):
        return {node.name: 1.0}
    if isinstance(node, Call):
        inner = _linear(node.argument) if node.function == "-" else None
        return None if inner is None else {name: -value for name, value in inner.items()}
    left, right = _linear(node.left), _linear(node.right)
    if left is None or right is None:
        return None
    if node.operator in "+-":
        sign = 1.0 if node.operator == "+" else -1.0
        return {k: left.get(k, 0.0) + sign * right.get(k, 0.0) for k in {**left, **right}}
    if node.operator == "/" and set(right) == {""} and right[""]:
        return {name: value / right[""] for name, value in left.items()}
    if node.operator == "*":
        for constant, other in ((left, right), (right, left)):
            if set(constant) == {""}:
                return {name: value * constant[""] for name, value in other.items()}
    return None
