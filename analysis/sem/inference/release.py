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

from analysis.sem.inference.generalised_inverse import generalised_inverse

__all__ = ["ReleaseTest", "null_space", "release_test"]

Floats = NDArray[np.float64]

# Directions with singular values below this share of the largest are absent.
RANK = 1e-10


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


def null_space(rows: Floats) -> Floats:
    """Orthonormal basis (q, f) of the directions that constraints with Jacobian rows (c, q) leave free."""
    if not len(rows):
        return np.eye(rows.shape[1])
    _, s, Vt = np.linalg.svd(rows)
    rank = int(np.sum(s > RANK * s[0])) if s[0] > 0 else 0
    return np.asarray(Vt[rank:].T)
