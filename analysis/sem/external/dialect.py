"""A parameter table in semopy's dialect, explicit in every parameter, so that no default of semopy acts.

What is steered round, each shown by a test and listed in docs/semopy.md:
- ``NA*`` and users' labels: every free parameter has a label of our own
- loadings that are all labelled (an endless loop): every free parameter has a starting value
- default covariances: cov_diag, and every variance and covariance written down
- covariances of an indicator with a latent or predicting variable: its residual becomes a latent variable
- units: variables are divided by a scale, values are translated back
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations

from analysis.sem.errors import ModelError
from analysis.sem.external.carriers import lifted_variables
from analysis.sem.external.scaling import Cell, factor
from analysis.sem.syntax.expression import Binary, Call, Expression, Name, Number, postorder

# What sympy differentiates without leaving the reals; abs is not among it.
_DIFFERENTIABLE = frozenset({"-", "exp", "log", "sqrt", "sin", "cos", "tan", "tanh", "atan"})


class NotExpressibleError(ModelError):
    """This model cannot be written in semopy's dialect; the message says why."""


@dataclass(frozen=True, slots=True)
class Problem:
    """One group's model, ready for translation.

    labels: one of our own for each free index, the same for tied ones; constraints: expressions that are to
    be 0, with the free index of each name in ``names``; starts: a starting value for each free index;
    means: intercepts are part of the model.
    """

    observed: Sequence[str]
    latent: Sequence[str]
    cells: Sequence[Cell]
    labels: Mapping[int, str]
    constraints: Sequence[Expression]
    names: Mapping[str, int]
    starts: Mapping[int, float]
    means: bool


@dataclass(frozen=True, slots=True)
class Dialect:
    """A model for semopy.

    text: the description; means: whether it needs ModelMeans; columns: semopy's names of our observed
    variables; labels and factors: by free index, ours = factor x the value of that label;
    starts: by label.
    """

    text: str
    means: bool
    columns: Mapping[str, str]
    labels: Mapping[int, str]
    factors: Mapping[int, float]
    starts: Mapping[str, float]


def translate(problem: Problem, scales: Mapping[str, float]) -> Dialect:
    """The model in semopy's dialect, for data divided by ``scales``.

    Raises NotExpressibleError with the reason.
    """
    factors = {cell.free: factor(cell, scales) for cell in problem.cells if cell.free}
    names = _safe_names([*problem.observed, *problem.latent])
    lines = _gather(_terms(problem, scales, names))
    declared = _without_loadings(problem)
    if declared:
        lines.insert(0, f"DEFINE(latent) {' '.join(names[name] for name in declared)}")
    lines += [_constraint(problem, expression, factors) for expression in problem.constraints]
    return Dialect(
        text="\n".join(lines),
        means=problem.means,
        columns={name: names[name] for name in problem.observed},
        labels=problem.labels,
        factors=factors,
        starts={label: problem.starts[free] / factors[free] for free, label in problem.labels.items()},
    )


def _terms(
    problem: Problem, scales: Mapping[str, float], names: Mapping[str, str]
) -> Iterator[tuple[str, str, str]]:
    """Left side, operator and one term of the right side, for every parameter."""
    lifted = lifted_variables(problem.cells, problem.observed)
    carrier = {name: f"{names[name]}.residual" for name in lifted}
    carrier = {name: _unlike(text, names.values()) for name, text in carrier.items()}

    def value(cell: Cell) -> str:
        return problem.labels[cell.free] if cell.free else _number(cell.value / factor(cell, scales))

    for cell in problem.cells:
        if cell.kind == "A" and cell.row != cell.col:
            left, right = (cell.col, cell.row) if cell.loading else (cell.row, cell.col)
            yield names[left], "=~" if cell.loading else "~", f"{value(cell)}*{names[right]}"
    for name in problem.observed:
        if name in lifted:
            yield carrier[name], "=~", f"1*{names[name]}"
            yield names[name], "~~", f"0*{names[name]}"
    for cell in problem.cells:
        # Moments of exogenous variables are semopy's own default, at the sample values.
        if cell.kind == "S" and not cell.exo:
            left, right = carrier.get(cell.row, names[cell.row]), carrier.get(cell.col, names[cell.col])
            if cell.row == cell.col or not cell.is_zero:
                yield left, "~~", f"{value(cell)}*{right}"
        elif cell.kind == "m" and not cell.exo and problem.means:
            yield names[cell.row], "~", f"{value(cell)}*1"
    for one, other in _uncorrelated_predictors(problem):
        yield names[one], "~~", f"0*{names[other]}"


def _uncorrelated_predictors(problem: Problem) -> Iterator[tuple[str, str]]:
    """Pairs of observed predictors that do not covary; semopy would give them their sample covariance.

    With means, predictors of fixed moments leave semopy's covariance structure unless a pair is written.
    """
    paths = [cell for cell in problem.cells if cell.kind == "A"]
    receivers = {cell.row for cell in paths}
    fixed = {cell.row for cell in problem.cells if cell.kind == "S" and cell.exo}
    written = {
        frozenset((cell.row, cell.col)) for cell in problem.cells if cell.kind == "S" and not cell.is_zero
    }
    predictors = [
        name
        for name in problem.observed
        if name not in receivers
        and any(cell.col == name for cell in paths)
        and not (problem.means and name in fixed)
    ]
    return (pair for pair in combinations(predictors, 2) if frozenset(pair) not in written)


def _without_loadings(problem: Problem) -> list[str]:
    measuring = {cell.col for cell in problem.cells if cell.loading and cell.row != cell.col}
    return [name for name in problem.latent if name not in measuring]


def _gather(terms: Iterator[tuple[str, str, str]]) -> list[str]:
    """One line for each left side and operator."""
    lines: dict[tuple[str, str], list[str]] = {}
    for left, operator, term in terms:
        lines.setdefault((left, operator), []).append(term)
    return [f"{left} {operator} {' + '.join(found)}" for (left, operator), found in lines.items()]


def _safe_names(ours: Sequence[str]) -> dict[str, str]:
    """Names semopy's grammar can read: ours where possible."""
    names: dict[str, str] = {}
    for name in ours:
        plain = name if re.fullmatch(r"[^\W\d][\w.]*", name) else "v" + re.sub(r"[^\w.]", "_", name)
        names[name] = plain if plain == name else _unlike(plain, {*ours, *names.values()})
    return names


def _unlike(name: str, taken: object) -> str:
    while name in taken:  # type: ignore[operator]
        name += "_"
    return name


def _number(value: float) -> str:
    """All digits; without the "+" of an exponent, at which semopy would split the term."""
    return f"{value:.17g}".replace("e+", "e")


def _constraint(problem: Problem, expression: Expression, factors: Mapping[int, float]) -> str:
    text: dict[int, str] = {}
    for node in postorder(expression):
        if isinstance(node, Number):
            text[id(node)] = f"({node.value!r})"
        elif isinstance(node, Name):
            free = problem.names[node.name]
            text[id(node)] = f"({factors[free]!r}*{problem.labels[free]})"
        elif isinstance(node, Call):
            if node.function not in _DIFFERENTIABLE:
                raise NotExpressibleError(f"semopy's constraints do not know {node.function}()")
            text[id(node)] = f"{node.function}({text[id(node.argument)]})"
        elif isinstance(node, Binary):
            text[id(node)] = f"({text[id(node.left)]}{node.operator}{text[id(node.right)]})"
    return f"CONSTRAINT({text[id(expression)]} = 0)"
