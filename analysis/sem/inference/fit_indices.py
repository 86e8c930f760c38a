"""Fit indices as functions of chi-squares: compute the number, check nothing.

CFI and RNI (Bentler, 1990; McDonald & Marsh, 1990), TLI (Tucker & Lewis, 1973), NFI (Bentler & Bonett,
1980), RFI (Bollen, 1986), IFI (Bollen, 1989), PNFI (James, Mulaik & Brett, 1982), MFI (McDonald, 1989), ECVI
(Browne & Cudeck, 1993), CN (Hoelter, 1983), RMSEA (Steiger & Lind, 1980; Browne & Cudeck, 1993; robust:
Brosseau-Liard, Savalei & Li, 2012; groups: Steiger, 1998). c and c0 are the expectations of chisq/df under
the model and the baseline model. Where an index does not exist the value is NaN; edge cases follow lavaan
0.6-14.
"""

from __future__ import annotations

import numpy as np
from scipy.optimize import brentq
from scipy.special import chdtri, chndtr

__all__ = ["cfi", "close_fit", "cn", "ifi", "nfi", "pnfi", "rfi", "rmsea", "rmsea_interval", "rni", "tli"]


def cfi(x: float, df: float, x0: float, df0: float, c: float = 1.0, c0: float = 1.0) -> float:
    """Comparative fit index."""
    c, c0 = _scalings(df, c, c0)
    top = max(x - c * df, 0.0)
    bottom = max(top, x0 - c0 * df0)
    return 1.0 if bottom == 0.0 else 1.0 - top / bottom


def rni(x: float, df: float, x0: float, df0: float, c: float = 1.0, c0: float = 1.0) -> float:
    """Relative noncentrality index."""
    c, c0 = _scalings(df, c, c0)
    bottom = x0 - c0 * df0
    return 1.0 - (x - c * df) / bottom if bottom else np.nan


def tli(x: float, df: float, x0: float, df0: float, c: float = 1.0, c0: float = 1.0) -> float:
    """Tucker-Lewis index, also called NNFI."""
    c, c0 = _scalings(df, c, c0)
    bottom = (x0 - c0 * df0) * df
    return 1.0 - (x - c * df) * df0 / bottom if df > 0 and bottom else 1.0


def nfi(x: float, df: float, x0: float, df0: float) -> float:
    """Normed fit index."""
    if df > df0 or x0 == 0.0:
        return np.nan
    return (x0 - x) / x0 if df > 0 else 1.0


def rfi(x: float, df: float, x0: float, df0: float) -> float:
    """Relative fit index."""
    if df > df0:
        return np.nan
    if df <= 0 or df0 <= 0:
        return 1.0
    top, bottom = x0 / df0 - x / df, x0 / df0
    return 1.0 if top < 0.0 or bottom <= 0.0 else top / bottom


def ifi(x: float, df: float, x0: float, df0: float) -> float:
    """Incremental fit index."""
    bottom = x0 - df
    return 1.0 if bottom < 0.0 else ((x0 - x) / bottom if bottom else np.nan)


def pnfi(x: float, df: float, x0: float, df0: float) -> float:
    """Parsimony normed fit index."""
    return df / df0 * (x0 - x) / x0 if df0 > 0 and x0 > 0.0 else np.nan


def rmsea(x: float, df: float, n: float, groups: int, c: float = 1.0) -> float:
    """Root mean square error of approximation; df may be a trace."""
    return float(np.sqrt(max(x / n / df - c / n, 0.0) * groups)) if df > 0 else 0.0


def rmsea_interval(
    x: float, df: float, n: float, groups: int, c: float = 1.0, level: float = 0.9
) -> tuple[float, float]:
    """Ends of the interval: noncentralities that put x at the upper and the lower tail.

    A corrected x of a model that is not identified may be negative: nothing lies below it, as at 0.
    """
    if not np.isfinite(x) or not np.isfinite(df):
        return np.nan, np.nan
    x = max(x, 0.0)
    high = max(n, 4.0 * x)

    def end(p: float, limit: float) -> float:
        if df < 1 or chndtr(x, df, 0.0) < p or chndtr(x, df, limit) > p:
            return 0.0
        root = brentq(lambda nc: chndtr(x, df, nc) - p, 0.0, limit, xtol=1e-10 * max(limit, 1.0))
        return float(np.sqrt(c * root / (n * df) * groups))

    return end((1.0 + level) / 2.0, max(x, 1e-12)), end((1.0 - level) / 2.0, high)


def close_fit(x: float, df: float, n: float, groups: int, c: float, h0: float) -> tuple[float, float]:
    """P(statistic > x) and P(statistic < x) when the RMSEA is h0: tests of close and of not-close fit."""
    if not (df > 0 and np.isfinite(x)):
        return np.nan, np.nan
    below = float(chndtr(max(x, 0.0), df, n * df / c * h0**2 / groups))
    return 1.0 - below, below


def cn(x: float, df: float, n: float, alpha: float) -> float:
    """Critical N."""
    return float(chdtri(df, alpha) / (x / n) + 1.0) if df > 0 and x > 0.0 else np.nan


def _scalings(df: float, c: float, c0: float) -> tuple[float, float]:
    # lavaan leaves both out where one is exactly one, which then hangs on the last rounding: a scaling of the
    # baseline that is one in theory is one or next to it.
    return (c, c0) if df > 0 else (1.0, 1.0)
