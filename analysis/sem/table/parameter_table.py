"""The parameter table: one row per parameter and group, as lavaan's ``parTable`` has it."""

from __future__ import annotations

from dataclasses import dataclass

import pandas as pd

from analysis.sem.syntax.expression import Expression
from analysis.sem.table.columns import Columns


@dataclass(frozen=True, slots=True)
class Definition:
    """A defined parameter, ``name := expression``; ``text`` is the expression as written."""

    name: str
    text: str
    expression: Expression


@dataclass(frozen=True, slots=True)
class Constraint:
    """An equality ``lhs == rhs`` written by the user; ``expression`` is lhs − rhs and is to be 0."""

    lhs: str
    rhs: str
    expression: Expression


@dataclass(frozen=True, slots=True, eq=False)
class ParameterTable:
    """A model, complete with defaults, for one or more groups.

    ``columns``, and ``rows`` as a frame, have one row per parameter and group, then one per ``:=`` and
    ``==`` (group 0), with columns

    - lhs, op, rhs: str; rhs is "" for ``~1``, "t1", "t2", … for ``|``, the text behind ``:=`` and ``==``
    - user: 1 written in the model, 0 added by default
    - group: 1 … G, 0 for ``:=`` and ``==``
    - free: 0 fixed, otherwise 1 … q, one index for every free row. Rows tied by a label keep their own index
      and are tied by ``equalities``
    - ustart: float; the fixed value of a fixed row, the ``start()`` value of a free one, NaN for none.
      A fixed row of an exogenous observed variable (exo = 1) is NaN: its value is the sample moment
    - exo: 1 for variances, covariances and means of observed predictors under fixed.x
    - label: str, "" for none; plabel: ".p1.", ".p2.", … by row

    ``equalities`` pairs the plabels of rows that share one value (first of its set, other);
    ``constraints`` and ``definitions`` are the user's own; definitions come in an order in which each uses
    only earlier ones, and names of definitions inside constraints are already replaced by their expressions.
    ``conditional_x``: moments of the rest are those given the exogenous variables (ordered outcomes with
    observed predictors); then exo = 1 for regressions on them too, though those are free.
    """

    columns: Columns
    groups: tuple[str, ...]
    observed: tuple[str, ...]
    latent: tuple[str, ...]
    ordered: tuple[str, ...]
    exogenous: tuple[str, ...]
    equalities: tuple[tuple[str, str], ...]
    constraints: tuple[Constraint, ...]
    definitions: tuple[Definition, ...]
    meanstructure: bool
    fixed_x: bool
    conditional_x: bool = False
    parameterization: str = "delta"

    @property
    def rows(self) -> pd.DataFrame:
        """The columns as a new frame, the caller's own."""
        return self.columns.frame()

    @property
    def n_free(self) -> int:
        """Number of free rows (q), before equality constraints."""
        return max(self.columns.free, default=0)

    @property
    def n_groups(self) -> int:
        """Number of groups (G), at least 1."""
        return max(1, len(self.groups))
