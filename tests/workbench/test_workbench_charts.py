"""Charts say what the tables say."""

import pandas as pd

from analysis.pages import chart_paths, charts
from analysis.pages.words import words
from analysis.pipeline.result import FlowStep
from analysis.reporting.diagram import NEGATIVE, POSITIVE, UNDECIDED

SAY = words("en")


def data_of(chart):
    """Every row that a chart draws."""
    return [row for rows in chart.to_dict()["datasets"].values() for row in rows]


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
