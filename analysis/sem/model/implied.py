"""Implied moments of one group and everything their derivatives are made of.

Sigma = F B S B' F' and mu = F B m (McArdle & McDonald, 1984). With C = B S B', Z = [FB | FC | 0] (p, 2v + 1)
and y = [0 | Bm | 1] (2v + 1), the cell c = (u, v, w) of `GroupCells` has

    dSigma/dc = w (Z_u Z_v' + Z_v Z_u'),    dmu/dc = Z_u y_v,
    dZ/dc = w (Z_u P_v + Z_v P_u),          P = [[0, B', 0], [B, C, 0], [0, 0, 0]],   dy_v/dc = P_uv y_(v of
    c),

which gives first and second derivatives of any function of the moments with no case per kind of cell.
Every function takes and keeps leading batch axes.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.linalg import lapack

from analysis.sem.model.cells import GroupCells, Ints

__all__ = [
    "Implied",
    "between",
    "chain",
    "chained",
    "implied",
    "jacobian",
    "pairs",
    "second_order",
    "second_order_between",
]

Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True, eq=False)
class Implied:
    """Moments sigma (..., p, p), mu (..., p) and their factors.

    B, C: (..., v, v); Z: (..., p, 2v + 1); y: (..., 2v + 1); tau (..., t) and delta (..., p) for ordinal
    moments.
    """

    sigma: Floats
    mu: Floats
    B: Floats
    C: Floats
    Z: Floats
    y: Floats
    tau: Floats
    delta: Floats

    @property
    def FB(self) -> Floats:
        """(..., p, v)."""
        return self.Z[..., : self.B.shape[-1]]

    @property
    def T(self) -> Floats:
        """F B S B': (..., p, v)."""
        v = self.B.shape[-1]
        return self.Z[..., v : 2 * v]

    @property
    def Bm(self) -> Floats:
        """Means of all variables: (..., v)."""
        v = self.B.shape[-1]
        return self.y[..., v : 2 * v]


def implied(cells: GroupCells, theta: Floats) -> Implied:
    """Implied moments at theta (..., q).

    Raises numpy.linalg.LinAlgError where I - A is singular (a loop of paths with gain exactly one).
    """
    A, S, m, tau, delta = cells.matrices(theta)
    p, v = cells.p, cells.size
    B = _total_effects(A)
    C = B @ S @ np.swapaxes(B, -1, -2)
    Z = np.zeros((*C.shape[:-2], p, 2 * v + 1), dtype=C.dtype)
    Z[..., :v] = B[..., :p, :]
    Z[..., v : 2 * v] = C[..., :p, :]
    y = np.zeros((*C.shape[:-2], 2 * v + 1), dtype=C.dtype)
    y[..., v : 2 * v] = (B @ m[..., None])[..., 0]
    y[..., 2 * v] = 1.0
    return Implied(C[..., :p, :p], y[..., v : v + p], B, C, Z, y, tau, delta)


def _total_effects(A: Floats) -> Floats:
    """(I - A)^-1 of A (..., v, v)."""
    if A.ndim > 2 or A.dtype != np.float64:
        return np.asarray(np.linalg.inv(np.eye(A.shape[-1]) - A))
    # The same factors by LAPACK's own routines, at a third of the cost for one small matrix.
    factors, pivots, singular = lapack.dgetrf(np.eye(len(A)) - A)
    if singular:
        raise np.linalg.LinAlgError("I - A is singular")
    return np.asarray(lapack.dgetri(factors, pivots)[0])


def jacobian(cells: GroupCells, at: Implied) -> tuple[Floats, Floats]:
    """dSigma (..., k, p, p) and dmu (..., k, p) for the k free cells of the group."""
    Zt = np.swapaxes(at.Z, -1, -2)
    U, V = Zt[..., cells.u, :], Zt[..., cells.v, :]
    half = cells.w[:, None, None] * (U[..., :, None] * V[..., None, :])
    return half + np.swapaxes(half, -1, -2), U * at.y[..., cells.v, None]


def pairs(X: Floats, a: Ints, b: Ints) -> Floats:
    """X[..., a, b] of every two entries of a and b: (..., len(a), len(b)), in a third of the time."""
    return X.take(a, -2).take(b, -1)


def between(at: Implied, dsigma: Floats, dmu: Floats) -> tuple[Floats, Floats]:
    """Z' dsigma Z (..., 2v + 1, 2v + 1) and Z' dmu (..., 2v + 1): what `chain` and `second_order` need."""
    Zt = np.swapaxes(at.Z, -1, -2)
    return Zt @ dsigma @ at.Z, (Zt @ dmu[..., None])[..., 0]


def chain(cells: GroupCells, at: Implied, dsigma: Floats, dmu: Floats) -> Floats:
    """Gradient (..., k) of f where df = tr(dsigma dSigma) + dmu' dmu, dsigma (..., p, p) symmetric."""
    return chained(cells, at, *between(at, dsigma, dmu))


def chained(cells: GroupCells, at: Implied, N: Floats, h: Floats) -> Floats:
    """As `chain`, from what `between` gives."""
    return 2.0 * cells.w * N[..., cells.u, cells.v] + h[..., cells.u] * at.y[..., cells.v]


def second_order(cells: GroupCells, at: Implied, dsigma: Floats, dmu: Floats) -> Floats:
    """tr(dsigma d2Sigma) + dmu' d2mu for every two free cells: (..., k, k)."""
    return second_order_between(cells, at, *between(at, dsigma, dmu))


def second_order_between(cells: GroupCells, at: Implied, N: Floats, h: Floats) -> Floats:
    """As `second_order`, from what `between` gives."""
    v = cells.size
    P = np.zeros((*at.B.shape[:-2], 2 * v + 1, 2 * v + 1), dtype=at.B.dtype)
    P[..., :v, v : 2 * v] = np.swapaxes(at.B, -1, -2)
    P[..., v : 2 * v, :v] = at.B
    P[..., v : 2 * v, v : 2 * v] = at.C
    a, b, w = cells.u, cells.v, cells.w
    Nab, Pab = pairs(N, a, b), pairs(P, a, b)
    # N and P are symmetric, so that one of the crossed terms is the transpose of the other.
    crossed = Nab * np.swapaxes(Pab, -1, -2)
    covariance = (
        crossed
        + np.swapaxes(crossed, -1, -2)
        + pairs(N, b, b) * pairs(P, a, a)
        + pairs(N, a, a) * pairs(P, b, b)
    )
    out = 2.0 * w[:, None] * w * covariance
    if h.any():
        mean = h[..., None, a] * Pab * at.y[..., b, None]
        out += mean + np.swapaxes(mean, -1, -2)
    return np.asarray(out)
