"""Response surface analysis of pairs: predicted values, congruence and the test of balance."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import combinations

import numpy as np
from scipy.special import ndtri
from scipy.stats import chi2, norm

from analysis.synergy.surface import Surface, Term
from analysis.unavailable import Unavailable

GRID = (-2.0, -1.0, 0.0, 1.0, 2.0)
STEP = 1e-20
"""Complex step of the delta method: exact to rounding, there is no subtraction."""


@dataclass(frozen=True, slots=True)
class Predicted:
    """Predicted outcome at a point of two variables, in SDs above a respondent who is average in all."""

    first: str
    second: str
    first_at: float
    second_at: float
    value: float
    se: float
    ci_lower: float
    ci_upper: float


@dataclass(frozen=True, slots=True)
class Quantity:
    """A feature of the surface of ``first`` and ``second`` (a1 … a5, p10, p11) with its interval.

    The figures are None where the feature does not exist: a ridge has no stationary point and no p10.
    """

    first: str
    second: str
    name: str
    estimate: float | None = None
    se: float | None = None
    ci_lower: float | None = None
    ci_upper: float | None = None
    pvalue: float | None = None


@dataclass(frozen=True, slots=True)
class Balance:
    """Balance over all the variables.

    ``kappa`` = (mean product − mean square)/2; the Wald test is that all products equal one value and all
    squares its opposite, which a penalty on the variance between the variables implies.
    """

    variables: tuple[str, ...]
    kappa: float
    kappa_se: float
    mean_product: float
    mean_square: float
    wald: float
    df: int
    pvalue: float


def predicted_values(
    surface: Surface, confidence: float, grid: Sequence[float] = GRID
) -> tuple[Predicted, ...]:
    """Predictions over ``grid`` × ``grid`` for every pair, the other variables at their means."""
    reach = float(ndtri((1 + confidence) / 2))
    out = []
    for first, second in surface.pairs:
        for x in grid:
            for y in grid:
                value, se = surface.combine(surface.rise({first: x, second: y}))
                out.append(Predicted(first, second, x, y, value, se, value - reach * se, value + reach * se))
    return tuple(out)


def congruence(surface: Surface, confidence: float) -> tuple[Quantity, ...] | Unavailable:
    """a1–a5 and the first principal axis of every pair whose two squares are in the equation.

    a1 and a2 are slope and curvature along X = Y, a3 and a4 along X = −Y, a5 the difference of the squares
    (Edwards & Parry 1993; Humberg, Nestler & Back 2019). The axis is Y = p10 + p11·X; its errors are by the
    delta method and long where the surface is nearly flat.
    """
    full = [pair for pair in surface.pairs if all(surface.has((v, v)) for v in pair)]
    if not full:
        return Unavailable("no pair has both its squares in the model")
    reach = float(ndtri((1 + confidence) / 2))
    out = []
    for first, second in full:
        for name, feature in _FEATURES.items():
            with np.errstate(divide="ignore", invalid="ignore"):
                estimate, se = _delta(surface, _pair(surface, first, second), feature)
            if not (np.isfinite(estimate) and np.isfinite(se)):
                out.append(Quantity(first, second, name))
                continue
            pvalue = float(2 * norm.sf(abs(estimate) / se)) if se > 0 else float("nan")
            low, high = estimate - reach * se, estimate + reach * se
            out.append(Quantity(first, second, name, estimate, se, low, high, pvalue))
    return tuple(out)


def balance(surface: Surface) -> Balance | Unavailable:
    """κ and the Wald test, where the equation has every product and every square of its variables."""
    variables = tuple(dict.fromkeys(v for term in surface.terms if len(term) == 2 for v in term))
    squares: list[Term] = [(v, v) for v in variables]
    products: list[Term] = list(combinations(variables, 2))
    if len(variables) < 2 or not all(surface.has(t) for t in (*squares, *products)):
        return Unavailable("the model is not the full quadratic")
    mean_product = surface.weights({t: 1 / len(products) for t in products})
    mean_square = surface.weights({t: 1 / len(squares) for t in squares})
    kappa, se = surface.combine((mean_product - mean_square) / 2)
    first = surface.weights({products[0]: 1.0})
    # Each product must equal the first, each square its opposite.
    rows = [surface.weights({t: 1.0}) - first for t in products[1:]]
    rows += [surface.weights({t: 1.0}) + first for t in squares]
    C = np.array(rows)
    gap = C @ surface.estimates
    try:
        wald = float(gap @ np.linalg.solve(C @ surface.covariance @ C.T, gap))
    except np.linalg.LinAlgError:
        return Unavailable("the coefficients' covariance matrix is singular")
    return Balance(
        variables,
        kappa,
        se,
        float(mean_product @ surface.estimates),
        float(mean_square @ surface.estimates),
        wald,
        len(rows),
        float(chi2.sf(wald, len(rows))),
    )


def _pair(surface: Surface, x: str, y: str) -> np.ndarray:
    """Weights (5, k) that pick X, Y, X², XY, Y²."""
    wanted: list[Term] = [(x,), (y,), (x, x), (x, y), (y, y)]
    return np.array([surface.weights({term: 1.0}) for term in wanted])


def _delta(
    surface: Surface, pick: np.ndarray, feature: Callable[[np.ndarray], np.complexfloating]
) -> tuple[float, float]:
    b = pick @ surface.estimates
    V = pick @ surface.covariance @ pick.T
    slopes = np.array([complex(feature(b + 1j * STEP * e)).imag / STEP for e in np.eye(len(b))])
    return complex(feature(b + 0j)).real, float(np.sqrt(slopes @ V @ slopes))


def _axis_slope(b: np.ndarray) -> np.complexfloating:
    return np.complex128((b[4] - b[2] + np.sqrt((b[2] - b[4]) ** 2 + b[3] ** 2)) / b[3])


def _axis_intercept(b: np.ndarray) -> np.complexfloating:
    between = 4 * b[2] * b[4] - b[3] ** 2
    x0 = (b[1] * b[3] - 2 * b[0] * b[4]) / between
    y0 = (b[0] * b[3] - 2 * b[1] * b[2]) / between
    return np.complex128(y0 - _axis_slope(b) * x0)


_FEATURES: dict[str, Callable[[np.ndarray], np.complexfloating]] = {
    "a1": lambda b: np.complex128(b[0] + b[1]),
    "a2": lambda b: np.complex128(b[2] + b[3] + b[4]),
    "a3": lambda b: np.complex128(b[0] - b[1]),
    "a4": lambda b: np.complex128(b[2] - b[3] + b[4]),
    "a5": lambda b: np.complex128(b[2] - b[4]),
    "p10": _axis_intercept,
    "p11": _axis_slope,
}
