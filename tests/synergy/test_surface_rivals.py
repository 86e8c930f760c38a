"""Rivals of balance: expectations against closed forms, shapes against simulated truths."""

import numpy as np
import pandas as pd
import pytest
from scipy.stats import norm

from analysis import sem
from analysis.synergy.calibration import Calibrated, calibrate, normal_nodes
from analysis.synergy.surface_rivals import QUADRATIC, SHAPES, compare_shapes
from analysis.unavailable import Unavailable

NET = 1e-3
"""What the net leaves of the kink of a minimum, in standard deviations: a hundredth of a standard error."""
LARGE = 8_000
VARIABLES = ("S", "R", "C")
MAIN = np.array([0.4, 0.2, 0.0])
MODEL = """
S =~ s1 + s2 + s3
R =~ r1 + r2 + r3
C =~ c1 + c2 + c3
Z =~ z1
z1 ~~ 0*z1
Y =~ y1 + y2 + y3
Y ~ S + R + C + Z
y3 ~ C
"""


def answers(shape: str, n: int = LARGE, seed: int = 1) -> pd.DataFrame:
    """Y = .4 S + .2 R + .1 Z + the shape's own part; three indicators each, y3 also of C."""
    rng = np.random.default_rng(seed)
    root = np.linalg.cholesky(0.5 + 0.5 * np.eye(3))
    f = rng.standard_normal((n, 3)) @ root.T
    z, e = rng.standard_normal(n), rng.standard_normal(n)
    own = {
        "weakest": 0.5 * f.min(axis=1) - f @ MAIN,
        "weakest_added": 0.4 * f.min(axis=1),
        "penalty": -0.5 * f.var(axis=1),
        "synergy": 0.1 * (f[:, 0] * f[:, 1] + f[:, 0] * f[:, 2] + f[:, 1] * f[:, 2]),
        "curvature": -0.12 * (f**2).sum(axis=1),
        "additive": np.zeros(n),
    }[shape]
    y = f @ MAIN + 0.1 * z + own + 0.6 * e
    columns = {
        f"{name}{k}": values + 0.8 * rng.standard_normal(n)
        for name, values in zip("srcy", (*f.T, y), strict=True)
        for k in (1, 2, 3)
    }
    columns["y3"] = columns["y3"] + 0.3 * f[:, 2]
    return pd.DataFrame(columns | {"z1": z})


def calibrated(data: pd.DataFrame) -> Calibrated:
    fit = sem.fit(MODEL, data)
    found = calibrate(fit, data, (*VARIABLES, "Z"), "Y")
    assert isinstance(found, Calibrated)
    return found


@pytest.fixture(scope="module")
def by_truth() -> dict[str, pd.DataFrame]:
    return {
        shape: compare_shapes(calibrated(answers(shape)), VARIABLES).set_index("shape")
        for shape in SHAPES
        if shape != QUADRATIC
    }


def test_smallest_of_three_independent_standard_normal_values() -> None:
    """E min = −3/(2√π) (Harter 1961)."""
    three = Calibrated(VARIABLES, np.zeros((1, 3)), 0.25 * np.eye(3), np.zeros(1))
    assert three.smallest(VARIABLES)[0] == pytest.approx(-0.5 * 1.5 / np.sqrt(np.pi), abs=NET)


@pytest.mark.parametrize(("gap", "rho", "sd"), [(0.0, 0.5, 1.0), (0.4, -0.3, 0.5), (1.5, 0.9, 2.0)])
def test_smallest_of_two_correlated_values(gap: float, rho: float, sd: float) -> None:
    """Clark (1961): E min = m₁Φ(−d) + m₂Φ(d) − θφ(d), θ² = V₁ + V₂ − 2V₁₂, d = (m₁ − m₂)/θ."""
    V = np.array([[1.0, rho * sd], [rho * sd, sd**2]])
    two = Calibrated(("a", "b"), np.array([[gap, 0.0]]), V, np.zeros(1))
    theta = np.sqrt(V[0, 0] + V[1, 1] - 2 * V[0, 1])
    d = gap / theta
    closed = gap * norm.cdf(-d) - theta * norm.pdf(d)
    assert two.smallest(("a", "b"))[0] == pytest.approx(closed, abs=NET * theta)


def test_nodes_have_the_moments_they_stand_for() -> None:
    V = np.array([[0.3, 0.1, 0.0], [0.1, 0.2, 0.05], [0.0, 0.05, 0.4]])
    nodes = normal_nodes(V)
    np.testing.assert_allclose(nodes.mean(axis=0), 0.0, atol=1e-12)
    np.testing.assert_allclose(nodes.T @ nodes / len(nodes), V, atol=1e-12)


def test_one_indicator_shrinks_by_its_reliability() -> None:
    """E(ξ | x) = ρx and Var(ξ | x) = φ(1 − ρ) (Kelley 1947)."""
    rng = np.random.default_rng(2)
    x = rng.standard_normal(500)
    y = 0.5 * x + rng.standard_normal(500)
    data = pd.DataFrame({"x1": x + rng.standard_normal(500) * 0.5, "y1": y})
    fit = sem.fit("X =~ x1\nx1 ~~ 0.25*x1\nY =~ y1\ny1 ~~ 0*y1\nY ~ X", data)
    found = calibrate(fit, data, ("X",), "Y")
    assert isinstance(found, Calibrated)
    variance = float(np.var(data["x1"]))
    reliability = 1 - 0.25 / variance
    deviations = data["x1"].to_numpy() - data["x1"].mean()
    sd = np.sqrt(variance - 0.25)
    np.testing.assert_allclose(found.means[:, 0], reliability * deviations / sd, rtol=1e-5)
    assert found.spread[0, 0] == pytest.approx(1 - reliability, rel=1e-5)
    np.testing.assert_allclose(found.score, (y - y.mean()) / y.std(), rtol=1e-5)


@pytest.mark.parametrize("truth", [s for s in SHAPES if s not in (QUADRATIC, "additive")])
def test_the_true_shape_predicts_best(by_truth: dict[str, pd.DataFrame], truth: str) -> None:
    table = by_truth[truth]
    # Shapes that hold the true one are as good but for what their further terms cost.
    assert table.loc[truth, "bic"] == table["bic"].min()
    assert table.loc[truth, "difference"] <= 2 * table.loc[truth, "difference_se"]


def test_where_nothing_is_bent_no_shape_gains(by_truth: dict[str, pd.DataFrame]) -> None:
    table = by_truth["additive"].drop(index="weakest")
    assert table["bic"].idxmin() == "additive"
    assert np.ptp(table["r2_predicted"]) < 1e-3


@pytest.mark.parametrize(("shape", "truth"), [("weakest", 0.5), ("weakest_added", 0.4), ("penalty", -0.5)])
def test_coefficients_are_not_weakened_by_measurement_error(
    by_truth: dict[str, pd.DataFrame], shape: str, truth: float
) -> None:
    row = by_truth[shape].loc[shape]
    data = answers(shape)
    # The score is in SDs of the outcome, whose variance is that of the model.
    fit = sem.fit(MODEL, data)
    sd = float(np.sqrt(fit.variances().loc["Y"].iloc[0]))
    assert abs(row["coefficient"] * sd - truth) < 4 * row["coefficient_se"] * sd
    assert abs(row["coefficient"] * sd - truth) < 0.2 * abs(truth)


def test_left_out_predictions_are_those_of_leaving_out() -> None:
    data = answers("weakest_added", n=80, seed=3)
    found = calibrated(data)
    row = compare_shapes(found, VARIABLES).set_index("shape").loc["synergy"]
    pairs = (("S", "R"), ("S", "C"), ("R", "C"))
    X = np.column_stack([np.ones(80), found.means, *(found.product(a, b) for a, b in pairs)])
    y = found.score
    errors = []
    alone = []
    for out in range(80):
        rest = np.arange(80) != out
        b = np.linalg.lstsq(X[rest], y[rest], rcond=None)[0]
        errors.append(y[out] - X[out] @ b)
        alone.append(y[out] - y[rest].mean())
    assert row["r2_predicted"] == pytest.approx(1 - np.sum(np.square(errors)) / np.sum(np.square(alone)))


def test_an_outcome_without_indicators_is_said() -> None:
    data = answers("additive", n=200)
    fit = sem.fit("S =~ s1 + s2 + s3\nz1 ~ S", data)
    found = calibrate(fit, data, ("S",), "z1")
    assert isinstance(found, Unavailable)
    assert "indicators" in found.reason
