"""Generalised inverse of an information matrix that does not depend on the units of the parameters."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

__all__ = ["generalised_inverse"]

Floats = NDArray[np.float64]

# Eigenvalues below this share of the largest, at unit diagonal, are absent directions.
RANK = 1e-12


def generalised_inverse(information: Floats) -> Floats:
    """D (D I D)^+ D with D = diag(I)^-1/2, for a symmetric matrix (q, q); zero rows stay zero."""
    diagonal = np.diagonal(information)
    positive = diagonal > 0.0
    scale = np.where(positive, 1.0 / np.sqrt(np.where(positive, diagonal, 1.0)), 0.0)
    values, vectors = np.linalg.eigh(information * scale * scale[:, None])
    kept = values > RANK * max(float(values.max(initial=0.0)), 0.0)
    half = scale[:, None] * vectors[:, kept]
    return np.asarray((half / values[kept]) @ half.T)
