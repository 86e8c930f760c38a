"""Shapes of the surface that rival balance, fitted to the same respondents and compared by prediction.

They rule no verdict: the verdict is by the full quadratic alone.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from itertools import combinations

import numpy as np
import pandas as pd

from analysis.synergy.calibration import Calibrated

QUADRATIC = "quadratic"
"""The surface that rules; the others are compared with it."""
SHAPES = ("additive", "synergy", "curvature", "penalty", QUADRATIC, "weakest", "weakest_added")


@dataclass(frozen=True, slots=True, eq=False)
class SurfaceRivals:
    """Rivals of balance over ``variables`` for one hypothesis.

    ``rows``: one a shape, ``shape parameters r2 r2_predicted bic difference difference_se`` and, for shapes
    with one term of their own, ``coefficient coefficient_se``. ``r2_predicted`` leaves out each respondent
    once (Allen 1974); ``difference`` is the mean squared error of those predictions less that of the full
    quadratic, in shares of the outcome score's variance: above 0 the shape predicts worse.
    """

    hypothesis: str
    model: str
    outcome: str
    variables: tuple[str, ...]
    n: int
    rows: pd.DataFrame


def compare_shapes(calibrated: Calibrated, variables: tuple[str, ...]) -> pd.DataFrame:
    """Least squares of the outcome score on each shape: the rows of `SurfaceRivals`.

    additive: predictors alone; synergy: and every product of two ``variables``; curvature: and every square;
    penalty: and the variance of the variables within a respondent, by one coefficient; quadratic: and all
    products and squares; weakest: the smallest of the variables in their place; weakest_added: beside them.
    Raises LinAlgError where terms are collinear.
    """
    y = calibrated.score
    n = len(y)
    terms = _terms(calibrated, variables)
    fits = {shape: _least_squares(y, columns) for shape, columns in terms.items()}
    total = float(((y - y.mean()) ** 2).sum())
    # The mean, too, is predicted from the others.
    alone = float((((y - y.mean()) * n / (n - 1)) ** 2).sum())
    reference = fits[QUADRATIC].left_out ** 2
    rows = []
    for shape, fit in fits.items():
        gap = (fit.left_out**2 - reference) * n / total
        k = terms[shape].shape[1]
        rss = float((fit.residuals**2).sum())
        single = shape in ("penalty", "weakest", "weakest_added")
        rows.append(
            {
                "shape": shape,
                "parameters": k,
                "r2": 1 - rss / total,
                "r2_predicted": 1 - float((fit.left_out**2).sum()) / alone,
                "bic": n * np.log(rss / n) + k * np.log(n),
                "difference": float(gap.mean()),
                "difference_se": float(gap.std(ddof=1) / np.sqrt(n)),
                "coefficient": float(fit.coefficients[-1]) if single else None,
                "coefficient_se": float(fit.errors[-1]) if single else None,
            }
        )
    return pd.DataFrame(rows)


@dataclass(frozen=True, slots=True, eq=False)
class _Regression:
    """Coefficients (k,) with heteroskedasticity-consistent errors; residuals and left-out errors (n,)."""

    coefficients: np.ndarray
    errors: np.ndarray
    residuals: np.ndarray
    left_out: np.ndarray


def _least_squares(y: np.ndarray, X: np.ndarray) -> _Regression:
    bread = np.linalg.inv(X.T @ X)
    coefficients = bread @ X.T @ y
    residuals = y - X @ coefficients
    leverage = np.einsum("ij,jk,ik->i", X, bread, X)
    left_out = residuals / (1 - leverage)
    # HC3: its residuals are those of the left-out predictions (MacKinnon & White 1985).
    weighted = X * left_out[:, None]
    covariance = bread @ (weighted.T @ weighted) @ bread
    return _Regression(coefficients, np.sqrt(np.diagonal(covariance)), residuals, left_out)


def _terms(calibrated: Calibrated, variables: tuple[str, ...]) -> Mapping[str, np.ndarray]:
    """Columns of each shape, a shape's own single term last."""
    n = len(calibrated.score)
    others = [p for p in calibrated.predictors if p not in variables]
    constant = np.ones((n, 1))
    controls = calibrated.means[:, [calibrated.column(p) for p in others]]
    linear = np.hstack([constant, controls, calibrated.means[:, [calibrated.column(v) for v in variables]]])
    squares = np.column_stack([calibrated.product(v, v) for v in variables])
    products = np.column_stack([calibrated.product(a, b) for a, b in combinations(variables, 2)])
    k = len(variables)
    # The variance of k values: mean square less the square of the mean.
    variance = squares.sum(axis=1) / k - (squares.sum(axis=1) + 2 * products.sum(axis=1)) / k**2
    weakest = calibrated.smallest(variables)[:, None]
    return {
        "additive": linear,
        "synergy": np.hstack([linear, products]),
        "curvature": np.hstack([linear, squares]),
        "penalty": np.hstack([linear, variance[:, None]]),
        QUADRATIC: np.hstack([linear, products, squares]),
        "weakest": np.hstack([constant, controls, weakest]),
        "weakest_added": np.hstack([linear, weakest]),
    }
