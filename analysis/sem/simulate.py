"""Data drawn from a model whose numbers are the population values.

As lavaan's simulateData() reads a model: latent variables have variance 1 and covariances and means 0 unless
told, loadings without a number are 1 (0.7 when standardised), residual variances 1; numbers in front of * are
the population values. Variables with thresholds are cut to categories 1, 2, …: their latent responses have
total variance 1, so thresholds are standard normal quantiles where the mean is 0.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from analysis.sem.errors import ModelError
from analysis.sem.model.cells import GroupCells, compile_cells
from analysis.sem.syntax.parser import parse_model
from analysis.sem.table.build import build_table

if TYPE_CHECKING:
    from analysis.sem.syntax.statements import ParameterStatement
    from analysis.sem.table.parameter_table import ParameterTable

__all__ = ["Population", "population", "simulate"]

Floats = NDArray[np.float64]

STANDARDIZED_LOADING = 0.7


@dataclass(frozen=True, slots=True, eq=False)
class Population:
    """Moments of one group: sigma (p, p), mu (p,) of `names`; ascending thresholds of ordered ones."""

    names: tuple[str, ...]
    sigma: Floats
    mu: Floats
    thresholds: dict[str, Floats]


def simulate(
    model: str,
    n: int | Sequence[int],
    seed: int | np.random.Generator,
    *,
    groups: Sequence[str] = (),
    group: str = "group",
    standardized: bool = False,
) -> pd.DataFrame:
    """Normal data from a model text whose numbers are the population values, cut at its thresholds.

    - n: rows, or rows per group
    - seed: an integer or a Generator; the same integer gives the same data
    - groups: labels for column `group`, by default those of the model's ``group:`` blocks or "1", "2", …
    - standardized: variances the model does not give are chosen so that every variable has variance 1

    One column per observed variable, in the model's order. Raises ModelError where the numbers are no
    population: a regression without number, thresholds out of order, a covariance matrix that is not positive
    definite.
    """
    sizes = (n,) if isinstance(n, int | np.integer) else tuple(n)
    labels = tuple(groups)
    if labels and len(labels) != len(sizes):
        raise ModelError(f"{len(labels)} groups but {len(sizes)} sample sizes", mend="Give n for each group.")
    populations = population(model, n_groups=len(sizes), groups=labels, standardized=standardized)
    rng = np.random.default_rng(seed)
    frames = [_draw(each, size, rng) for each, size in zip(populations.values(), sizes, strict=True)]
    if len(sizes) > 1:
        for label, frame in zip(populations, frames, strict=True):
            frame[group] = label
    return pd.concat(frames, ignore_index=True)


def population(
    model: str, *, n_groups: int = 1, groups: Sequence[str] = (), standardized: bool = False
) -> dict[str, Population]:
    """Population moments of each group by label, as `simulate` draws from them."""
    statements = parse_model(model)
    labels = tuple(groups) or statements.blocks or tuple(str(g + 1) for g in range(n_groups))
    if len(labels) != n_groups:
        raise ModelError(f"the model has {len(labels)} groups", mend=f"Give {len(labels)} sample sizes.")
    table = build_table(
        statements,
        groups=labels if n_groups > 1 else (),
        std_lv=True,
        fixed_x=False,
        ordered={name: _n_thresholds(statements.parameters, name) for name in statements.thresholded},
    )
    values, given = _values(table, standardized)
    none = (0,) * len(values)
    c = replace(table.columns, ustart=tuple(values.tolist()), free=none, exo=none)
    fixed = replace(table, columns=c)
    own_variance, number = np.array(c.lhs, dtype=object), np.array(c.group)
    return {
        label: _moments(table, cells, set(own_variance[given & (number == g)]), standardized, where)
        for g, (label, cells) in enumerate(zip(labels, compile_cells(fixed).groups, strict=True), 1)
        for where in [f"group {label}" if n_groups > 1 else "model"]
    }


def _n_thresholds(parameters: Sequence[ParameterStatement], name: str) -> int:
    return max(int(s.rhs[1:]) for s in parameters if s.op == "|" and s.lhs == name)


def _values(table: ParameterTable, standardized: bool) -> tuple[Floats, NDArray[np.bool_]]:
    """Population value of each row, and which rows are variances the model gives."""
    rows = table.rows
    op, user = rows["op"].to_numpy(), rows["user"].to_numpy()
    values = rows["ustart"].to_numpy(dtype=float).copy()
    own = (op == "~~") & (rows["lhs"] == rows["rhs"]).to_numpy()
    unset = np.isnan(values)
    for place in np.flatnonzero(unset & np.isin(op, ["~", "|"])):
        row = rows.iloc[place]
        raise ModelError(
            f"{row['lhs']} {row['op']} {row['rhs']} has no number",
            place="model",
            mend=f"Write the population value in front, such as {row['lhs']} {row['op']} 0.3*{row['rhs']}.",
        )
    given = own & ~unset & (user == 1)
    values[unset] = 0.0
    values[unset & (op == "=~")] = STANDARDIZED_LOADING if standardized else 1.0
    values[own & ~given] = 1.0
    return values, given


def _moments(
    table: ParameterTable, cells: GroupCells, told: Collection[str], standardized: bool, where: str
) -> Population:
    names = (*table.observed, *table.latent)
    A, S, m, tau, _ = cells.matrices(np.zeros(0))
    unit = [i for i, name in enumerate(names) if name in table.ordered or (standardized and name not in told)]
    B = np.asarray(np.linalg.inv(np.eye(len(names)) - A), dtype=np.float64)
    C = _with_unit_variances(B, S, unit, names, where)
    p = cells.p
    sigma = C[:p, :p]
    if np.linalg.eigvalsh(sigma)[0] < -1e-10 * np.trace(sigma):
        raise ModelError(
            "the population covariance matrix is not positive definite",
            place=where,
            mend="Make covariances or loadings smaller, or variances larger.",
        )
    variables = np.array([v for v, _ in cells.thresholds], dtype=int)
    thresholds = {names[v]: tau[variables == v] for v in np.unique(variables)}
    for name, cuts in thresholds.items():
        if np.any(np.diff(cuts) <= 0):
            raise ModelError(
                f"the thresholds of {name} do not ascend", place=where, mend="Sort their numbers."
            )
    return Population(table.observed, sigma, (B @ m)[:p], thresholds)


def _with_unit_variances(
    B: Floats, S: Floats, unit: Sequence[int], names: Sequence[str], where: str
) -> Floats:
    """Covariances of all variables with the residual variances of `unit` set to give total variance 1."""
    S = S.copy()
    # Variances are linear in residual variances, so that one system finds them all, loops of paths included.
    passed_on = B[np.ix_(unit, unit)] ** 2
    S[unit, unit] += np.linalg.solve(passed_on, 1.0 - np.diagonal(B @ S @ B.T)[unit])
    negative = [names[i] for i in unit if S[i, i] < 0.0]
    if negative:
        raise ModelError(
            f"the paths alone give {', '.join(negative)} a variance above 1",
            place=where,
            mend="Make their loadings or paths smaller.",
        )
    return B @ S @ B.T


def _draw(pop: Population, n: int, rng: np.random.Generator) -> pd.DataFrame:
    root, axes = np.linalg.eigh(pop.sigma)
    factor = axes * np.sqrt(np.maximum(root, 0.0))
    frame = pd.DataFrame(rng.standard_normal((n, len(pop.mu))) @ factor.T + pop.mu, columns=list(pop.names))
    for name, cuts in pop.thresholds.items():
        frame[name] = np.searchsorted(cuts, frame[name].to_numpy()) + 1
    return frame
