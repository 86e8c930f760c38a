"""What a draw is about: the free rows of the table and the defined parameters, as functions of theta.

A label may also stand for a fixed row; one of an observed predictor's moment (fixed.x) changes from draw
to draw and is `watched` beside theta.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from analysis.sem.model.cells import Cells
from analysis.sem.syntax.evaluation import evaluate, jacobian
from analysis.sem.syntax.expression import names_in
from analysis.sem.table.parameter_table import Definition, ParameterTable

__all__ = ["Values", "Watched", "values_of", "watched_of"]

Floats = NDArray[np.float64]
Ints = NDArray[np.intp]


@dataclass(frozen=True, slots=True)
class Watched:
    """The covariance of observed variables i and j, or the mean of i where j is -1, in a group."""

    row: int
    group: int
    i: int
    j: int


@dataclass(frozen=True, slots=True, eq=False)
class Values:
    """m values: free rows in table order, then definitions.

    rows: (m,) their rows among the estimates, which leave out `==`; names: of the distinct columns,
    lavaan's coef() names; shown: (columns,) the value each shows (rows that share a label are one column).
    place: label to (place in theta followed by the watched moments, or -1 and the fixed value).
    """

    rows: Ints
    names: tuple[str, ...]
    names_of_all: tuple[str, ...]
    shown: Ints
    free: Ints
    definitions: tuple[Definition, ...]
    place: dict[str, tuple[int, float]]

    def at(self, theta: Floats, watched: Floats) -> Floats:
        """Values (b, m) at theta (b, q) and watched (b, w)."""
        if not self.definitions:
            return theta[:, self.free]
        defined = evaluate(self.definitions, self._named(np.concatenate([theta, watched], axis=1)))
        shape = (len(theta), len(self.definitions))
        return np.concatenate([theta[:, self.free], np.broadcast_to(defined, shape)], axis=1)

    def jacobian(self, theta: Floats, watched: Floats) -> Floats:
        """Derivatives (m, q + w) at theta (q,), watched (w,)."""
        x = np.concatenate([theta, watched])
        out = np.zeros((len(self.free) + len(self.definitions), len(x)))
        out[np.arange(len(self.free)), self.free] = 1.0
        used = [(name, at) for name, (at, _) in self.place.items() if at >= 0]
        if self.definitions:
            by_name = jacobian(self.definitions, self._named(x), [name for name, _ in used])
            for k, (_, at) in enumerate(used):
                out[len(self.free) :, at] += by_name[:, k]
        return out

    def _named(self, x: Floats) -> dict[str, Floats]:
        return {
            name: x[..., at] if at >= 0 else np.asarray(value) for name, (at, value) in self.place.items()
        }


def values_of(table: ParameterTable, watched: tuple[Watched, ...]) -> Values:
    """The values of a model."""
    c = table.columns
    columns = (c.lhs, c.op, c.rhs, c.group, c.free, c.label, c.plabel, c.ustart)
    moment = {w.row: table.n_free + k for k, w in enumerate(watched)}
    rows, names, free = [], [], []
    reported = np.cumsum([op != "==" for op in c.op]) - 1
    place: dict[str, tuple[int, float]] = {}
    defined: list[tuple[int, str]] = []
    for r, (lhs, op, rhs, group, index, label, plabel, ustart) in enumerate(zip(*columns, strict=True)):
        if op == ":=":
            defined.append((r, lhs))
        elif index > 0:
            rows.append(r)
            # A plabel as label is group_equal's way to tie rows; it tells a reader nothing.
            own = label if label and not label.startswith(".p") else f"{lhs}{op}{rhs}"
            names.append(own if own == label or group == 1 else f"{own}.g{group}")
            free.append(index - 1)
        if op not in (":=", "=="):
            at = index - 1 if index > 0 else moment.get(r, -1)
            for name in (label, plabel):
                if name:
                    place.setdefault(name, (at, ustart))
    everything = (*names, *(name for _, name in defined))
    first = {name: k for k, name in reversed(list(enumerate(everything)))}
    shown = sorted(first.values())
    return Values(
        rows=reported[[*rows, *(r for r, _ in defined)]],
        names=tuple(everything[k] for k in shown),
        names_of_all=everything,
        shown=np.array(shown, dtype=np.intp),
        free=np.array(free, dtype=np.intp),
        definitions=table.definitions,
        place=_needed(place, table.definitions),
    )


def _needed(
    place: dict[str, tuple[int, float]], definitions: tuple[Definition, ...]
) -> dict[str, tuple[int, float]]:
    used = {name for d in definitions for name in names_in(d.expression)}
    return {name: at for name, at in place.items() if name in used}


def watched_of(table: ParameterTable, cells: Cells) -> tuple[Watched, ...]:
    """Moments of observed predictors that a definition uses."""
    used = {name for d in table.definitions for name in names_in(d.expression)}
    column = {name: i for i, name in enumerate(cells.observed)}
    out = []
    for r, row in enumerate(table.rows.to_dict("records")):
        if (
            row["exo"] == 1
            and row["free"] == 0
            and used & {row["label"], row["plabel"]}
            and row["op"] in ("~~", "~1")
        ):
            j = column[row["rhs"]] if row["op"] == "~~" else -1
            out.append(Watched(r, int(row["group"]) - 1, column[row["lhs"]], j))
    return tuple(out)
