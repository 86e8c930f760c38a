"""Charts say what the tables say."""

import numpy as np
import pandas as pd
import pytest

from analysis.pages import chart_groups, chart_paths, chart_probes, charts
from analysis.pages.words import words
from analysis.pipeline.result import FlowStep
from analysis.reporting.diagram import NEGATIVE, POSITIVE, UNDECIDED

SAY = words("en")


def data_of(chart):
    """Every row that a chart draws."""
    return [row for rows in chart.to_dict()["datasets"].values() for row in rows]


def slopes(a=0.4, b=0.2, va=0.01, vb=0.0025, vab=0.001, reach=1.959964):
    at = np.array([-1.0, 0.0, 1.0])
    slope, se = a + b * at, np.sqrt(va + 2 * at * vab + at**2 * vb)
    return pd.DataFrame(
        {"at": at, "slope": slope, "se": se, "ci_lower": slope - reach * se, "ci_upper": slope + reach * se}
    )


def test_the_band_of_johnson_neyman_is_exact_between_and_beyond_the_levels():
    region = {
        "predictor": "A", "moderator": "B",
        "lower": -1.5, "upper": None, "observed_min": -2, "observed_max": 2
    }  # fmt: skip
    rows = [row for row in data_of(chart_probes.johnson_neyman(slopes(), region, SAY)) if "slope" in row]
    for row in rows:
        m = row["at"]
        se = np.sqrt(0.01 + 2 * m * 0.001 + m * m * 0.0025)
        assert row["slope"] == pytest.approx(0.4 + 0.2 * m, abs=1e-9)
        assert row["ci_upper"] - row["slope"] == pytest.approx(1.959964 * se, abs=1e-9)


def test_a_bound_outside_the_range_drawn_is_not_drawn():
    region = {
        "predictor": "A", "moderator": "B",
        "lower": -9.0, "upper": 1.0, "observed_min": -2, "observed_max": 2
    }  # fmt: skip
    rows = data_of(chart_probes.johnson_neyman(slopes(), region, SAY))
    assert [row["bound"] for row in rows if "bound" in row] == [1.0]


def test_paths_carry_their_result_in_colour_and_dash():
    estimates = pd.DataFrame(
        [("y", "~", "a", 0.5, 0.001), ("y", "~", "b", -0.3, 0.01), ("y", "~", "c", 0.1, 0.4)],
        columns=["lhs", "op", "rhs", "std_all", "pvalue"],
    )
    rows = [row for row in data_of(chart_paths.path_chart(estimates, {})) if "step" in row]
    looks = {row["path"]: (row["colour"], row["dash"]) for row in rows}
    assert looks == {
        "a → y": (POSITIVE, "no"),
        "b → y": (NEGATIVE, "no"),
        "c → y": (UNDECIDED, "yes"),
    }


def test_the_flag_map_draws_the_most_flagged_first():
    flags = pd.DataFrame(
        {"respondent": list("abc"), "flag_irv": [False, True, True], "flag_speed": [False, False, True]}
    )
    chart, drawn, flagged = charts.flag_map(flags, SAY)
    assert (drawn, flagged) == (2, 2)
    assert [row["respondent"] for row in data_of(chart)][:2] == ["c", "b"]
    assert charts.flag_map(flags.assign(flag_irv=False, flag_speed=False), SAY) is None


def test_the_flow_names_who_went():
    steps = (FlowStep("read", 1200, 0, ""), FlowStep("screened", 1100, 100, ""))
    assert [row["text"] for row in data_of(charts.flow_chart(steps, SAY))] == ["1,200", "1,100 (−100)"]


def test_htmt_draws_the_lower_triangle_only():
    square = pd.DataFrame([[1.0, 0.9], [0.9, 1.0]], index=["A", "B"], columns=["A", "B"])
    rows = data_of(charts.htmt_map(square, 0.85))
    assert [(row["row"], row["column"], row["text"], row["high"]) for row in rows] == [
        ("B", "A", ".90", True)
    ]


def test_the_ladder_numbers_its_steps():
    rows = pd.DataFrame(
        {"level": ["configural", "metric"], "freed": ["", "f=~x2"], "cfi": [0.98, 0.9], "rmsea": [0.04, 0.09],
         "holds": [True, False]}
    )  # fmt: skip
    steps = [row["step"] for row in data_of(chart_groups.ladder(rows, SAY))]
    assert steps == ["1. configural", "2. metric − f=~x2"]
