"""Score tests of equality constraints: the fall in chi-square that releasing one of them would bring.

With gradient g and expected information I per case, and K spanning what the other constraints leave free,
T = N g'K (K'IK)^-1 K'g and the expected changes are -K (K'IK)^-1 K'g (Lagrange multiplier test; Bentler &
Chou, 1992). At the estimates the gradient has no part along the constraints themselves, so that T has one
degree of freedom for each constraint released.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.linalg import cho_factor, cho_solve

from analysis.sem.inference.generalised_inverse import generalised_inverse

__all__ = ["ReleaseTest", "null_space", "release_each", "release_test"]

Floats = NDArray[np.float64]

# Directions with singular values below this share of the largest are absent.
RANK = 1e-10
# A released constraint adds less information than this, at unit diagonal, only where nothing else identifies
# its direction; the short way then subtracts nearly equal numbers.
UNIDENTIFIED = 1e-6


@dataclass(frozen=True, slots=True, eq=False)
class ReleaseTest:
    """chisq on df; change: (q,) expected change of every parameter."""

    chisq: float
    df: int
    change: Floats


def release_test(gradient: Floats, information: Floats, kept: Floats, n: int, df: int = 1) -> ReleaseTest:
    """Test of releasing what is not among the kept constraints.

    gradient (q,) of the value and information (q, q), per case; kept (c, q): Jacobian of the constraints that
    stay; df: number of constraints released.
    """
    # In units of their own errors, so that no variable's scale decides what counts as a direction.
    diagonal = np.diagonal(information)
    unit = 1.0 / np.sqrt(np.where(diagonal > 0.0, diagonal, 1.0))
    K = unit[:, None] * null_space(kept * unit)
    g = K.T @ gradient
    step = generalised_inverse(K.T @ information @ K) @ g
    return ReleaseTest(n * float(g @ step), df, -K @ step)


def release_each(
    gradient: Floats, information: Floats, constraints: Floats, first: int, n: int
) -> list[tuple[float, float]]:
    """Chi-square and expected change of each of the ``first`` constraints (c, q) when it alone is released.

    The change is that of the constraint's own value, minus the row times the change of the parameters. With
    V = (A I^-1 A')^-1 over all constraints A and multipliers m (g = A'm), releasing row k gives
    N m_k^2 / V_kk and m_k / V_kk, the blocks of one bordered inverse: c tests at the price of one. I need
    only be invertible along the constraints: I + A'A has the same tests and adds one to V_kk.
    """
    diagonal = np.diagonal(information)
    unit = 1.0 / np.sqrt(np.where(diagonal > 0.0, diagonal, 1.0))
    A = constraints * unit
    length = np.linalg.norm(A, axis=1)
    A = A / length[:, None]
    bordered = information * unit * unit[:, None] + A.T @ A
    found = _multipliers(bordered, A, gradient * unit)
    out = []
    for k in range(first):
        if found is None or found[1][k] < UNIDENTIFIED:
            test = release_test(gradient, information, np.delete(constraints, k, axis=0), n)
            out.append((test.chisq, -float(constraints[k] @ test.change)))
        else:
            m, V = found[0][k], found[1][k]
            out.append((n * m * m / V, m / V * length[k]))
    return out


def _multipliers(bordered: Floats, A: Floats, gradient: Floats) -> tuple[Floats, Floats] | None:
    """m and the diagonal of V, both (c,); None where constraints repeat each other or nothing identifies."""
    try:
        factor = cho_factor(bordered, lower=True)
        across = cho_factor(A @ cho_solve(factor, A.T), lower=True)
    except np.linalg.LinAlgError:
        return None
    if np.diagonal(across[0]).min() < RANK * np.diagonal(across[0]).max():
        return None
    m = np.linalg.lstsq(A.T, gradient, rcond=None)[0]
    return np.asarray(m), np.asarray(np.diagonal(cho_solve(across, np.eye(len(A)))) - 1.0)


def null_space(rows: Floats) -> Floats:
    """Orthonormal basis (q, f) of the directions that constraints with Jacobian rows (c, q) leave free."""
    if not len(rows):
        return np.eye(rows.shape[1])
    _, s, Vt = np.linalg.svd(rows)
    rank = int(np.sum(s > RANK * s[0])) if s[0] > 0 else 0
    return np.asarray(Vt[rank:].T)
