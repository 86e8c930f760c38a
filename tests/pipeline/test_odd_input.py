"""Odd answers, files and theories: figures that can be read, or the reason why there are none."""

import math
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
import theories

from analysis.cli import main
from analysis.pipeline import AnalysisResult, analyse
from analysis.pipeline.result import FittedModel
from analysis.pipeline.tables import fit_frame, path_frame
from analysis.planning.simulate import simulate
from analysis.reporting.compose import compose
from analysis.reporting.html import to_html
from questionnaire.loading import dump_study
from questionnaire.study import Study

N = 220
NUMBERS = ("estimate", "se", "ci_lower", "ci_upper")
RELIABILITIES = ("alpha", "omega", "composite_reliability", "ave")
WILD = 3.0
"""A standardised effect beyond this is no effect."""
HOLZINGER = Path(__file__).parents[2] / "data" / "examples" / "holzinger_swineford_1939.csv"


def unsound(result: AnalysisResult) -> list[str]:
    """Every figure in the main tables that is missing without a reason or cannot be true."""
    found = []
    for row in result.verdicts:
        numbers = [getattr(row, name) for name in NUMBERS]
        known = [n for n in numbers if n is not None]
        where = f"{row.hypothesis} {row.screening} {row.estimator}"
        if 0 < len(known) < 4 or not all(math.isfinite(n) and abs(n) < WILD for n in known):
            found.append(f"{where}: {numbers}")
        if not known and not row.reason:
            found.append(f"{where}: no figure and no reason")
        if not known and row.verdict in ("supported", "contradicted", "undecided"):
            found.append(f"{where}: {row.verdict} without a figure")
    troubled = {m.model for m in result.models if isinstance(m, FittedModel) and m.problems}
    paths = path_frame(result)
    found += [
        f"{row['model']} {row['lhs']} {row['op']} {row['rhs']}: {row['est']}, {row['se']}"
        for row in paths[~paths["model"].isin(troubled)].to_dict("records")
        if not (math.isfinite(row["est"]) and math.isfinite(row["se"]))
    ]
    found += [
        f"{row['model']} {name}: {row[name]}"
        for row in fit_frame(result).to_dict("records")
        for name in ("chisq", "cfi", "rmsea", "srmr")
        if not 0 <= row[name] < math.inf and row["model"] not in troubled
    ]
    for row in result.measurement.constructs.to_dict("records"):
        empty = [name for name, value in row.items() if name != "note" and pd.isna(value)]
        if empty and not row["note"]:
            found.append(f"{row['construct']}: no {', '.join(empty)} and no note")
        too_high = [name for name in RELIABILITIES if row[name] is not None and row[name] > 1]
        found += [f"{row['construct']}: {name} is {row[name]}" for name in too_high]
    return found


def analysed(study: Study, table: pd.DataFrame) -> AnalysisResult:
    result = analyse(study, table, seed=1, bootstrap=0)
    to_html(compose(result, "zh-CN"))
    return result


@pytest.fixture(scope="module")
def three() -> Study:
    return theories.capitals(3, products=False, missing="fiml")


def constant(table: pd.DataFrame) -> None:
    table["W0i0"] = 4


def constant_facet(table: pd.DataFrame) -> None:
    table[["W0i0", "W0i1", "W0i2"]] = 4


def copied_facet(table: pd.DataFrame) -> None:
    table[["W1i0", "W1i1", "W1i2"]] = table[["W0i0", "W0i1", "W0i2"]].to_numpy()


def copied_item(table: pd.DataFrame) -> None:
    table["y2"] = table["y1"]


def turned_facet(table: pd.DataFrame) -> None:
    table[["W1i0", "W1i1", "W1i2"]] = 6 - table[["W1i0", "W1i1", "W1i2"]]


def one_turned_item(table: pd.DataFrame) -> None:
    table["F1i0"] = 6 - table["F1i0"]


def extremes(table: pd.DataFrame) -> None:
    for name in table.filter(regex=r"^[WFL]\d+i\d+$|^y\d$"):
        table[name] = (table[name] > 3).astype("Int64") * 4 + 1


def no_outcome(table: pd.DataFrame) -> None:
    table[["y1", "y2", "y3"]] = pd.NA


def no_facet(table: pd.DataFrame) -> None:
    table[["F0i0", "F0i1", "F0i2"]] = pd.NA


def never_together(table: pd.DataFrame) -> None:
    half = len(table) // 2
    table.loc[: half - 1, ["W0i0", "W0i1", "W0i2"]] = pd.NA
    table.loc[half:, ["L2i0", "L2i1", "L2i2"]] = pd.NA


def mostly_missing_facet(table: pd.DataFrame) -> None:
    names = ["F0i0", "F0i1", "F0i2"]
    table[names] = table[names].mask(np.random.default_rng(3).random((len(table), 3)) < 0.8)


def one_name(table: pd.DataFrame) -> None:
    table["respondent"] = "the same"


ODD = {
    constant: "no_variance",
    constant_facet: "no_variance",
    copied_facet: "gate",
    copied_item: "",
    turned_facet: "gate",
    one_turned_item: "gate",
    extremes: "",
    no_outcome: "construct_missing",
    no_facet: "construct_missing",
    never_together: "never_observed_together",
    mostly_missing_facet: "gate",
    one_name: "repeated_respondents",
}


@pytest.mark.parametrize(("change", "finding"), ODD.items(), ids=[change.__name__ for change in ODD])
def test_odd_answers(three: Study, change: Callable[[pd.DataFrame], None], finding: str) -> None:
    table = simulate(three, N, 1)
    change(table)
    result = analysed(three, table)
    assert unsound(result) == []
    assert not finding or finding in {f.code for f in result.findings}


@pytest.mark.parametrize("rows", [4, 15, 40])
def test_few_respondents(three: Study, rows: int) -> None:
    result = analysed(three, simulate(three, rows, 1))
    assert unsound(result) == []
    assert "small_sample" in {f.code for f in result.findings}


THEORIES = {
    "two capitals": lambda: theories.capitals(2, facets=3, items=2),
    "four capitals, Japanese": lambda: theories.capitals(4, items=2, products=False, language="ja"),
    "yes and no": lambda: theories.capitals(3, facets=2, items=2, points=2, products=False),
    "one facet each": lambda: theories.capitals(3, facets=1, products=False),
    "GLS": lambda: theories.capitals(3, products=False, estimator="GLS"),
    "ULS": lambda: theories.capitals(3, products=False, estimator="ULS"),
    "MLM": lambda: theories.capitals(3, products=False, estimator="MLM"),
    "WLSMV": lambda: theories.capitals(3, products=False, estimator="WLSMV"),
    "single items": lambda: theories.study_of(
        {"A": ["a"], "B": ["b"], "Z": ["z"]},
        {"M": "Z ~ p*A + q*B", "N": "Z ~ p*A"},
        [{"code": "H", "estimand": "p", "rival": "N"}],
    ),
}


@pytest.mark.parametrize("name", THEORIES)
def test_other_theories(name: str) -> None:
    study = THEORIES[name]()
    assert unsound(analysed(study, simulate(study, N, 2))) == []


def test_real_answers_of_a_study_written_for_them(tmp_path: Path) -> None:
    study = theories.study_of(
        {"visual": ["x1", "x2", "x3"], "speed": ["x7", "x8", "x9"], "textual": ["x4", "x5", "x6"]},
        {"M": "textual ~ a*visual + b*speed", "CHAIN": "speed ~ c*visual\ntextual ~ b*speed + a*visual"},
        [{"code": "H", "estimand": "a", "rival": "CHAIN"}],
        points=10,
    )
    table = pd.read_csv(HOLZINGER)
    scores = [f"x{k}" for k in range(1, 10)]
    result = analysed(study, table.assign(**{x: table[x].round().clip(1, 10) for x in scores}))
    assert unsound(result) == []
    assert result.flow[-1].n == 301
    # As they are the tests' scores are no answers on a scale, and the message says which and where.
    path = tmp_path / "study.yaml"
    path.write_text(dump_study(study), encoding="utf-8")
    assert main(["analyse", str(path), str(HOLZINGER), "--out", str(tmp_path / "out")]) == 1
    assert not (tmp_path / "out").exists()


def test_two_processes_find_what_one_finds() -> None:
    study = theories.capitals(2, items=2)
    table = simulate(study, N, 3)
    one, two = (analyse(study, table, seed=1, bootstrap=0, processes=k) for k in (1, 2))
    assert one.verdicts == two.verdicts
    pd.testing.assert_frame_equal(path_frame(one), path_frame(two))
    pd.testing.assert_frame_equal(fit_frame(one), fit_frame(two))
