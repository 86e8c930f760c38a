"""Every parameter is a cell of one flat vector that holds A, S, m, tau and delta of a group.

Reticular action model (McArdle & McDonald, 1984): variables are the p observed ones, then the latent ones,
v in all; Sigma = F B S B' F', mu = F B m, B = (I - A)^-1, F picks the first p. Thresholds (tau) and scales
of latent responses (delta) are two more vectors, which only ordinal moments read.

A covariance cell c pairs two columns (u, v) of Z = [FB | FBSB' | 0], see `implied`: its derivative is
w (Z_u Z_v' + Z_v Z_u'). A cell of A in row i and column j has u = i, v = size + j; of S u = i, v = j (w = 1/2
on the diagonal, where the two terms are one); cells of m, tau, delta touch no covariance: v is the zero
column.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, fields, replace
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from analysis.sem.kept import kept
from analysis.sem.model.rows import DELTA, TAU, A, M, Rows, S, decode

if TYPE_CHECKING:
    from analysis.sem.table.parameter_table import ParameterTable

__all__ = ["Cells", "GroupCells", "Ints", "compile_cells", "fix_exogenous"]

Floats = NDArray[np.float64]
Ints = NDArray[np.intp]


@dataclass(frozen=True, slots=True, eq=False)
class GroupCells:
    """The cells of one group: k free ones, fixed values in `base`.

    base: (..., L) flat [A (v*v) | S (v*v) | m (v) | tau (t) | delta (p)] with the fixed values, 0 at free
    cells
    (delta is 1 unless told). kind, row, col, u, v: (k,); w: (k,); free: (k,) place of each cell in theta.
    scatter_to, scatter_from: flat places of all free cells (S cells twice) and the place in theta each is
    filled from.
    exo_cov, exo_mean: flat places taking sample moments under fixed.x, with their variables (rows of pairs).
    thresholds: the (variable, number) of each entry of tau, in order of the observed variables.
    rows: (k,) row of the parameter table of each cell; all_rows maps every cell row, fixed too, to its flat
    place, and where says what stands there.
    """

    p: int
    size: int
    base: Floats
    kind: Ints
    row: Ints
    col: Ints
    u: Ints
    v: Ints
    w: Floats
    free: Ints
    scatter_to: Ints
    scatter_from: Ints
    exo_cov: Ints
    exo_cov_pairs: Ints
    exo_mean: Ints
    exo_mean_of: Ints
    thresholds: tuple[tuple[int, int], ...]
    rows: Ints
    all_rows: Ints
    all_places: Ints
    where: Rows

    @property
    def k(self) -> int:
        """Number of free cells of the group."""
        return len(self.free)

    def flat(self, theta: Floats) -> Floats:
        """Flat matrices (..., L) at theta (..., q)."""
        if theta.ndim == self.base.ndim == 1:
            one = self.base.astype(np.result_type(theta, self.base))
            one[self.scatter_to] = theta[self.scatter_from]
            return one
        batch = np.broadcast_shapes(theta.shape[:-1], self.base.shape[:-1])
        out = np.empty((*batch, self.base.shape[-1]), dtype=np.result_type(theta, self.base))
        out[...] = self.base
        out[..., self.scatter_to] = theta[..., self.scatter_from]
        return out

    def split(self, flat: Floats) -> tuple[Floats, Floats, Floats, Floats, Floats]:
        """Views A (..., v, v), S (..., v, v), m (..., v), tau (..., t), delta (..., p) of a flat vector."""
        v, lead = self.size, flat.shape[:-1]
        end = 2 * v * v + v
        return (
            flat[..., : v * v].reshape(*lead, v, v),
            flat[..., v * v : 2 * v * v].reshape(*lead, v, v),
            flat[..., 2 * v * v : end],
            flat[..., end : end + len(self.thresholds)],
            flat[..., end + len(self.thresholds) :],
        )

    def matrices(self, theta: Floats) -> tuple[Floats, Floats, Floats, Floats, Floats]:
        """A, S, m, tau, delta at theta (..., q)."""
        return self.split(self.flat(theta))


@dataclass(frozen=True, slots=True, eq=False)
class Cells:
    """The cells of all groups; theta has q entries, one per free row of the parameter table.

    in_order: theta is one group's cells, as they are.
    """

    groups: tuple[GroupCells, ...]
    q: int
    observed: tuple[str, ...]
    latent: tuple[str, ...]
    meanstructure: bool
    in_order: bool = field(init=False)

    def __post_init__(self) -> None:
        alone = len(self.groups) == 1
        object.__setattr__(self, "in_order", alone and np.array_equal(self.groups[0].free, np.arange(self.q)))

    @property
    def variables(self) -> tuple[str, ...]:
        """Observed, then latent names: the order of rows and columns of A and S."""
        return self.observed + self.latent


@kept()
def compile_cells(table: ParameterTable) -> Cells:
    """Cells of a parameter table, fixed.x moments still at zero (see `fix_exogenous`)."""
    groups = tuple(_compile_group(table, g) for g in range(1, max(1, len(table.groups)) + 1))
    # They are shared by all fits of the model.
    for group in groups:
        for part in (group, group.where):
            for each in fields(part):
                if isinstance(array := getattr(part, each.name), np.ndarray):
                    array.setflags(write=False)
    return Cells(groups, table.n_free, table.observed, table.latent, table.meanstructure)


def fix_exogenous(cells: Cells, covs: Sequence[Floats], means: Sequence[Floats]) -> Cells:
    """Cells whose fixed.x moments are those of the sample: covs (..., p, p), means (..., p) per group."""
    if not any(len(group.exo_cov) or len(group.exo_mean) for group in cells.groups):
        return cells
    return replace(
        cells, groups=tuple(_fix(g, c, m) for g, c, m in zip(cells.groups, covs, means, strict=True))
    )


def _fix(group: GroupCells, cov: Floats, mean: Floats) -> GroupCells:
    if not len(group.exo_cov) and not len(group.exo_mean):
        return group
    base = np.empty((*cov.shape[:-2], group.base.shape[-1]))
    base[...] = group.base
    base[..., group.exo_cov] = cov[..., group.exo_cov_pairs[:, 0], group.exo_cov_pairs[:, 1]]
    base[..., group.exo_mean] = mean[..., group.exo_mean_of]
    return replace(group, base=base)


def _compile_group(table: ParameterTable, g: int) -> GroupCells:
    p, size = len(table.observed), len(table.observed) + len(table.latent)
    place = {name: i for i, name in enumerate((*table.observed, *table.latent))}
    columns = table.columns
    lhs, op, rhs, group = columns.lhs, columns.op, columns.rhs, columns.group
    free, ustart, exo = columns.free, columns.ustart, columns.exo
    mine = [r for r in range(len(lhs)) if group[r] == g and op[r] in _KIND]
    tau_names = sorted(
        ((place[lhs[r]], int(rhs[r][1:])) for r in mine if op[r] == "|"),
    )
    tau_place = {name: i for i, name in enumerate(tau_names)}
    starts = np.cumsum([0, size * size, size * size, size, len(tau_names), p])
    base = np.zeros(starts[-1])
    base[starts[DELTA] :] = 1.0

    kinds, at_row, at_col, spots = [], [], [], []
    for r in mine:
        kind = _KIND[op[r]]
        a, b = place[lhs[r]], place.get(rhs[r], 0)
        i, j = {"=~": (b, a), "|": (tau_place.get((a, _number(rhs[r])), 0), 0)}.get(op[r], (a, b))
        width = size if kind in (A, S) else 1
        kinds.append(kind)
        at_row.append(i)
        at_col.append(j if width > 1 else 0)
        spots.append([starts[kind] + i * width + (j if width > 1 else 0)])
        if kind == S and i != j:
            spots[-1].append(starts[S] + j * width + i)

    is_free = [n for n, r in enumerate(mine) if free[r] > 0]
    is_exo = [n for n, r in enumerate(mine) if free[r] == 0 and exo[r] == 1 and ustart[r] != ustart[r]]
    for n, r in enumerate(mine):
        if free[r] == 0 and ustart[r] == ustart[r]:
            base[spots[n]] = ustart[r]
    kind_f = np.array([kinds[n] for n in is_free], dtype=np.intp)
    row_f = np.array([at_row[n] for n in is_free], dtype=np.intp)
    col_f = np.array([at_col[n] for n in is_free], dtype=np.intp)
    rows = np.array([mine[n] for n in is_free], dtype=np.intp)
    all_rows = np.array(mine, dtype=np.intp)
    all_places = np.array([s[0] for s in spots], dtype=np.intp)
    exo_cov = [(s, at_row[n], at_col[n]) for n in is_exo if kinds[n] == S for s in spots[n]]
    exo_mean = [(spots[n][0], at_row[n]) for n in is_exo if kinds[n] == M]
    return GroupCells(
        p=p,
        size=size,
        base=base,
        kind=kind_f,
        row=row_f,
        col=col_f,
        u=np.where(kind_f <= M, row_f, 2 * size),
        v=np.select([kind_f == A, kind_f == S], [size + col_f, col_f], 2 * size),
        w=np.where((kind_f == S) & (row_f == col_f), 0.5, 1.0),
        free=np.array([free[mine[n]] - 1 for n in is_free], dtype=np.intp),
        scatter_to=np.array([s for n in is_free for s in spots[n]], dtype=np.intp),
        scatter_from=np.array([free[mine[n]] - 1 for n in is_free for _ in spots[n]], dtype=np.intp),
        exo_cov=np.array([e[0] for e in exo_cov], dtype=np.intp),
        exo_cov_pairs=np.array([e[1:] for e in exo_cov], dtype=np.intp).reshape(-1, 2),
        exo_mean=np.array([e[0] for e in exo_mean], dtype=np.intp),
        exo_mean_of=np.array([e[1] for e in exo_mean], dtype=np.intp),
        thresholds=tuple(tau_names),
        rows=rows,
        all_rows=all_rows,
        all_places=all_places,
        where=decode(all_places, size, tuple(tau_names), np.searchsorted(all_rows, rows)),
    )


_KIND = {"=~": A, "<~": A, "~": A, "~~": S, "~1": M, "|": TAU, "~*~": DELTA}


def _number(rhs: str) -> int:
    return int(rhs[1:]) if rhs[:1] == "t" and rhs[1:].isdigit() else 0
