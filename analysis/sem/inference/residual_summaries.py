"""Root mean squares of residual moments: RMR, SRMR (Bentler, 1995), CRMR (Bollen, 1989), SRMR of Mplus.

Averages over the distinct moments of a group, then over groups by cases; `_nomean` leaves the means out.
"""

from __future__ import annotations

from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

__all__ = ["goodness_of_fit", "residual_summaries"]

Floats = NDArray[np.float64]
Ints = NDArray[np.intp]


def residual_summaries(
    S: Floats, m: Floats, sigma: Floats, mu: Floats, meanstructure: bool
) -> dict[str, float]:
    """Summaries of one group: S (p, p) and m (p,) of the sample, sigma and mu of the model."""
    p = len(S)
    i, j = _lower(p)
    sd, sd_model = np.sqrt(S.diagonal()), np.sqrt(np.maximum(sigma.diagonal(), np.finfo(float).tiny))
    raw = S - sigma
    bollen = S / np.outer(sd, sd) - sigma / np.outer(sd_model, sd_model)
    mplus = bollen.copy()
    np.fill_diagonal(mplus, raw.diagonal() / S.diagonal())
    parts = {
        "rmr": (raw[i, j], m - mu, 0),
        "srmr_bentler": ((raw / np.outer(sd, sd))[i, j], (m - mu) / sd, 0),
        "crmr": (bollen[i, j], (m - mu) / sd, p),
        "srmr_mplus": (mplus[i, j], m / sd - mu / sd_model, 0),
    }
    out = {}
    for name, (cov, mean, less) in parts.items():
        nomean = _rms(cov, len(cov) - less)
        out[name] = _rms(np.concatenate([cov, mean]), len(cov) + p - less) if meanstructure else nomean
        out[f"{name}_nomean"] = nomean
    return out


@lru_cache(maxsize=32)
def _lower(p: int) -> tuple[Ints, Ints]:
    """Rows and columns of the distinct entries of a symmetric matrix."""
    return np.tril_indices(p)


def goodness_of_fit(weighted_residual: float, weighted_total: float) -> float:
    """GFI = 1 - r'Wr / s'Ws (Joreskog & Sorbom, 1984; Tanaka & Huba, 1985)."""
    return 1.0 - weighted_residual / weighted_total


def _rms(values: Floats, count: int) -> float:
    return float(np.sqrt(values @ values / count)) if count > 0 else 0.0
