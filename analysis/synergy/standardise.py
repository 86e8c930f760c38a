"""Standardised effects as defined parameters: model-implied variances written out in model syntax.

Written as ``:=`` lines, a standardised effect gets its delta-method error, its robust error and its bootstrap
interval from the engine like any other parameter, also where products need γ'' and not γ'.
"""

from __future__ import annotations

from collections.abc import Hashable, Mapping
from dataclasses import dataclass, field

import pandas as pd

from analysis.sem.errors import ModelError
from analysis.sem.syntax import parse_model
from analysis.sem.syntax.expression import Expression
from analysis.sem.table import build_table
from analysis.synergy.expressions import parse_expression, render

PREFIX = "z."
"""Names that begin so are the compiler's own: covariances, standardised coefficients and estimands."""

GAMMA = f"{PREFIX}gamma."
"""Before a path's label: that path on the standardised scale, in equations that hold products."""


@dataclass(slots=True)
class _Writer:
    """Writes definitions once each, in an order in which each uses only earlier ones."""

    inputs: Mapping[str, tuple[tuple[str, str], ...]]
    residuals: Mapping[frozenset[str], str]
    depth: Mapping[str, int]
    lines: dict[str, str] = field(default_factory=dict)

    def covariance(self, a: str, b: str) -> str:
        """Name or number of the implied covariance of two variables (variance where they are one)."""
        if (self.depth[a], a) > (self.depth[b], b):
            a, b = b, a
        terms = [_times(c, self.covariance(a, x)) for x, c in self.inputs[b]]
        terms.append(self.with_residual(a, b))
        return self._define(f"{PREFIX}cov.{a}.{b}", terms)

    def with_residual(self, a: str, b: str) -> str:
        """Name or number of the covariance of variable ``a`` with the residual of ``b``."""
        terms = [_times(c, self.with_residual(x, b)) for x, c in self.inputs[a]]
        terms.append(self.residuals.get(frozenset((a, b)), "0"))
        return self._define(f"{PREFIX}res.{a}.{b}", terms)

    def _define(self, name: str, terms: list[str]) -> str:
        kept = [term for term in terms if term != "0"]
        if not kept:
            return "0"
        if len(kept) == 1 and "*" not in kept[0]:
            return kept[0]
        self.lines[name] = " + ".join(kept)
        return name


def _times(coefficient: str, value: str) -> str:
    return "0" if "0" in (coefficient, value) else f"{coefficient}*{value}"


def standardised_definitions(
    syntax: str,
    products: Mapping[str, tuple[str, ...]],
    estimands: Mapping[str, str],
    *,
    meanstructure: bool = False,
) -> tuple[str, ...]:
    """``:=`` lines that define each estimand (name → expression over labels) on the standardised scale.

    A coefficient b of x on y becomes b·SD(x)/SD(y). That of a latent product becomes
    γ'' = γ·√(Π φ_component)/SD(y) (Wen, Marsh & Hau 2010), never γ·SD(product)/SD(y). Names that the model
    defines by ``:=`` are taken apart first. ``meanstructure`` must be as in the fit, because unlabelled
    parameters are named by their place in its parameter table. Raises ModelError for an unknown label or a
    loop among variables.
    """
    statements = parse_model(syntax)
    table = build_table(statements, meanstructure=meanstructure)
    rows = table.rows[table.rows["group"] == 1]
    writer = _writer(rows)
    own = {definition.name: definition.expression for definition in table.definitions}
    labels = {str(row["label"]): row for row in rows.to_dict("records") if row["label"] and row["op"] == "~"}
    known: dict[str, str] = {}

    def standardised(name: str) -> str:
        if name in own:
            return f"({render(own[name], standardised)})"
        if name not in labels:
            raise ModelError(f"{name!r} is not the label of a path", mend="Label the path, such as gS*S.")
        if name not in known:
            known[name] = f"{PREFIX}b.{name}"
            row = labels[name]
            parts = products.get(str(row["rhs"]), (str(row["rhs"]),))
            spread = "*".join(writer.covariance(part, part) for part in parts)
            outcome = writer.covariance(str(row["lhs"]), str(row["lhs"]))
            # Π φ for a product of distinct components; the same √ serves a square, where φ·φ gives φ itself.
            writer.lines[known[name]] = f"{name}*sqrt(({spread})/{outcome})"
        return known[name]

    trees: dict[str, Expression] = {name: parse_expression(text) for name, text in estimands.items()}
    finals = {name: render(tree, standardised) for name, tree in trees.items()}
    return tuple(f"{name} := {text}" for name, text in {**writer.lines, **finals}.items())


def _writer(rows: pd.DataFrame) -> _Writer:
    inputs: dict[str, list[tuple[str, str]]] = {}
    residuals: dict[frozenset[str], str] = {}
    for row in rows.to_dict("records"):
        lhs, op, rhs = str(row["lhs"]), str(row["op"]), str(row["rhs"])
        value = _value(row)
        if op in ("~", "=~"):
            target, source = (lhs, rhs) if op == "~" else (rhs, lhs)
            inputs.setdefault(target, []).append((source, value))
            inputs.setdefault(source, [])
        elif op == "~~":
            residuals[frozenset((lhs, rhs))] = value
    frozen = {name: tuple(given) for name, given in inputs.items()}
    return _Writer(frozen, residuals, _depths(frozen))


def _value(row: Mapping[Hashable, object]) -> str:
    if int(str(row["free"])) > 0:
        return str(row["label"] or row["plabel"])
    number = float(str(row["ustart"]))
    if number != number:
        raise ModelError(
            f"{row['lhs']} is observed and fixed, so its variance is no parameter",
            mend="Enter it as a latent variable with one indicator.",
        )
    return "0" if number == 0 else f"{number:.17g}"


def _depths(inputs: Mapping[str, tuple[tuple[str, str], ...]]) -> dict[str, int]:
    """How many steps lie before each variable; ModelError where they go in a circle."""
    depth: dict[str, int] = {}
    path: list[str] = []

    def visit(name: str) -> int:
        if name in path:
            raise ModelError(f"{name} depends on itself", mend="Standardise a model without feedback.")
        if name not in depth:
            path.append(name)
            depth[name] = 1 + max((visit(source) for source, _ in inputs[name]), default=-1)
            path.pop()
        return depth[name]

    for name in inputs:
        visit(name)
    return depth
