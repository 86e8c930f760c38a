"""The marker ladder as lavaan fits it; method variance known to be there, and none where it is not."""

import json
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from analysis.measurement.common_method import (
    MarkerTest,
    UnmeasuredMethod,
    harman_share,
    marker_test,
    unmeasured_method,
)
from analysis.unavailable import Unavailable

HERE = Path(__file__).parent
REFERENCE = json.loads((HERE / "reference" / "common_method.json").read_text())
BLOCKS = {"visual": ["x1", "x2", "x3"], "textual": ["x4", "x5", "x6"]}
MARKER = ["x7", "x8", "x9"]
# The marker is held at rounded estimates of two optimisers, which moves the statistics in the sixth digit.
RELATIVE = 5e-5


def school() -> pd.DataFrame:
    return pd.read_csv(HERE.parent / "sem_postfit" / "reference" / "holzinger.csv")


@pytest.fixture(scope="module")
def ladder() -> MarkerTest:
    found = marker_test(BLOCKS, MARKER, school(), name="speed")
    assert isinstance(found, MarkerTest)
    return found


def test_the_ladder_is_lavaans(ladder: MarkerTest) -> None:
    theirs = pd.DataFrame(REFERENCE["ladder"])
    for name in ("df", "chisq", "cfi", "rmsea"):
        assert np.allclose(ladder.ladder[name], theirs[name], rtol=RELATIVE), name
    tests = ladder.ladder.set_index("model")
    for model, test in REFERENCE["tests"].items():
        for name, value in test.items():
            assert tests.loc[f"Method-{model}", name] == pytest.approx(value, rel=RELATIVE), (model, name)


def test_what_the_ladder_says_follows_from_its_tests(ladder: MarkerTest) -> None:
    assert (ladder.present, ladder.equal, ladder.chosen, ladder.biased) == (True, True, "Method-C", False)
    row = ladder.correlations.iloc[0]
    assert row["baseline"] == pytest.approx(REFERENCE["correlation"]["baseline"], rel=RELATIVE)
    assert row["method"] == pytest.approx(REFERENCE["correlation"]["method"], rel=RELATIVE)


def test_reliability_is_split(ladder: MarkerTest) -> None:
    for ours, theirs in zip(ladder.reliability.to_dict("records"), REFERENCE["reliability"], strict=True):
        assert ours["factor"] == theirs["factor"]
        for name in ("total", "substantive", "method"):
            assert ours[name] == pytest.approx(theirs[name], rel=RELATIVE), name


NAMES = {f: [f"{f}{k}" for k in range(1, 5)] for f in "abc"}
LOADINGS = np.array([0.9, 0.75, 0.6, 0.45])


def drawn(method: float, n: int = 2000, seed: int = 5) -> pd.DataFrame:
    """Three factors correlating .4 with unequal loadings, and a method factor that loads on all items."""
    rng = np.random.default_rng(seed)
    factors = rng.multivariate_normal(np.zeros(3), np.full((3, 3), 0.4) + 0.6 * np.eye(3), n)
    shared = rng.standard_normal(n)
    columns = {
        name: loading * factors[:, place] + method * shared + 0.6 * rng.standard_normal(n)
        for place, block in enumerate(NAMES.values())
        for name, loading in zip(block, LOADINGS, strict=True)
    }
    own = rng.standard_normal(n)
    columns |= {f"m{k}": 0.5 * shared + 0.6 * own + 0.6 * rng.standard_normal(n) for k in (1, 2, 3)}
    return pd.DataFrame(columns)


@pytest.mark.parametrize(("method", "present"), [(0.0, False), (0.5, True)])
def test_a_marker_finds_what_is_there(method: float, present: bool) -> None:
    found = marker_test(NAMES, ["m1", "m2", "m3"], drawn(method))
    assert isinstance(found, MarkerTest)
    assert found.present is present
    if present:
        assert found.biased
        change = found.correlations["baseline"] - found.correlations["method"]
        assert (change > 0.05).all()


def test_an_unmeasured_factor_finds_the_shared_part() -> None:
    found = unmeasured_method(NAMES, drawn(0.5, n=8000))
    assert isinstance(found, UnmeasuredMethod)
    # Four standard errors of the estimate.
    assert found.loading == pytest.approx(0.5, abs=4 * found.se)
    assert found.pvalue < 0.001


def test_a_method_factor_that_is_the_factors_is_refused() -> None:
    """Two factors of these data are one method factor as well; lavaan's latents are improper there too."""
    found = unmeasured_method(BLOCKS, school())
    assert isinstance(found, Unavailable)


@pytest.mark.parametrize(("blocks", "marker"), [({"visual": ["x1", "x2", "x3"]}, MARKER), (BLOCKS, ["x7"])])
def test_too_little_for_a_ladder(blocks: dict[str, list[str]], marker: list[str]) -> None:
    found = marker_test(blocks, marker, school())
    assert isinstance(found, Unavailable)
    assert "two factors and a marker of two" in found.reason


def test_harmans_share_in_closed_form() -> None:
    """p items that all correlate r: the first eigenvalue is 1 + (p − 1) r."""
    correlation = np.full((5, 5), 0.3) + 0.7 * np.eye(5)
    assert harman_share(correlation) == pytest.approx((1 + 4 * 0.3) / 5, abs=1e-12)
