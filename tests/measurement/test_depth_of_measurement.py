"""Ordinal alpha, HTMT2, normality, MAP and general factors against R (reference/depth.R)."""

import json
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from analysis.measurement.correlation import correlation_matrix
from analysis.measurement.discriminant import discriminant_intervals
from analysis.measurement.hierarchy import GeneralFactor, bifactor, second_order
from analysis.measurement.normality import Normality, multivariate_normality
from analysis.measurement.ordinal_alpha import ordinal_alpha
from analysis.measurement.retention import minimum_average_partial
from analysis.measurement.validity import htmt
from analysis.unavailable import Unavailable

HERE = Path(__file__).parent
REFERENCE = json.loads((HERE / "reference" / "depth.json").read_text())
SEM = HERE.parent / "sem_postfit" / "reference"
XS = [f"x{i}" for i in range(1, 10)]
BLOCKS = {"visual": XS[:3], "textual": XS[3:6], "speed": XS[6:]}
PLACES = [[0, 1, 2], [3, 4, 5], [6, 7, 8]]
CLOSED = 1e-8  # the same closed form; the reference is printed with 12 digits
ESTIMATED = 2e-5  # rests on a maximum that R's optimiser stops at its own tolerance


@pytest.fixture(scope="module")
def school() -> pd.DataFrame:
    return pd.read_csv(SEM / "holzinger.csv")[XS]


def test_ordinal_alpha_is_alpha_of_polychoric_correlations() -> None:
    """psych::alpha(lavaan::lavCor(ordered))$total$std.alpha."""
    codes = pd.read_csv(SEM / "holzinger_ordinal.csv")
    for name, items in BLOCKS.items():
        assert ordinal_alpha(codes[items]) == pytest.approx(
            REFERENCE["ordinal_alpha"][name], rel=ESTIMATED
        ), name


@pytest.mark.parametrize(
    ("codes", "says"),
    [
        (pd.DataFrame({"a": [1, 2, 3, 4], "b": [2, 2, 2, 2]}), "same answer to b"),
        (pd.DataFrame({"a": [1, 2, 3]}), "at least two items"),
        (pd.DataFrame({"a": [1, 2], "b": [2, 1]}), "only 2 respondents"),
    ],
)
def test_ordinal_alpha_says_where_it_cannot_be(codes: pd.DataFrame, says: str) -> None:
    found = ordinal_alpha(codes)
    assert isinstance(found, Unavailable)
    assert says in found.reason


def test_both_ratios_are_semtools(school: pd.DataFrame) -> None:
    """semTools::htmt(htmt2 = FALSE) and (htmt2 = TRUE)."""
    found = discriminant_intervals(school.to_numpy(), PLACES, list(BLOCKS), seed=1, draws=200)
    assert isinstance(found, pd.DataFrame)
    for row in found.to_dict("records"):
        i, j = (list(BLOCKS).index(row[side]) for side in ("lhs", "rhs"))
        for kind in ("htmt", "htmt2"):
            assert row[kind] == pytest.approx(REFERENCE[kind][i][j], abs=CLOSED)
            assert row[f"{kind}_lower"] < row[kind] < row[f"{kind}_upper"]


def test_the_intervals_are_percentiles_of_resampled_rows(school: pd.DataFrame) -> None:
    """The batched draws against the plain loop, given the same resampled rows."""
    values, draws = school.to_numpy(), 60
    found = discriminant_intervals(values, PLACES, list(BLOCKS), seed=9, draws=draws)
    assert isinstance(found, pd.DataFrame)
    n = len(values)
    weights = np.random.default_rng(9).multinomial(n, np.full(n, 1 / n), size=draws)
    plain = [htmt(correlation_matrix(np.repeat(values, w, axis=0)), PLACES, geometric=True) for w in weights]
    expected = np.quantile([table[0, 1] for table in plain], (0.025, 0.975))
    assert found.loc[0, ["htmt2_lower", "htmt2_upper"]].to_numpy(float) == pytest.approx(expected, abs=CLOSED)


def test_the_same_seed_gives_the_same_interval(school: pd.DataFrame) -> None:
    runs = [
        discriminant_intervals(school.to_numpy(), PLACES, list(BLOCKS), seed=s, draws=300) for s in (4, 4, 5)
    ]
    first, again, other = (run for run in runs if isinstance(run, pd.DataFrame))
    pd.testing.assert_frame_equal(first, again)
    assert not first.equals(other)


def test_an_interval_covers_as_often_as_it_says() -> None:
    """Two congeneric triples whose factors correlate .5, for which HTMT is .5 with equal loadings."""
    rng = np.random.default_rng(11)
    hits, runs = 0, 120
    for _ in range(runs):
        factors = rng.multivariate_normal([0, 0], [[1, 0.5], [0.5, 1]], 300)
        values = 0.7 * np.repeat(factors, 3, axis=1) + 0.7 * rng.standard_normal((300, 6))
        found = discriminant_intervals(values, [[0, 1, 2], [3, 4, 5]], ["a", "b"], seed=2, draws=300)
        assert isinstance(found, pd.DataFrame)
        hits += bool(found.loc[0, "htmt_lower"] <= 0.5 <= found.loc[0, "htmt_upper"])
    # 95% ± three Monte Carlo standard errors, one point more for percentile intervals' known shortfall.
    assert hits / runs > 0.95 - 0.01 - 3 * np.sqrt(0.95 * 0.05 / runs)


def test_normality_is_as_published(school: pd.DataFrame) -> None:
    """The formulas of MVN::mvn and MVN::hz; semTools::mardiaSkew has n − 1 for n, and so mardiaKurtosis."""
    found = multivariate_normality(school.to_numpy())
    assert isinstance(found, Normality)
    mardia, hz = REFERENCE["mardia"], REFERENCE["hz"]
    assert found.skewness == pytest.approx(mardia["skewness"], rel=CLOSED)
    n = found.n
    semtools = REFERENCE["semtools"]
    assert found.skewness == pytest.approx(semtools["skewness"] * (n / (n - 1)) ** 3, rel=CLOSED)
    assert found.kurtosis == pytest.approx(semtools["kurtosis"] * (n / (n - 1)) ** 2, rel=CLOSED)
    assert found.skewness_chisq == pytest.approx(mardia["chisq"], rel=CLOSED)
    assert found.skewness_df == mardia["df"]
    assert found.skewness_pvalue == pytest.approx(mardia["p"], rel=1e-6)
    assert found.kurtosis == pytest.approx(mardia["kurtosis"], rel=CLOSED)
    assert found.kurtosis_z == pytest.approx(mardia["z"], rel=CLOSED)
    assert found.kurtosis_pvalue == pytest.approx(mardia["kp"], rel=1e-6)
    assert found.henze_zirkler == pytest.approx(hz["hz"], rel=CLOSED)
    assert found.henze_zirkler_pvalue == pytest.approx(hz["p"], rel=1e-5)


@pytest.mark.parametrize(
    ("values", "says"),
    [
        (np.zeros((4, 4)), "too few"),
        (np.ones((50, 2)), "singular"),
        (np.zeros((7000, 2)), "take too long"),
    ],
)
def test_normality_that_cannot_be_tested(values: np.ndarray, says: str) -> None:
    found = multivariate_normality(values)
    assert isinstance(found, Unavailable)
    assert says in found.reason


def test_map_is_psychs(school: pd.DataFrame) -> None:
    """psych::vss(...)$map: 1, 2, … components."""
    ours = minimum_average_partial(correlation_matrix(school.to_numpy()), most=5)
    assert ours == pytest.approx(REFERENCE["map"], rel=CLOSED)


@pytest.mark.parametrize(("name", "model"), [("bifactor", bifactor), ("second_order", second_order)])
def test_general_factors_are_lavaans(name: str, model: object) -> None:
    data = pd.read_csv(HERE / "reference" / "bifactor.csv")
    found = model(BLOCKS, data)  # type: ignore[operator]
    assert isinstance(found, GeneralFactor)
    reference = REFERENCE[name]
    for measure in ("chisq", "df", "cfi", "rmsea", "srmr", "omega", "omega_h", "ecv"):
        assert getattr(found, measure) == pytest.approx(reference[measure], rel=2e-4, abs=ESTIMATED), measure
    ours = found.groups.set_index("factor")["omega_hs"].to_dict()
    assert ours == pytest.approx(reference["omega_hs"], abs=1e-4)
    # 27 of 36 correlations are between groups.
    assert found.puc == pytest.approx(27 / 36)
    assert found.problems == ()


@pytest.mark.parametrize(
    ("blocks", "model", "says"),
    [
        ({"a": XS[:3]}, bifactor, "two groups"),
        ({"a": XS[:3], "b": XS[3:5]}, bifactor, "b has fewer than three"),
        ({"a": XS[:3], "b": XS[3:6]}, second_order, "needs three factors"),
    ],
)
def test_general_factors_need_enough_below_them(
    blocks: dict[str, list[str]], model: object, says: str, school: pd.DataFrame
) -> None:
    found = model(blocks, school)  # type: ignore[operator]
    assert isinstance(found, Unavailable)
    assert says in found.reason
