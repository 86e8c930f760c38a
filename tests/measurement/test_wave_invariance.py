"""Invariance across waves: semTools' models and lavaan's fits, the search, and where nothing is told."""

import json
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from analysis import sem
from analysis.measurement.invariance_ladder import MeasurementInvariance
from analysis.measurement.wave_invariance import wave_invariance, wave_syntax
from analysis.unavailable import Unavailable

HERE = Path(__file__).parent / "reference"
REFERENCE = json.loads((HERE / "wave_invariance.json").read_text())
BLOCKS = {"f": ["y1", "y2", "y3"], "h": ["y4", "y5", "y6"]}
WAVES = ("w1", "w2", "w3")
# lavaan stops where the gradient is about 1e-4 of an estimate's error, which shows in scaled statistics
# (ratios of traces) from the fifth digit on.
RELATIVE = 1e-4
# Robust CFI and RMSEA: their bias corrections are such ratios too.
ABSOLUTE = 1e-5
# Estimates of latent means and variances against their errors of about .1.
ESTIMATE = 2e-4


@pytest.fixture(scope="module")
def data() -> pd.DataFrame:
    return pd.read_csv(HERE / "waves.csv")


@pytest.fixture(scope="module")
def found(data: pd.DataFrame) -> MeasurementInvariance:
    result = wave_invariance(BLOCKS, data, WAVES, n_min=100)
    assert isinstance(result, MeasurementInvariance)
    return result


def test_the_ladder_is_semtools_and_lavaans(found: MeasurementInvariance) -> None:
    theirs = pd.DataFrame(REFERENCE["rows"].values())
    for name in ("df", "chisq", "srmr", "chisq_diff", "df_diff", "pvalue"):
        mine = found.ladder[name].astype(float)
        assert np.allclose(mine, theirs[name], rtol=RELATIVE, equal_nan=True), name
    for name in ("cfi", "rmsea"):
        assert np.allclose(found.ladder[name], theirs[f"{name}.robust"], atol=ABSOLUTE), name


def test_the_search_finds_what_was_drawn_differently(found: MeasurementInvariance) -> None:
    assert found.freed == ("h=~y5", "y5~1", "y2~1")
    assert (found.reached, found.version) == ("strict", "robust")
    assert found.counts == {"w1": 420, "w2": 338, "w3": 268}


def test_latent_means_and_variances_are_lavaans(data: pd.DataFrame) -> None:
    syntax = wave_syntax(BLOCKS, 3, "strict", ("h=~y5", "y5~1", "y2~1"))
    fit = sem.fit(syntax, data, estimator="MLR", missing="fiml", std_lv=True, meanstructure=True)
    table = fit.estimates.set_index(["lhs", "op", "rhs"])
    for row in REFERENCE["latent"]:
        own = table.loc[(row["lhs"], row["op"], row["lhs"] if row["op"] == "~~" else "")]
        assert own["est"] == pytest.approx(row["est"], abs=ESTIMATE), row
        assert own["se"] == pytest.approx(row["se"], abs=ESTIMATE), row


def test_a_wave_too_small_to_compare_is_left_out_by_name(data: pd.DataFrame) -> None:
    few = data.copy()
    few.loc[60:, [c for c in few if c.endswith("_2")]] = np.nan
    result = wave_invariance(BLOCKS, few, WAVES, n_min=100)
    assert isinstance(result, MeasurementInvariance)
    assert list(result.counts) == ["w1", "w3"]
    assert list(result.left_out) == ["w2"]
    # y2's intercept differed in the wave that is gone.
    assert result.freed[:1] == ("h=~y5",)
    assert "y2~1" not in result.freed


@pytest.mark.parametrize(
    ("change", "says"),
    [
        (lambda d: d.iloc[:39], "fewer than two waves share 40 respondents (w1 39"),
        (lambda d: d.iloc[:85], "85 respondents are too few for the model's 87 parameters"),
        (lambda d: d.assign(y3_2=np.nan), "nobody answered y3 in wave w2"),
        (lambda d: d.assign(y3_2=d["y3_2"].where(d["y3_2"].isna(), 4.0)), "same value on y3 in wave w2"),
        (
            lambda d: d.mask(pd.DataFrame({c: (d.index < 210) == c.endswith("_1") for c in d})),
            "fewer than two waves",
        ),
    ],
)
def test_what_cannot_be_compared_says_why(data: pd.DataFrame, change: object, says: str) -> None:
    result = wave_invariance(BLOCKS, change(data), WAVES, n_min=40)  # type: ignore[operator]
    assert isinstance(result, Unavailable)
    assert says in result.reason


def test_a_level_ties_what_it_says() -> None:
    lines = wave_syntax({"f": ["a", "b", "c"]}, 2, "scalar", ("f=~b", "b~1")).splitlines()
    assert "f_2 =~ loading.f.a*a_2 + b_2 + loading.f.c*c_2" in lines
    assert "b_1 ~ 1" in lines
    assert "a_2 ~ intercept.f.a*1" in lines
    assert "a_1 ~~ a_1" in lines
    assert {"f_1 ~~ 1*f_1", "f_2 ~~ NA*f_2", "f_1 ~ 0*1", "f_2 ~ NA*1", "a_1 ~~ a_2"} <= set(lines)
