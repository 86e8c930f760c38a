"""Generalised inverse of an information matrix that does not depend on the units of the parameters."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from scipy.linalg import lapack

__all__ = ["generalised_inverse"]

Floats = NDArray[np.float64]

# Eigenvalues below this share of the largest, at unit diagonal, are absent directions.
RANK = 1e-12
# Far from that, by the reciprocal condition number, the inverse is the plain one at a fraction of the cost.
WELL_CONDITIONED = 1e-9


def generalised_inverse(information: Floats) -> Floats:
    """D (D I D)^+ D with D = diag(I)^-1/2, for a symmetric matrix (q, q); zero rows stay zero."""
    diagonal = np.diagonal(information)
    positive = diagonal > 0.0
    scale = np.where(positive, 1.0 / np.sqrt(np.where(positive, diagonal, 1.0)), 0.0)
    scaled = information * scale * scale[:, None]
    if not len(scaled):
        return np.asarray(scaled)
    factor, singular = lapack.dpotrf(scaled, lower=1)
    if not singular and lapack.dpocon(factor, np.abs(scaled).sum(axis=0).max(), "L")[0] > WELL_CONDITIONED:
        lower = lapack.dpotri(factor, lower=1)[0]
        inverse = np.tril(lower) + np.tril(lower, -1).T
        return np.asarray(inverse * scale * scale[:, None])
    values, vectors = np.linalg.eigh(scaled)
    kept = values > RANK * max(float(values.max(initial=0.0)), 0.0)
    half = scale[:, None] * vectors[:, kept]
    return np.asarray((half / values[kept]) @ half.T)
