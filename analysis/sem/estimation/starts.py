"""Starting values near lavaan's, so that both end in the same minimum.

Loadings by FABIN3 (Hagglund, 1982) or, with three indicators, from their covariances; factor variances by
least squares given these (lavaan has 0.05, from where scoring needs twice the steps), and with them
covariances and regressions of factors (lavaan has 0); half the sample variances for residuals; sample means
for intercepts; regressions by least squares where all variables are observed.
"""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from analysis.sem.estimation.structural_starts import relate_factors
from analysis.sem.sample.moments import GroupSample

if TYPE_CHECKING:
    from analysis.sem.table.parameter_table import ParameterTable

__all__ = ["starting_values"]

Floats = NDArray[np.float64]

LATENT_VARIANCE = 0.05
# A reliability of one tenth for the marker bounds FABIN loadings, as in lavaan.
MARKER_RELIABILITY = 0.1


def starting_values(
    table: ParameterTable,
    samples: tuple[GroupSample, ...],
    *,
    small_variances: bool = False,
    equal_loadings: bool = False,
) -> Floats:
    """theta (q,) to start from; with `small_variances` of factors these are lavaan's own.

    `equal_loadings` guess nothing from a marker, which the other indicators may hardly follow.
    """
    c = table.columns
    rows = list(zip(c.lhs, c.op, c.rhs, c.group, c.free, c.ustart, strict=True))
    place = {name: i for i, name in enumerate(table.observed)}
    theta = np.zeros(max(c.free, default=0))
    for g, sample in enumerate(samples, 1):
        own = [row for row in rows if row[3] == g]
        start = _group_starts(
            own, place, set(table.latent), set(table.ordered), sample, small_variances, equal_loadings
        )
        for (_, _, _, _, free, ustart), value in zip(own, start, strict=True):
            if free > 0:
                theta[free - 1] = value if ustart != ustart else ustart
    return theta


def _group_starts(
    rows: list[tuple[str, str, str, int, int, float]],
    place: dict[str, int],
    latent: set[str],
    ordered: set[str],
    sample: GroupSample,
    small_variances: bool,
    equal_loadings: bool,
) -> list[float]:
    cov = sample.cov
    loadings: dict[str, list[int]] = defaultdict(list)
    regressions: dict[str, list[int]] = defaultdict(list)
    variance: dict[str, int] = {}
    out = [0.0] * len(rows)
    for r, (lhs, op, rhs, _, _, _) in enumerate(rows):
        if op == "=~":
            out[r] = 0.7 if ordered else 1.0
            loadings[lhs].append(r)
        elif op == "~":
            regressions[lhs].append(r)
        elif op == "~*~":
            out[r] = 1.0
        elif op == "~1" and lhs in place:
            out[r] = float(sample.mean[place[lhs]])
        elif op == "|" and sample.ordinal is not None:
            out[r] = sample.ordinal.threshold(lhs, rhs)
        elif op == "~~" and lhs == rhs:
            variance[lhs] = r
            if lhs in latent:
                out[r] = LATENT_VARIANCE
            else:
                out[r] = 1.0 if lhs in ordered else 0.5 * float(cov[place[lhs], place[lhs]])
    for factor, members in loadings.items():
        items = [rows[r][2] for r in members]
        if equal_loadings or any(item not in place for item in items):
            continue
        at = [place[item] for item in items]
        unit = factor in variance and rows[variance[factor]][4] == 0 and rows[variance[factor]][5] == 1.0
        for r, value in zip(members, _loadings(cov[np.ix_(at, at)], unit), strict=True):
            out[r] = value
        if factor in variance and len(at) > 1 and not ordered and not small_variances:
            out[variance[factor]] = _variance(cov[np.ix_(at, at)], np.array([out[r] for r in members]))
    _single_indicators(rows, loadings, regressions, variance, place, cov, out)
    if not ordered and not small_variances:
        relate_factors(rows, loadings, regressions, variance, place, cov, out)
    if not latent:
        _least_squares(rows, regressions, variance, place, cov, out)
    return out


def _loadings(cov: Floats, unit: bool) -> Floats:
    """Loadings from the indicators' covariances; the first is 1 unless the variance is (`unit`)."""
    p = len(cov)
    if p < 4:
        return _three_indicators(cov, unit)
    # For each indicator but the marker the places of all but these two: (p - 1, p - 2).
    others = np.array([[j for j in range(1, p) if j != i] for i in range(1, p)])
    among, with_marker = cov[others[:, :, None], others[:, None, :]], cov[others, 0]
    try:
        weights = np.linalg.solve(among, with_marker[..., None])[..., 0]
    except np.linalg.LinAlgError:
        return np.ones(p)
    top, bottom = (cov[np.arange(1, p)[:, None], others] * weights).sum(1), (with_marker * weights).sum(1)
    out = np.ones(p)
    out[1:] = np.where(bottom != 0.0, top / np.where(bottom != 0.0, bottom, 1.0), 1.0)
    marker = MARKER_RELIABILITY * cov[0, 0]
    bound = np.sqrt(cov.diagonal() / marker)
    out[1:] = np.clip(out, -bound, bound)[1:]
    if unit:
        squared = out @ out
        share = np.outer(out, out) / squared
        theta = np.linalg.lstsq(np.eye(p) - share**2, (cov - share @ cov @ share).diagonal(), rcond=None)[0]
        psi = out @ (cov - np.diag(theta)) @ out / squared**2
        out *= np.sign(psi) * np.sqrt(np.abs(psi))
    return out


def _variance(cov: Floats, loadings: Floats) -> float:
    """Factor variance that the covariances of the indicators ask for, by least squares given the loadings."""
    squares = loadings**2
    # Sums over pairs of two different indicators: those over all pairs less those of each with itself.
    together = float(loadings @ cov @ loadings - squares @ cov.diagonal())
    squared = float(squares.sum() ** 2 - squares @ squares)
    return max(together / squared if squared > 0.0 else 0.0, LATENT_VARIANCE)


def _three_indicators(cov: Floats, unit: bool) -> Floats:
    """As `_loadings`, in closed form; one or two indicators are filled up to three."""
    p = len(cov)
    if p == 1:
        cov = np.ones((3, 3))
    elif p == 2:
        mean, top = cov.diagonal().mean(), cov.diagonal().max()
        cov = np.array([[*cov[0], mean], [*cov[1], cov[1, 0]], [mean, cov[1, 0], top]])
    s21, s31, s32 = cov[1, 0], cov[2, 0], cov[2, 1]
    if s21 * s31 * s32 <= 0.0:
        return np.full(p, 0.7 if unit else 1.0)
    marker = MARKER_RELIABILITY * cov[0, 0]
    psi = np.clip(s21 * s31 / s32, marker, cov[0, 0])
    bound = np.sqrt(cov.diagonal() / marker)
    out = np.clip([1.0, s32 / s31, s32 / s21], -bound, bound)
    out[0] = 1.0
    return np.asarray(out[:p] * (np.sqrt(psi) if unit else 1.0))


def _single_indicators(
    rows: list[tuple[str, str, str, int, int, float]],
    loadings: dict[str, list[int]],
    regressions: dict[str, list[int]],
    variance: dict[str, int],
    place: dict[str, int],
    cov: Floats,
    out: list[float],
) -> None:
    """An exogenous factor with one indicator has what the residual leaves of the indicator's variance."""
    for factor, members in loadings.items():
        item = rows[members[0]][2]
        if len(members) > 1 or factor in regressions or factor not in variance or item not in place:
            continue
        total = float(cov[place[item], place[item]])
        residual = rows[variance[item]][5] if item in variance else np.nan
        out[variance[factor]] = max(total - (1.0 if np.isnan(residual) else residual), LATENT_VARIANCE)


def _least_squares(
    rows: list[tuple[str, str, str, int, int, float]],
    regressions: dict[str, list[int]],
    variance: dict[str, int],
    place: dict[str, int],
    cov: Floats,
    out: list[float],
) -> None:
    for outcome, members in regressions.items():
        y, x = place[outcome], [place[rows[r][2]] for r in members]
        slopes = np.linalg.lstsq(cov[np.ix_(x, x)], cov[x, y], rcond=None)[0]
        for r, slope in zip(members, slopes, strict=True):
            out[r] = float(slope)
        residual = float(cov[y, y] - slopes @ cov[x, y])
        if outcome in variance and 0.01 < residual / cov[y, y] < 0.99:
            out[variance[outcome]] = residual
