"""Equality constraints: linear ones become a map theta = K alpha + c, the others keep their Jacobian.

Equal labels tie rows one to one; a user's `==` is linear when its Jacobian does not depend on theta.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from analysis.sem.errors import ModelError
from analysis.sem.kept import kept
from analysis.sem.syntax.evaluation import evaluate, jacobian

if TYPE_CHECKING:
    from analysis.sem.table.parameter_table import Constraint, ParameterTable

__all__ = ["Constraints", "compile_constraints", "parameter_names", "tangent"]

Floats = NDArray[np.float64]

# Two Jacobians at unrelated points that differ by less belong to a linear constraint.
LINEAR = 1e-12
# Directions with singular values below this share of the largest count as absent.
RANK = 1e-10


@dataclass(frozen=True, slots=True, eq=False)
class Constraints:
    """theta = K alpha + c with K (q, r); `curved` are the nonlinear constraints, to be zero.

    names: label and plabel to value: (place in theta, or -1 and the fixed value). identity: no constraint
    at all.
    """

    K: Floats
    c: Floats
    curved: tuple[Constraint, ...]
    names: dict[str, tuple[int, float]]
    identity: bool

    def theta(self, alpha: Floats) -> Floats:
        """(q,) from (r,)."""
        return alpha if self.identity else self.K @ alpha + self.c

    def alpha(self, theta: Floats) -> Floats:
        """Least-squares projection of theta (q,) on the linear constraints: (r,)."""
        if self.identity:
            return theta
        return np.asarray(np.linalg.lstsq(self.K, theta - self.c, rcond=None)[0], dtype=np.float64)

    def values(self, theta: Floats) -> dict[str, Floats]:
        """Every name a := or == may use, at theta (..., q)."""
        return _values(self.names, theta)

    def curved_at(self, theta: Floats) -> tuple[Floats, Floats]:
        """h (c,) and dh/dtheta (c, q) of the nonlinear constraints."""
        values = self.values(theta)
        return evaluate(self.curved, values), _jacobian(self.curved, self.names, values, len(theta))


def tangent(constraints: Constraints, theta: Floats) -> Floats:
    """Basis (q, f) of the directions in which theta may move under all constraints."""
    if not constraints.curved:
        return constraints.K
    _, jac = constraints.curved_at(theta)
    return np.asarray(constraints.K @ _null_space(jac @ constraints.K))


@kept()
def compile_constraints(table: ParameterTable) -> Constraints:
    """Constraints of a table; raises ModelError where linear ones contradict each other."""
    q = table.n_free
    names = parameter_names(table)
    if not table.equalities and not table.constraints:
        return Constraints(np.eye(q), np.zeros(q), (), names, True)
    rows, right = [], []
    for first, other in table.equalities:
        row, value = np.zeros(q), 0.0
        for name, sign in ((first, 1.0), (other, -1.0)):
            place, fixed = names[name]
            if place >= 0:
                row[place] += sign
            else:
                value -= sign * fixed
        rows.append(row)
        right.append(value)
    curved = []
    for constraint in table.constraints:
        linear = _linear(constraint, names, q)
        if linear is None:
            curved.append(constraint)
        else:
            rows.append(linear[0])
            right.append(linear[1])
    if not rows:
        return Constraints(np.eye(q), np.zeros(q), tuple(curved), names, True)
    R, r = np.array(rows), np.array(right)
    if not len(table.constraints) and not r.any():
        return Constraints(_merge(table, names, q), np.zeros(q), (), names, False)
    c = np.linalg.lstsq(R, r, rcond=None)[0]
    if np.abs(R @ c - r).max() > 1e-8 * (1.0 + np.abs(r).max()):
        raise ModelError(
            "the equality constraints contradict each other",
            place="==",
            mend="Leave out the constraints that cannot hold together.",
        )
    return Constraints(_null_space(R), c, tuple(curved), names, False)


def parameter_names(table: ParameterTable) -> dict[str, tuple[int, float]]:
    """Label and plabel of every row to (place in theta, nan) or (-1, fixed value)."""
    c = table.columns
    out: dict[str, tuple[int, float]] = {}
    for label, plabel, free, ustart, op in zip(c.label, c.plabel, c.free, c.ustart, c.op, strict=True):
        if op in (":=", "=="):
            continue
        value = (free - 1, float("nan")) if free > 0 else (-1, ustart)
        for name in (label, plabel):
            if name:
                out.setdefault(name, value)
    return out


def _values(names: dict[str, tuple[int, float]], theta: Floats) -> dict[str, Floats]:
    return {
        name: theta[..., place] if place >= 0 else np.asarray(fixed) for name, (place, fixed) in names.items()
    }


def _jacobian(
    items: tuple[Constraint, ...], names: dict[str, tuple[int, float]], values: dict[str, Floats], q: int
) -> Floats:
    used = [(name, place) for name, (place, _) in names.items() if place >= 0]
    by_name = jacobian(items, values, [name for name, _ in used])
    out = np.zeros((len(items), q))
    np.add.at(out.T, np.array([place for _, place in used], dtype=np.intp), by_name.T)
    return out


def _linear(
    constraint: Constraint, names: dict[str, tuple[int, float]], q: int
) -> tuple[Floats, float] | None:
    """Coefficients (q,) and right-hand side of a linear constraint, or None."""
    points = np.random.default_rng(1).uniform(0.5, 1.5, (2, q))
    jacobians = [_jacobian((constraint,), names, _values(names, x), q)[0] for x in points]
    if not np.isfinite(jacobians).all() or np.abs(jacobians[0] - jacobians[1]).max(initial=0.0) > LINEAR:
        return None
    at = float(evaluate((constraint,), _values(names, points[0]))[..., 0])
    return jacobians[0], float(jacobians[0] @ points[0] - at)


def _merge(table: ParameterTable, names: dict[str, tuple[int, float]], q: int) -> Floats:
    """0/1 map (q, r) that gives tied rows one value."""
    head = np.arange(q)
    for first, other in table.equalities:
        a, b = head[names[first][0]], head[names[other][0]]
        head[head == max(a, b)] = min(a, b)
    _, column = np.unique(head, return_inverse=True)
    K = np.zeros((q, int(column.max(initial=-1)) + 1))
    K[np.arange(q), column] = 1.0
    return K


def _null_space(R: Floats) -> Floats:
    _, s, Vt = np.linalg.svd(R)
    rank = int(np.sum(s > RANK * s[0])) if len(s) and s[0] > 0 else 0
    return np.asarray(Vt[rank:].T)
